"""A page of the inbox: which turns, in which order, and what to show of each. Paged by key, never by offset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, func, literal, or_, select, text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from conversations.database import Database
from conversations.models import TurnRow
from review.correcting.danger import is_correctable
from review.database.people import AccountRow
from review.database.work import TagRow, TriageRow
from review.errors import InvalidInput
from review.inbox.filters import CONFIDENCE, Filters
from review.shown import SHANGHAI
from review.triage.alike import STANDS
from review.triage.reasons import WEIGHTS, Reason, explain
from review.typed import key_moment

PER_PAGE = 25
SEARCHED_TURNS = 100_000  # the newest: so far back a search looks at once, which keeps it well under 200 ms
MOST_COUNTED = 10_000  # rows: who has more of them before her needs no exact number
MOST_FOUND = 2000  # turns with the text looked for


@dataclass(frozen=True)
class Item:
    """A turn as the inbox shows it; `question`, `danger` (its kind, "" for none) and `headline` come from the log."""

    turn_id: str
    session: str
    asked_at: datetime
    channel: str
    topic: str
    outcome: str
    danger: str
    feedback: str
    confidence: float | None
    question: str
    headline: str
    comment: str
    reasons: Sequence[tuple[str, float]]
    score: float
    status: str
    assigned_to: str
    assigned_id: int
    tags: Sequence[str]
    version: int
    stands_for: int = 1

    @property
    def is_correctable(self) -> bool:
        """Whether a correction could change what was answered, see `correcting.danger`."""
        return is_correctable(self.outcome, self.danger)


@dataclass(frozen=True)
class Page:
    """Items in order, the key of the next page ("" for the last), and where it stands among all.

    `first` counts from 1. `rows` is how many rows there are and `turns` for how many turns they stand; both are at
    least that many where `is_more`: nobody counts a million for a page.
    """

    items: Sequence[Item]
    next_key: str
    first: int
    rows: int
    turns: int
    is_more: bool = False

    @property
    def last(self) -> int:
        """Position of the last item."""
        return self.first + len(self.items) - 1


def find_page(session: Session, log: Database, filters: Filters, key: str = "", first: int = 1) -> Page:
    """The page of the inbox after `key`, whose first row is number `first`.

    Raises `InvalidInput` for a key that this function did not give.
    """
    chosen = conditions(filters)
    if filters.text:
        chosen.append(TriageRow.turn_id.in_(ids_with_text(log, filters)))
    if filters.tag:
        chosen.append(TriageRow.turn_id.in_(select(TagRow.turn_id).where(TagRow.tag == filters.tag)))
    query = select(TriageRow).where(*chosen)
    columns: tuple[Any, ...] = (TriageRow.score, TriageRow.asked_at, TriageRow.turn_id)
    if filters.order == "newest":
        columns = columns[1:]
    if key:
        query = query.where(_after(columns, _key_values(key, len(columns))))
    rows = session.scalars(query.order_by(*(c.desc() for c in columns)).limit(PER_PAGE + 1)).all()
    shown = rows[:PER_PAGE]
    last = shown[-1] if len(rows) > PER_PAGE else None
    next_key = "" if last is None else "|".join(_key_part(getattr(last, c.key)) for c in columns)
    items = items_of(session, log, shown)
    if last is None and not key:  # all is on the page
        counted = len(rows), sum(1 if filters.one_by_one else row.stands_for for row in rows), False
    else:
        counted = count(session, chosen, one_by_one=filters.one_by_one)
    return Page(items, next_key, first, *counted)


def count(session: Session, chosen: Sequence[Any], *, one_by_one: bool) -> tuple[int, int, bool]:
    """How many rows fit, for how many turns they stand, and whether there are more than were counted."""
    stands_for = literal(1) if one_by_one else TriageRow.stands_for
    fitting = select(stands_for.label("turns")).select_from(TriageRow).where(*chosen).limit(MOST_COUNTED + 1).subquery()
    found = session.execute(select(func.count(), func.coalesce(func.sum(fitting.c.turns), 0))).one()
    rows = min(int(found[0]), MOST_COUNTED)
    return rows, int(found[1]), int(found[0]) > MOST_COUNTED


def open_dangers(session: Session) -> int:
    """How many turns of acute danger nobody has dealt with yet. Read from the inbox's index: only they score so high."""
    query = select(func.count()).where(TriageRow.status == "new", TriageRow.score >= WEIGHTS[Reason.DANGER])
    return int(session.scalar(query) or 0)


def conditions(filters: Filters) -> list[Any]:
    """The filters that the console's own table answers."""
    found: list[Any] = [] if filters.one_by_one else [STANDS]
    if filters.status != "all":
        found.append(TriageRow.status == filters.status)
    if filters.since_date:
        found.append(TriageRow.asked_at >= datetime.combine(filters.since_date, time(), SHANGHAI))
    if filters.until_date:
        found.append(TriageRow.asked_at < datetime.combine(filters.until_date + timedelta(days=1), time(), SHANGHAI))
    if filters.topic:
        found.append(TriageRow.topic == ("" if filters.topic == "none" else filters.topic))
    if filters.channel:
        found.append(TriageRow.channel == filters.channel)
    if filters.outcome:
        found.append(TriageRow.outcome == filters.outcome)
    if filters.feedback:
        found.append(TriageRow.feedback == ("" if filters.feedback == "none" else filters.feedback))
    if filters.confidence:
        low, high = CONFIDENCE[filters.confidence]
        found.append(and_(TriageRow.confidence >= low, TriageRow.confidence < high))
    if filters.reason:
        found.append(TriageRow.reasons.op("&")(int(filters.reason)) != 0)
    if filters.assigned:
        found.append(TriageRow.assigned_to == (0 if filters.assigned == "none" else int(filters.assigned)))
    return found


def ids_with_text(log: Database, filters: Filters) -> list[str]:
    """Turns whose question has the text, among the newest `SEARCHED_TURNS` (before `until`, where that is set)."""
    recent = select(TurnRow.id, TurnRow.question).order_by(TurnRow.asked_at.desc(), TurnRow.id.desc())
    if filters.until_date:
        recent = recent.where(
            TurnRow.asked_at < datetime.combine(filters.until_date + timedelta(days=1), time(), SHANGHAI)
        )
    if filters.since_date:
        recent = recent.where(TurnRow.asked_at >= datetime.combine(filters.since_date, time(), SHANGHAI))
    newest = recent.limit(SEARCHED_TURNS).subquery()
    found = select(newest.c.id).where(newest.c.question.contains(filters.text, autoescape=True)).limit(MOST_FOUND)
    with log.session() as session:
        return list(session.scalars(found))


def add_search_index(engine: Engine) -> None:
    """SQLite: an index that holds the questions, so that a search reads 100 bytes a turn and not five thousand.

    PostgreSQL takes no index entry as long as the longest question; there a search reads the newest turns themselves.
    """
    if engine.dialect.name == "sqlite":
        with engine.execution_options(sqlite_writes=True).begin() as connection:
            connection.execute(text("CREATE INDEX IF NOT EXISTS turn_by_words ON turn (asked_at, id, question)"))


def items_of(session: Session, log: Database, rows: Sequence[TriageRow]) -> list[Item]:
    """What to show of triage rows; turns that the log has no more are left out."""
    ids = [row.turn_id for row in rows]
    with log.session() as reading:
        query = select(TurnRow.id, TurnRow.question, TurnRow.danger, TurnRow.headline, TurnRow.feedback_comment)
        texts = {row.id: row for row in reading.execute(query.where(TurnRow.id.in_(ids)))}
    tags: dict[str, list[str]] = {}
    for tag in session.scalars(select(TagRow).where(TagRow.turn_id.in_(ids)).order_by(TagRow.tag)):
        tags.setdefault(tag.turn_id, []).append(tag.tag)
    people = dict(session.execute(select(AccountRow.id, AccountRow.name)).all())
    return [
        Item(
            turn_id=row.turn_id,
            session=row.session,
            asked_at=row.asked_at,
            channel=row.channel,
            topic=row.topic,
            outcome=row.outcome,
            danger=texts[row.turn_id].danger,
            feedback=row.feedback,
            confidence=row.confidence,
            question=texts[row.turn_id].question,
            headline=texts[row.turn_id].headline,
            comment=texts[row.turn_id].feedback_comment,
            reasons=explain(row.reasons),
            score=row.score,
            status=row.status,
            assigned_to=people.get(row.assigned_to, ""),
            assigned_id=row.assigned_to,
            tags=tags.get(row.turn_id, ()),
            version=row.version,
            stands_for=row.stands_for,
        )
        for row in rows
        if row.turn_id in texts
    ]


def _after(columns: Sequence[Any], values: Sequence[Any]) -> Any:
    """Strictly after a key in descending order; the first condition alone lets an index be entered at the right place."""
    last = len(columns) - 1
    whole = columns[last] < values[last]
    for position in range(last - 1, -1, -1):
        whole = or_(columns[position] < values[position], and_(columns[position] == values[position], whole))
    return and_(columns[0] <= values[0], whole)


def _key_part(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _key_values(key: str, length: int) -> list[Any]:
    parts = key.split("|")
    try:
        if len(parts) != length:
            raise ValueError(key)
        values: list[Any] = [float(parts[0])] if length == 3 else []
        return [*values, key_moment(parts[-2]), parts[-1]]
    except ValueError as error:
        raise InvalidInput("这一页的地址不对，请从收件箱重新翻页 / page on from the inbox again") from error
