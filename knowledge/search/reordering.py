"""Candidates in another order than the ranking's, where something else than likeness says which comes first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from knowledge.catalogue.commitments import Commitment
from knowledge.search.finding import CURATED, Candidate

REVIEW_SHARE = 0.15  # probability from which what the plan promises is shown before what it says of the past
SHOWN = 10  # candidates in a finding: enough for buttons, review and reports


def curated_first(found: tuple[Candidate, ...], commitment: Commitment) -> tuple[Candidate, ...]:
    """A commitment that somebody named as the answer, and what was found beside it, at most `SHOWN`."""
    own = next((c for c in found if c.commitment.id == commitment.id), None)
    signals = own.signals if own else found[0].signals
    rest = tuple(replace(c, probability=c.probability * (1 - CURATED)) for c in found if c is not own)
    return (Candidate(commitment, CURATED, signals), *rest)[:SHOWN]


def plan_before_review(found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """The future is asked for, or nothing but a name: the review of the last years gives way to a likely promise."""
    if found[0].commitment.kind != "baseline":
        return found
    promised = next((c for c in found if c.commitment.kind in ("target", "action", "indicator")), None)
    if promised is None or promised.probability < REVIEW_SHARE:
        return found
    ahead = replace(promised, probability=found[0].probability)
    return (ahead, *(c for c in found if c is not promised))


def target_before_its_baseline(
    found: tuple[Candidate, ...], commitments: Sequence[Commitment]
) -> tuple[Candidate, ...]:
    """Asked how much more it becomes: where the figure of then comes first, the target that is compared with it does."""
    first = found[0]
    if first.commitment.kind != "baseline":
        return found
    by_id = {c.commitment.id: c for c in found}
    for target in commitments:
        if any(identifier == first.commitment.id for _, identifier, _ in target.baselines) and target.curated:
            moved = by_id.get(target.id) or Candidate(target, 0.0, first.signals)
            ahead = Candidate(moved.commitment, first.probability, moved.signals)
            return (ahead, *(c for c in found if c.commitment.id != target.id))
    return found
