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
from review.database.versions import LatencyRow
from review.database.work import CommitmentCountRow, CountRow, HourCountRow, StateRow
from review.triage.counting import EXACT_FROM, NO_QUESTION, percentile

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
    latency: Counter[int] = field(default_factory=Counter)  # ms → turns
    latency_exact: bool = True

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
        return self.refused / self.questions if self.questions else None

    @property
    def up_share(self) -> float | None:
        """Share of thumbs that point up."""
        rated = self.up + self.down
        return self.up / rated if rated else None

    @property
    def refused(self) -> int:
        """Questions that were refused."""
        return sum(self.outcomes[name] for name in REFUSALS)

    @property
    def timed(self) -> int:
        """Turns whose time was measured."""
        return sum(self.latency.values())

    def latency_ms(self, share: float) -> int | None:
        """Within how many ms that share of turns was answered."""
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
    found.latency = Counter(dict(_latency(session, period)))
    exact_from = session.get(StateRow, EXACT_FROM)
    found.latency_exact = exact_from is None or period.first >= date.fromisoformat(exact_from.value)
    return found


def last_month_with_turns(session: Session, today: date) -> date:
    """The first day of the last whole month that has turns, else of this month if it has, else of the last month."""
    this = today.replace(day=1)
    latest = session.scalar(select(func.max(CountRow.day)).where(CountRow.day < this))
    if latest is None and session.scalar(select(func.max(CountRow.day)).where(CountRow.day >= this)) is not None:
        return this
    return (latest or this - timedelta(days=1)).replace(day=1)


def _latency(session: Session, period: Period) -> list[tuple[int, int]]:
    within = (LatencyRow.day >= period.first, LatencyRow.day <= period.last)
    query = select(LatencyRow.ms, func.sum(LatencyRow.turns)).where(*within).group_by(LatencyRow.ms)
    return [(int(ms), int(turns)) for ms, turns in session.execute(query)]


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
