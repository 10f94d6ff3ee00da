"""Sums and differences: of one kind of thing only, and never of shares."""

from __future__ import annotations

import pytest

from knowledge.document.figures import Figure
from knowledge.reply.arithmetic import calculation, figure_asked_of
from tests.actions.findings import BEDS, CANTEENS, figure

PARK = Figure("公园", 5.0, "个", 2025, "")
MANY = Figure("岗位", 10.3, "万个", 2020, "")
SHARE = Figure("占比", 60.0, "%", 2025, "")


@pytest.mark.parametrize(
    ("figures", "is_difference", "formula"),
    [
        ((figure(9500.0), figure(550.0)), False, "9500 + 550 = 10050 张"),
        ((figure(550.0), figure(9500.0)), True, "9500 − 550 = 8950 张"),
        ((PARK, MANY), False, "5 + 103000 = 103005 个"),
        ((MANY, MANY, MANY), False, "10.3 + 10.3 + 10.3 = 30.9 万个"),
    ],
)
def test_amounts_of_one_kind(figures: tuple[Figure, ...], is_difference: bool, formula: str) -> None:
    """In the unit that they are written in, in single ones where the units differ by ten thousand."""
    found = calculation(figures, is_difference=is_difference)
    assert found is not None and found.formula == formula


@pytest.mark.parametrize("figures", [(figure(1.0), PARK), (SHARE, SHARE)])
def test_other_numbers_are_not_put_together(figures: tuple[Figure, ...]) -> None:
    """Two kinds of things; two shares."""
    assert calculation(figures, is_difference=False) is None


def test_the_number_is_the_headlines() -> None:
    """None where it has none."""
    assert figure_asked_of(BEDS, "") == figure(9500.0)
    assert figure_asked_of(CANTEENS, "") is None
