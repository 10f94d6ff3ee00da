"""What the log learns of how an answer was found; it travels beside the answer and never reaches a resident."""

from __future__ import annotations

from typing import Any

from knowledge.search.finding import Candidate, Finding
from knowledge.search.signals import SIGNALS

CANDIDATES = 10  # as many as the log keeps
DIGITS = 3  # of signals and probabilities: enough to compare, half the bytes


def trace_of(finding: Finding | None, knowledge: str, answer_ms: float, step: str = "") -> dict[str, Any]:
    """JSON-ready: candidates with the signals that spoke for them, probabilities, each stage's time, the step that spoke.

    `find` is the search that decided; `compose` is all else that the action did, further searches included (both ms).
    """
    find_ms = finding.took_ms if finding else 0.0
    trace: dict[str, Any] = {
        "knowledge": knowledge,
        "stages_ms": {"find": round(find_ms, 2), "compose": round(max(0.0, answer_ms - find_ms), 2)},
    }
    if finding:
        trace |= {
            "answerable": round(finding.answerable, DIGITS),
            "silence": round(finding.silence, DIGITS),
            "aspect": finding.aspect,
            "candidates": [_candidate(candidate) for candidate in finding.candidates[:CANDIDATES]],
        }
    if step:
        trace["step"] = step
    return trace


def _candidate(candidate: Candidate) -> dict[str, Any]:
    signals = {name: round(candidate.signals[name], DIGITS) for name in SIGNALS if name in candidate.signals}
    return {
        "commitment_id": candidate.commitment.id,
        "probability": round(candidate.probability, DIGITS),
        "signals": {name: value for name, value in signals.items() if value},
    }
