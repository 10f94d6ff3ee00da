"""What the action server tells the log."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

from actions.trace import trace_of

FOUND = (
    '{"knowledge": "k-1", "stages_ms": {"find": 12.35, "compose": 7.65}, "answerable": 0.912, "silence": 0.05, '
    '"aspect": "", "candidates": [{"commitment_id": "c-0", "probability": 0.703, "signals": {"headline_vector": 1.0, '
    '"sample_projected": 3.2}}]}'
)
NOTHING_SEARCHED = '{"knowledge": "k-1", "stages_ms": {"find": 0.0, "compose": 1.0}}'


def finding(candidates: int) -> Any:
    """As much of a finding as is told, with a signal that says nothing and one that is nobody's."""
    signals = {"sample_vector": 0.0001, "sample_projected": 3.20049, "headline_vector": 1.0, "other": 2.0}
    found = [
        SimpleNamespace(commitment=SimpleNamespace(id=f"c-{number}"), probability=0.7031, signals=signals)
        for number in range(candidates)
    ]
    return SimpleNamespace(took_ms=12.3456, answerable=0.91239, silence=0.05, aspect="", candidates=tuple(found))


def test_a_trace_is_the_same_bytes_as_ever() -> None:
    """Another process reads it, of another version at times: names, order and digits stay, and what is not known is left out."""
    assert json.dumps(trace_of(finding(1), "k-1", 20.0).as_metadata()) == FOUND
    assert json.dumps(trace_of(None, "k-1", 1.0).as_metadata()) == NOTHING_SEARCHED


def test_only_the_first_candidates_are_told() -> None:
    """Ten show why the first one won."""
    told = trace_of(finding(30), "k-1", 20.0).as_metadata()["candidates"]
    assert [candidate["commitment_id"] for candidate in told] == [f"c-{number}" for number in range(10)]
