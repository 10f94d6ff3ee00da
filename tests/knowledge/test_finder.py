"""What comes first for a question, beyond what the ranking's weights say."""

from __future__ import annotations

import pytest

from knowledge.answer import Outcome
from knowledge.decide import decide
from knowledge.finder import Finder


def test_a_sample_question_reaches_its_commitment(finder: Finder) -> None:
    """Asked in the catalogue's own words, nothing is guessed: its commitment answers."""
    asked = [(c, c.questions[-1]) for c in finder.stored.commitments if c.questions][::9]
    wrong = []
    for commitment, question in asked:
        finding = finder.find(question)
        if (
            finding.candidates[0].commitment.quote != commitment.quote
            or decide(finding).outcome is not Outcome.ANSWERED
        ):
            wrong.append((question, finding.candidates[0].commitment.title))
    assert len(asked) > 100
    assert len(wrong) <= len(asked) // 50, wrong  # the same words may stand for two commitments


@pytest.mark.parametrize("question", ["公租房", "以后公租房还造吗"])
def test_the_promise_comes_before_the_review(finder: Finder, question: str) -> None:
    """A bare name, or a question for what is to come, is answered by what the plan promises."""
    assert finder.find(question).candidates[0].commitment.kind != "baseline"


def test_the_past_is_answered_by_the_review(finder: Finder) -> None:
    """Asked how it was, the review of the last five years answers."""
    first = finder.find("十三五期间公租房筹措了多少套").candidates[0].commitment
    assert first.kind == "baseline" and "2905" in first.quote.replace(" ", "")
