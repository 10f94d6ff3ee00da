"""Years and amounts of an English question."""

from __future__ import annotations

import pytest

from knowledge.language.english_numbers import english_numbers


@pytest.mark.parametrize(
    ("text", "years", "amounts"),
    [
        ("how many beds by 2025", (2025,), ()),
        ("in 2018，were there 9，500 beds", (2018,), (9500.0,)),  # as the normaliser writes it
        ("20,000 beds", (), (20000.0,)),
        ("20000 beds", (), (20000.0,)),
        ("2 million square metres, 60.5% of them", (), (2e6, 60.5)),
        ("beds", (), ()),
    ],
)
def test_a_year_is_no_amount(text: str, years: tuple[int, ...], amounts: tuple[float, ...]) -> None:
    """Thousands are read with their commas."""
    assert english_numbers(text) == (years, amounts)
