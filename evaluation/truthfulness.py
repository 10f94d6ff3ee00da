"""What came of a message, and how truthful the replies to many are.

A right answer is worth what a wrong one costs, a refusal costs nothing where there is an answer, and is right where there
is none: truthfulness as CRAG counts it (Yang et al., NeurIPS 2024), from -1 to 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from knowledge.catalogue.commitments import Commitment
from knowledge.document.plan_text import squash
from knowledge.reply.answer import Answer, Outcome
from knowledge.reply.offering import payload_of

# The harm first. wrong: another passage is shown first, or one where the plan is silent. right: the passage that answers,
# or what was wanted of a turn that asks nothing. offered: a choice, one of which answers. half: one of two questions.
# beside: the right passage, not first. refused: where the plan is silent. missed: refused although it answers. other:
# another choice, small talk, a request for staff.
CAME = ("wrong", "right", "offered", "half", "beside", "refused", "missed", "other")
GOOD = ("right", "refused")
WORTH: Mapping[str, float] = {"wrong": -1.0, "right": 1.0, "offered": 0.5, "half": 0.5, "refused": 1.0}


class OfferedPassages:
    """Choices of a clarification, back to the passages that they lead to."""

    def __init__(self, quotes: Mapping[str, Sequence[str]]) -> None:
        self._quotes = quotes

    @classmethod
    def of(cls, commitments: Iterable[Commitment]) -> OfferedPassages:
        """Of everything that the plan commits to."""
        quotes: dict[str, list[str]] = {}
        for commitment in commitments:
            quotes.setdefault(payload_of(commitment), []).append(squash(commitment.quote))
        return cls(quotes)

    def quotes(self, payloads: Iterable[str]) -> tuple[str, ...]:
        """The passages behind choices; none for a choice that leads to no single one."""
        return tuple(quote for payload in payloads for quote in self._quotes.get(payload, ()))


@dataclass(frozen=True)
class ShownReply:
    """A reply as far as a verdict reads it: squashed quotes, most relevant first, and those of the choices offered."""

    outcome: Outcome
    quotes: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    text: str = ""

    @classmethod
    def of(cls, answer: Answer, offers: OfferedPassages) -> ShownReply:
        """What an answer shows."""
        quotes = tuple(squash(citation.quote) for citation in answer.citations)
        offered = offers.quotes(choice.payload for choice in answer.related)
        return cls(answer.outcome, quotes, offered if answer.outcome is Outcome.CLARIFY else (), answer.text)


def holds(quotes: Iterable[str], runs: Sequence[str]) -> bool:
    """Whether one of the quotes has one of the runs of text in it."""
    return any(run in quote for quote in quotes for run in runs)


def truthfulness(came: Sequence[str]) -> float:
    """The mean worth of what came; 0 of nothing."""
    return sum(worths(came)) / max(1, len(came))


def worths(came: Iterable[str]) -> list[float]:
    """What each is worth."""
    return [WORTH.get(each, 0.0) for each in came]


@dataclass(frozen=True)
class RiskCoverage:
    """Of messages by falling P(answerable): the share shown a passage down to each, and how many of those wrongly."""

    coverage: tuple[float, ...]
    risk: tuple[float, ...]

    @property
    def area(self) -> float:
        """Mean risk over all coverages, the lower the better (Geifman et al. 2019)."""
        return sum(self.risk) / max(1, len(self.risk))


def risk_coverage(points: Sequence[tuple[float, bool]]) -> RiskCoverage:
    """Of (probability, whether the first passage answers). Ties are shown together or not at all."""
    coverage, risk, wrong = [], [], 0
    ordered = sorted(points, key=lambda point: -point[0])
    for place, (probability, right) in enumerate(ordered, start=1):
        wrong += not right
        if place == len(ordered) or ordered[place][0] != probability:
            coverage.append(place / len(ordered))
            risk.append(wrong / place)
    return RiskCoverage(tuple(coverage), tuple(risk))
