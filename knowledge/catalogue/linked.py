"""Questions that staff linked to a commitment: `knowledge/sources/training/linked_questions.yml`, further samples of it.

The console's export writes the file (`review/teaching/`); people may edit it. A commitment is named by its id, so that
one which nobody curated can have questions too; `headline` is there for readers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from knowledge.catalogue.commitments import Commitment
from knowledge.groundwork.curated_yaml import line_of, load_mapping
from knowledge.groundwork.errors import CatalogueError
from knowledge.language.question import same_words

MAX_LINKED_CHARS = 200  # as a reviewer may write; the catalogue's own questions are shorter


@dataclass(frozen=True)
class LinkedQuestions:
    """The questions of one commitment, and where they stand."""

    path: Path
    line: int
    commitment_id: str
    headline: str
    questions: tuple[str, ...]


def load_linked(path: Path) -> list[LinkedQuestions]:
    """Every entry in the file's order; none without a file.

    Raises `CatalogueError` (file, line, mend) for a missing id, a wrong type, or a question that stands twice.
    """
    if not path.exists():
        return []
    data, lines = load_mapping(path)
    items = data.get("commitments") or []
    if not isinstance(items, list):
        raise CatalogueError(path, lines.get("commitments", 1), "commitments 不是列表", "每条承诺一项，以 - 开头")
    entries = [_entry(path, item) for item in items]
    _refuse_duplicates(entries)
    return entries


def _entry(path: Path, item: Any) -> LinkedQuestions:
    line = line_of(item)
    if not isinstance(item, dict) or not isinstance(item.get("id"), str):
        raise CatalogueError(path, line, f"这一条没有承诺编号 id：{item!r}", "写成 id、headline、questions 各一行")
    questions = item.get("questions") or []
    if not isinstance(questions, list) or not all(isinstance(q, str) and q.strip() for q in questions):
        raise CatalogueError(path, line_of(item, "questions"), "questions 里有一项不是文字", "每项一行，加上引号")
    for at, question in enumerate(questions):
        if len(question) > MAX_LINKED_CHARS:
            what = f"问题有 {len(question)} 字"
            raise CatalogueError(path, line_of(questions, at), what, f"缩到 {MAX_LINKED_CHARS} 字以内")
    return LinkedQuestions(path, line, item["id"], str(item.get("headline") or ""), tuple(q.strip() for q in questions))


def _refuse_duplicates(entries: Sequence[LinkedQuestions]) -> None:
    seen: dict[str, LinkedQuestions] = {}
    for entry in entries:
        for question in entry.questions:
            earlier = seen.setdefault(same_words(question), entry)
            if earlier is not entry or entry.questions.count(question) > 1:
                what = f"问题「{question}」与第 {earlier.line} 行的一条重复"
                raise CatalogueError(entry.path, entry.line, what, "只留在能回答它的那一条里")


def with_linked(commitments: Iterable[Commitment], linked: Sequence[LinkedQuestions]) -> list[Commitment]:
    """The commitments with their linked questions after their own.

    A person's link wins: a question that the catalogue gives to another commitment is not that one's sample any more.
    Raises `CatalogueError` for a commitment that this plan has not.
    """
    found = list(commitments)
    known = {commitment.id for commitment in found}
    owner: dict[str, str] = {}
    for entry in linked:
        if entry.commitment_id not in known:
            raise CatalogueError(
                entry.path,
                entry.line,
                f"规划里没有编号 {entry.commitment_id} 的承诺（{entry.headline or '没有写要点'}）",
                "原文或整理改过，编号就变了：按要点在审核台找到它的新编号填上，或删去这一条",
            )
        owner |= {same_words(question): entry.commitment_id for question in entry.questions}
    more = {entry.commitment_id: entry.questions for entry in linked}
    return [_with(commitment, more.get(commitment.id, ()), owner) for commitment in found] if linked else found


def _with(commitment: Commitment, more: Sequence[str], owner: dict[str, str]) -> Commitment:
    own = [q for q in commitment.questions if owner.get(same_words(q), commitment.id) == commitment.id]
    return replace(commitment, questions=tuple(dict.fromkeys([*own, *more])))
