"""The years and the name of a plan, and of the one before it, tell the time that a question asks of."""

from __future__ import annotations

import pytest

from actions.dialogue.pointing import points_at_the_past
from knowledge.language.question import amount_asked_of, read_question

FOURTEENTH, FIFTEENTH, OTHER = (2021, 2025), (2026, 2030), (2012, 2015)


@pytest.mark.parametrize(
    ("text", "period", "asks"),
    [
        ("2025年床位多少张", FOURTEENTH, {"future"}),
        ("2025年床位多少张", None, {"future"}),
        ("2025年床位多少张", FIFTEENTH, {"past"}),
        ("2030年床位多少张", FIFTEENTH, {"future"}),
        ("2030年床位多少张", FOURTEENTH, set()),
        ("2015年床位多少张", OTHER, {"future"}),
        ("2011年床位多少张", OTHER, {"past"}),
        ("十四五床位多少张", FIFTEENTH, {"past"}),
        ("十五五床位多少张", FIFTEENTH, {"future"}),
        ("床位比2025年多吗", FIFTEENTH, {"comparison"}),
        ("床位比2020年多吗", FOURTEENTH, {"comparison"}),
    ],
)
def test_then_and_by_then(text: str, period: tuple[int, int] | None, asks: set[str]) -> None:
    """Of a plan until 2030 the year 2025 was before it, and of one until 2025 it is the aim."""
    assert read_question(text, {}, period).asks & {"past", "future", "comparison"} == asks


def test_what_leans_on_an_answer_too() -> None:
    """「2025年呢」 asks of the time before, where the answer was of a plan that begins in 2026."""
    assert points_at_the_past("2025年呢", FIFTEENTH) and not points_at_the_past("2025年呢", FOURTEENTH)
    assert points_at_the_past("2020年呢", FOURTEENTH) and points_at_the_past("十三五呢", None)
    assert points_at_the_past("原来呢", OTHER)


def test_how_much_by_the_end_of_it() -> None:
    """A plan's own name stands before the amount."""
    assert amount_asked_of("养老床位十五五末要有多少张", FIFTEENTH) == "养老床位"
    assert amount_asked_of("养老床位十四五末要有多少张") == "养老床位"
    assert amount_asked_of("养老床位十五五末要有多少张") != "养老床位"
