"""Reading the question sets `questions.yml` (frozen: never tuned on) and `dev.yml` (for tuning)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from knowledge.groundwork.curated_yaml import load_mapping

FOLDER = Path(__file__).resolve().parent
FROZEN = FOLDER / "questions.yml"
DEV = FOLDER / "dev.yml"


@dataclass(frozen=True)
class EvaluationQuestion:
    """A question, the turns before it, and what is right: the outcome, and runs of text of which the first citation holds one."""

    id: str
    kind: str
    topic: str | None
    question: str
    before: tuple[str, ...]
    outcome: str
    expect: tuple[str, ...]


def load_questions(path: Path = FROZEN) -> list[EvaluationQuestion]:
    """All questions of a set, in the file's order. Raises `CatalogueError` if it cannot be read."""
    data, _ = load_mapping(path)
    return [
        EvaluationQuestion(
            id=str(item["id"]),
            kind=str(item["kind"]),
            topic=item.get("topic"),
            question=str(item["question"]),
            before=tuple(str(turn) for turn in item.get("before") or ()),
            outcome=str(item["outcome"]),
            expect=tuple(str(run) for run in item.get("expect") or ()),
        )
        for item in data["questions"]
    ]
