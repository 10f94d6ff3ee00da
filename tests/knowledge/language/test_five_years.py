"""Which five-year plan comes after a plan."""

from __future__ import annotations

import pytest

from actions.dialogue.steps.next_plan import is_next_plan_alone, without_next_plan
from knowledge.language.five_years import five_years_after, five_years_of


@pytest.mark.parametrize(
    ("last_year", "name", "years"),
    [
        (2025, "十五五", (2026, 2030)),
        (2030, "十六五", (2031, 2035)),
        (2028, "十六五", (2031, 2035)),
        (2055, "二十一五", (2056, 2060)),
        (None, "十五五", (2026, 2030)),
        (2012, "十五五", (2026, 2030)),
    ],
)
def test_the_plan_after(last_year: int | None, name: str, years: tuple[int, int]) -> None:
    """The first that begins after it, but never one that is over."""
    found = five_years_after(last_year)
    assert (found.name, (found.first, found.last)) == (name, years)


def test_a_plan_does_not_take_itself_for_the_next_one() -> None:
    """Of a plan to 2030 「十五五」 is the plan itself, and 「十六五」 the one after."""
    assert is_next_plan_alone("十五五规划呢", 2025) and not is_next_plan_alone("十五五规划呢", 2030)
    assert is_next_plan_alone("十六五规划呢", 2030) and is_next_plan_alone("the 16th five-year plan?", 2030)
    assert without_next_plan("十五五养老床位有多少", 2025) == "养老床位有多少"
    assert without_next_plan("十五五养老床位有多少", 2030) is None
    assert without_next_plan("十六五养老床位有多少", 2030) == "养老床位有多少"
    assert without_next_plan("2031年的新规划里绿道多少", 2030) and not without_next_plan("2028年绿道多少", 2030)
    assert is_next_plan_alone("下一个规划呢", 2060), "whatever it is called"


@pytest.mark.parametrize(
    ("last_year", "name"), [(2025, "十四五"), (2021, "十四五"), (2030, "十五五"), (2015, "十二五"), (None, "十四五")]
)
def test_the_plan_in_which_a_year_falls(last_year: int | None, name: str) -> None:
    """Counted from the fourteenth, forwards and back."""
    assert five_years_of(last_year).name == name
