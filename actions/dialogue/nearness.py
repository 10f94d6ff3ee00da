"""What stands near the last answer in the plan is likelier meant by words that lean on it."""

from __future__ import annotations

from knowledge.catalogue.commitments import Commitment
from knowledge.search.finding import Candidate, Finding

# How much likelier a follow-up means what stands in the same sentence, or under the same heading, as the last answer.
SAME_SENTENCE, SAME_HEADING, NEAR_FROM = 4.0, 1.5, 0.2


def near(finding: Finding, subject: Commitment) -> tuple[Candidate, ...]:
    """The candidates but the subject, what stands near it in the plan first; () if none is likely."""
    scored = [
        (candidate.probability * _bonus(candidate.commitment, subject), candidate)
        for candidate in finding.candidates
        if candidate.commitment.id != subject.id and candidate.commitment.topic == subject.topic
    ]
    scored.sort(key=lambda pair: -pair[0])
    return tuple(c for _, c in scored) if scored and scored[0][0] >= NEAR_FROM else ()


def _bonus(commitment: Commitment, subject: Commitment) -> float:
    if commitment.quote == subject.quote:
        return SAME_SENTENCE
    return SAME_HEADING if under_one_heading(commitment, subject) else 1.0


def under_one_heading(one: Commitment, other: Commitment) -> bool:
    """Whether two stand under the same heading of the plan."""
    return (one.passage.section, one.passage.heading) == (other.passage.section, other.passage.heading)
