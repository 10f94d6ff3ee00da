"""Reading `perturbed.yml`: frozen questions with a slip of typing or speech in each, written by `scripts/perturb.py`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from evaluation.questions import EvaluationQuestion
from knowledge.groundwork.curated_yaml import load_mapping

PERTURBED = Path(__file__).resolve().parent / "perturbed.yml"
SLIPS = ("homophone", "near", "dropped", "swapped", "doubled", "filler")


@dataclass(frozen=True)
class PerturbedQuestion:
    """The id of a frozen question, the kind of slip (one of `SLIPS`) and the question with it."""

    of: str
    slip: str
    text: str

    def asked_of(self, question: EvaluationQuestion) -> EvaluationQuestion:
        """What is asked instead of the frozen question: the same is right."""
        return replace(question, question=self.text, kind=self.slip)


def load_perturbed(path: Path = PERTURBED) -> list[PerturbedQuestion]:
    """All of them, in the file's order. Raises `CatalogueError` if it cannot be read."""
    return [
        PerturbedQuestion(str(item["of"]), str(item["slip"]), str(item["text"]))
        for item in load_mapping(path)[0]["messages"]
    ]
