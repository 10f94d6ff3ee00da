"""The dashboard's counts, added up as turns come in, so that no page ever counts a million turns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from conversations.turns import PAUSED
from knowledge.reply.answer import Outcome
from knowledge.reply.judging import REFUSALS
from review.database.versions import LatencyRow, VersionCountRow
from review.database.work import CommitmentCountRow, CountRow, HourCountRow
from review.shown import SHANGHAI
from review.triage.reasons import LoggedTurn

EXACT_FROM = (
    "latency_exact_from"  # key of the day from which times are exact, where others were counted in classes before
)
NO_QUESTION = ("chat", Outcome.DANGER.value, PAUSED)  # outcomes that say nothing about how well questions are answered
FOUND_AMONG = 3  # a commitment was found if it was among the first three

CountKey = tuple[date, str, str, str]
VersionKey = tuple[date, str, str]


@dataclass
class _Count:
    turns: int = 0
    sessions: int = 0
    up: int = 0
    down: int = 0


@dataclass
class _Turns:
    turns: int = 0


@dataclass
class _CommitmentCount:
    asked: int = 0
    found: int = 0
    up: int = 0
    down: int = 0


@dataclass
class VersionCount:
    """What is counted of a version: of its turns, those that asked something, what they got, thumbs."""

    turns: int = 0
    questions: int = 0
    answered: int = 0
    refused: int = 0
    errors: int = 0
    up: int = 0
    down: int = 0


class Counts:
    """What a batch of turns adds. Collect, then `save`."""

    def __init__(self) -> None:
        self._by_kind: dict[CountKey, _Count] = defaultdict(_Count)
        self._by_hour: dict[tuple[date, int], _Turns] = defaultdict(_Turns)
        self._by_commitment: dict[tuple[date, str], _CommitmentCount] = defaultdict(_CommitmentCount)
        self._by_version: dict[VersionKey, VersionCount] = defaultdict(VersionCount)
        self._by_latency: dict[tuple[date, str, str, int], _Turns] = defaultdict(_Turns)

    def add(self, turn: LoggedTurn, *, first_of_session: bool) -> None:
        """A turn; `first_of_session`: it is the first of its session that day."""
        day = day_of(turn)
        count = self._by_kind[key_of(turn)]
        count.turns += 1
        count.sessions += first_of_session
        self._by_hour[day, turn.asked_at.astimezone(SHANGHAI).hour].turns += 1
        self._add_to_version(turn)
        if turn.total_ms is not None:
            self._by_latency[day, turn.model, turn.knowledge, ceil(turn.total_ms)].turns += 1
        if turn.commitment_id:
            self._by_commitment[day, turn.commitment_id].asked += 1
        for commitment_id in dict.fromkeys((turn.commitment_id, *turn.candidates[:FOUND_AMONG])):
            if commitment_id:
                self._by_commitment[day, commitment_id].found += 1
        self.rate(turn, turn.feedback, 1)

    def _add_to_version(self, turn: LoggedTurn) -> None:
        count = self._by_version[version_key_of(turn)]
        count.turns += 1
        count.questions += turn.outcome not in NO_QUESTION
        count.answered += turn.outcome == "answered"
        count.refused += turn.outcome in REFUSALS
        count.errors += turn.outcome == "error"

    def rate(self, turn: LoggedTurn, feedback: str, by: int) -> None:
        """A thumb given (`by` 1) or replaced (`by` -1)."""
        if feedback not in ("up", "down"):
            return
        counts: list[Any] = [self._by_kind[key_of(turn)], self._by_version[version_key_of(turn)]]
        if turn.commitment_id:
            counts.append(self._by_commitment[day_of(turn), turn.commitment_id])
        for count in counts:
            setattr(count, feedback, getattr(count, feedback) + by)

    def save(self, session: Session) -> None:
        """Add to what the tables hold: one query and at most two statements a table."""
        for row, counts in (
            (CountRow, self._by_kind),
            (HourCountRow, self._by_hour),
            (CommitmentCountRow, self._by_commitment),
            (VersionCountRow, self._by_version),
            (LatencyRow, self._by_latency),
        ):
            _add_up(session, row.__table__, {key: vars(count) for key, count in counts.items()})  # type: ignore[attr-defined]


def _add_up(session: Session, table: Table, added: Mapping[tuple[Any, ...], dict[str, int]]) -> None:
    keys = [column.name for column in table.primary_key]
    days = {key[0] for key in added}
    held = session.execute(select(table).where(table.c.day.in_(days))).all() if days else []
    known = {tuple(getattr(row, name) for name in keys): row for row in held}
    new = [{**dict(zip(keys, key)), **values} for key, values in added.items() if key not in known]
    if new:
        session.execute(table.insert(), new)
    changed = [
        {
            **{f"key_{name}": part for name, part in zip(keys, key)},
            **{name: getattr(known[key], name) + value for name, value in values.items()},
        }
        for key, values in added.items()
        if key in known
    ]
    if changed:
        which = [table.c[name] == bindparam(f"key_{name}") for name in keys]
        session.connection().execute(table.update().where(*which), changed)


def day_of(turn: LoggedTurn) -> date:
    """The day in Qingpu."""
    return turn.asked_at.astimezone(SHANGHAI).date()


def key_of(turn: LoggedTurn) -> CountKey:
    """Day in Qingpu, channel, topic, outcome."""
    return day_of(turn), turn.channel, turn.topic, turn.outcome


def version_key_of(turn: LoggedTurn) -> VersionKey:
    """Day in Qingpu, the model's and the knowledge's version."""
    return day_of(turn), turn.model, turn.knowledge


def percentile(latency: Mapping[int, int], share: float) -> int | None:
    """The least ms within which at least `share` of the turns were answered, of ms → turns; None without turns."""
    total, seen = sum(latency.values()), 0
    for ms in sorted(latency):
        seen += latency[ms]
        if seen >= share * total:
            return ms
    return None
