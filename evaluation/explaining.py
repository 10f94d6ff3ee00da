"""Why a question got its answer: the finder's own probabilities and signals, for the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import process_time

from evaluation.questions import EvaluationQuestion
from knowledge.document.plan_text import squash
from knowledge.search.finder import Finder

SHOWN = 3
_SIGNALS = ("sample_projected", "sample_vector", "headline_vector", "document_characters", "keywords", "topic")


@dataclass(frozen=True)
class Explanation:
    """Probabilities of a question by itself (the turns before it left out), and its candidates with their signals.

    `cpu_ms` is the CPU time of understanding and finding: normalising, sentence vector, NLU's view, ranking, outcome.
    """

    understood: str
    answerable: float
    silence: float
    first_right: bool
    candidates: tuple[str, ...]
    cpu_ms: float


def explain(finder: Finder, question: EvaluationQuestion) -> Explanation:
    """Find once more, in this process, with the knowledge that the bot serves."""
    begin = process_time()
    finding = finder.find(question.question)
    cpu_ms = (process_time() - begin) * 1000
    quotes = [squash(c.commitment.quote) for c in finding.candidates[:1]]
    right = any(squash(run) in quote for run in question.expect for quote in quotes)
    lines = tuple(
        f"{c.probability:.2f} {c.commitment.title}（{'，'.join(f'{name} {c.signals[name]:.2f}' for name in _SIGNALS)}）"
        for c in finding.candidates[:SHOWN]
    )
    return Explanation(finding.understood.text, finding.answerable, finding.silence, right, lines, cpu_ms)


def calibration_points(
    questions: Sequence[EvaluationQuestion], explanations: Sequence[Explanation]
) -> list[tuple[float, bool]]:
    """(answerable probability, whether the first was right) of the single-turn questions that are answered or refused."""
    asked = ("answered", "not_in_plan", "out_of_scope")
    return [
        (explanation.answerable, explanation.first_right)
        for question, explanation in zip(questions, explanations)
        if not question.before and question.outcome in asked and explanation.candidates
    ]
