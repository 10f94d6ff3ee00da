"""The dashboard's numbers for a period, added up from the counts; nothing here reads a turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.reply.judging import REFUSALS
from review.database.work import CommitmentCountRow, CountRow, HourCountRow, LatencyCountRow
from review.triage.counting import LATENCY_EDGES_MS, NO_QUESTION, percentile

HOT = 10


@dataclass(frozen=True)
class Period:
    """Days, first and last included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Period:
        """As many days just before."""
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))


@dataclass
class Figures:
    """One period in numbers. Shares are None where nothing was counted."""

    turns: int = 0
    sessions: int = 0
    up: int = 0
    down: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    topics: Counter[str] = field(default_factory=Counter)
    channels: Counter[str] = field(default_factory=Counter)
    hours: Counter[int] = field(default_factory=Counter)
    days: dict[date, Counter[str]] = field(default_factory=dict)
    latency: list[int] = field(default_factory=lambda: [0] * (len(LATENCY_EDGES_MS) + 1))

    @property
    def questions(self) -> int:
        """Turns that asked something: small talk and calls for help left out."""
        return self.turns - sum(self.outcomes[name] for name in NO_QUESTION)

    @property
    def answered_share(self) -> float | None:
        """Share of questions that were answered."""
        return self.outcomes["answered"] / self.questions if self.questions else None

    @property
    def refused_share(self) -> float | None:
        """Share of questions that were refused."""
        return sum(self.outcomes[name] for name in REFUSALS) / self.questions if self.questions else None

    @property
    def up_share(self) -> float | None:
        """Share of thumbs that point up."""
        rated = self.up + self.down
        return self.up / rated if rated else None

    def latency_ms(self, share: float) -> float | None:
        """The class's upper edge below which that share of turns was answered."""
        return percentile(self.latency, share)


@dataclass(frozen=True)
class HotCommitment:
    """How often a commitment was shown first, found, and rated."""

    commitment_id: str
    asked: int
    found: int
    up: int
    down: int


def figures_of(session: Session, period: Period) -> Figures:
    """Add up a period."""
    found = Figures(days={period.first + timedelta(days=n): Counter() for n in range(period.days)})
    for row in _rows(session, CountRow, period):
        found.turns += row.turns
        found.sessions += row.sessions
        found.up += row.up
        found.down += row.down
        found.outcomes[row.outcome] += row.turns
        found.topics[row.topic] += row.turns
        found.channels[row.channel] += row.turns
        found.days[row.day][row.outcome] += row.turns
    for row in _rows(session, HourCountRow, period):
        found.hours[row.hour] += row.turns
    for row in _rows(session, LatencyCountRow, period):
        found.latency[row.edge] += row.turns
    return found


def _rows(session: Session, counts: Any, period: Period) -> Sequence[Any]:
    table = counts.__table__
    return list(session.execute(select(table).where(table.c.day >= period.first, table.c.day <= period.last)))


def hot_commitments(session: Session, period: Period, most: int = HOT) -> Sequence[HotCommitment]:
    """The commitments shown most, most first."""
    return sorted(commitment_counts(session, period).values(), key=lambda c: (-c.asked, -c.found, c.commitment_id))[
        :most
    ]


def commitment_counts(session: Session, period: Period | None = None) -> Mapping[str, HotCommitment]:
    """Counts by commitment, of a period or of all time."""
    columns = [func.sum(getattr(CommitmentCountRow, name)) for name in ("asked", "found", "up", "down")]
    query = select(CommitmentCountRow.commitment_id, *columns).group_by(CommitmentCountRow.commitment_id)
    if period:
        query = query.where(CommitmentCountRow.day >= period.first, CommitmentCountRow.day <= period.last)
    return {row[0]: HotCommitment(row[0], *(int(n) for n in row[1:])) for row in session.execute(query)}


def change_of(now: float | None, before: float | None) -> float | None:
    """How much more than before, as a share of it; None where there was nothing."""
    return (now - before) / before if now is not None and before else None
