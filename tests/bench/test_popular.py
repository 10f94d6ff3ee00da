"""The load where many ask the same."""

from __future__ import annotations

from collections import Counter

import pytest

from bench.popular import popular


def test_the_nth_question_is_asked_one_nth_as_often() -> None:
    """Drawn alike every time; of two thousand, a tenth of the messages is the first one's share, within chance."""
    questions = [f"question {number}" for number in range(2000)]
    drawn = popular(questions, 20_000)
    asked = Counter(drawn)
    assert drawn == popular(questions, 20_000)
    assert asked["question 0"] / 20_000 == pytest.approx(1 / 8.18, rel=0.1)
    assert asked["question 0"] / asked["question 9"] == pytest.approx(10, rel=0.25)
    assert 1200 < len(asked) <= 2000
