"""Commitments as next questions: which are good first ones, and what is asked when one is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.topics import FOUR_TOPICS


def payload_of(commitment: Commitment) -> str:
    """A question that leads to the commitment: its first sample question, or its title."""
    return commitment.questions[0] if commitment.questions else commitment.title


def first_of_topics(commitments: Sequence[Commitment]) -> list[Commitment]:
    """A good first one of each of the four topics, in their order: a measured target, else the first that is curated."""
    found = []
    for topic in FOUR_TOPICS:
        curated = [c for c in commitments if c.topic == topic and c.curated]
        best = next((c for c in curated if c.kind == "target"), None) or next(iter(curated), None)
        if best:
            found.append(best)
    return found
