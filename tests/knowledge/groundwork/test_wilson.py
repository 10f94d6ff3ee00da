"""The interval of a share, by hand."""

from __future__ import annotations

import pytest

from knowledge.groundwork.wilson import wilson_interval


@pytest.mark.parametrize(
    ("found", "of", "interval"),
    [(8, 10, (0.4902, 0.9433)), (0, 5, (0.0, 0.4345)), (5, 5, (0.5655, 1.0))],
)
def test_an_interval_by_hand(found: int, of: int, interval: tuple[float, float]) -> None:
    """Wilson's for 8 of 10 is 49.0 to 94.3 %; of none and of all it is no point."""
    assert wilson_interval(found, of) == pytest.approx(interval, abs=1e-4)
