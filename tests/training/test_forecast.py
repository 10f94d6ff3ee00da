"""How far a row of stages is, judged by how long each took the last time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.forecast import Forecast, read_line

EXPECTED = {"export": 10.0, "knowledge": 60.0, "model": 30.0}


def test_stages_weigh_what_they_took() -> None:
    """Half of the longest stage is a good third of everything; the time left follows the pace of today."""
    forecast = Forecast(EXPECTED, began=100.0)
    assert forecast.share == 0 and forecast.remaining_s(100.0) == 100.0
    forecast.see("export", 1, 1, 120.0)
    forecast.see("knowledge", 0, 100, 120.0)
    forecast.see("knowledge", 50, 100, 180.0)
    assert forecast.share == pytest.approx(0.4)
    assert forecast.remaining_s(180.0) == pytest.approx(60 * 2)  # twice as slow as ever


def test_a_stage_with_nothing_to_do_is_passed() -> None:
    """Work that was current counts as done, and its zero seconds are not taken for a measurement."""
    forecast = Forecast(EXPECTED)
    forecast.see("knowledge", 0, 1000, 0.5)
    forecast.see("knowledge", 0, 0, 1.0)
    forecast.see("model", 0, 30, 1.0)
    forecast.see("model", 30, 30, 46.0)
    assert forecast.share == 1.0
    assert forecast.measured() == {"export": 10.0, "knowledge": 60.0, "model": 45.0}


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c", "new"]), st.integers(0, 9), st.integers(0, 9))))
def test_a_share_never_falls_and_never_passes_the_whole(lines: list[tuple[str, int, int]]) -> None:
    """Whatever a stage prints."""
    forecast, last = Forecast({"a": 1.0, "b": 0.0, "c": 5.0}), 0.0
    for at, (stage, done, total) in enumerate(lines):
        forecast.see(stage, done, total, float(at))
        assert last <= forecast.share <= 1.0
        assert forecast.remaining_s(float(at)) >= 0
        last = forecast.share


def test_only_whole_progress_lines_are_read() -> None:
    """Anything else is text for people."""
    assert read_line("PROGRESS model 3 90") == ("model", 3, 90)
    for line in ("PROGRESS model 3", "PROGRESS model x 90", "progress model 3 90", "", "PROGRESS a -1 2"):
        assert read_line(line) is None
