"""What the log learns of how an answer was found; it travels beside the answer and never reaches a resident."""

from __future__ import annotations

from knowledge.search.finding import Candidate, Finding
from knowledge.search.signals import SIGNALS
from wire.trace import MAX_CANDIDATES, Trace, TurnCandidate

DIGITS = 3  # of signals and probabilities: enough to compare, half the bytes


def trace_of(finding: Finding | None, knowledge: str, answer_ms: float, step: str = "") -> Trace:
    """The trace of an answer that took `answer_ms`, and of the step that spoke; without a finding, nothing was searched."""
    find_ms = finding.took_ms if finding else 0.0
    stages_ms = {"find": round(find_ms, 2), "compose": round(max(0.0, answer_ms - find_ms), 2)}
    if finding is None:
        return Trace(knowledge, stages_ms, step=step or None)
    return Trace(
        knowledge,
        stages_ms,
        answerable=round(finding.answerable, DIGITS),
        silence=round(finding.silence, DIGITS),
        aspect=finding.aspect,
        step=step or None,
        candidates=[_candidate(candidate) for candidate in finding.candidates[:MAX_CANDIDATES]],
    )


def _candidate(candidate: Candidate) -> TurnCandidate:
    signals = {name: round(candidate.signals[name], DIGITS) for name in SIGNALS if name in candidate.signals}
    said = {name: value for name, value in signals.items() if value}
    return TurnCandidate(candidate.commitment.id, round(candidate.probability, DIGITS), said)
