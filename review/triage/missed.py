"""Turns that came into the log later than anybody looks back: through a queue that was down for a day.

The log is gone through part by part, again and again, for turns that were never placed: so the inbox and the dashboard
agree with it in the end, however late it learned of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from conversations.models import TurnRow
from review.database.engine import reading, transaction
from review.database.work import StateRow
from review.triage.reader import BATCH, COLUMNS, CURSOR, SWEPT, TriageReader, existing, parts
from review.triage.reasons import LoggedTurn

MISSED_CURSOR = "missed"


def read_missed(reader: TriageReader) -> int:
    """Place the turns of one part of the log that nobody placed; how many. The next part is looked at the next time."""
    with reading(reader.review) as session:
        part = _next_part(session, reader)
        known = existing(session, [row.id for row in part])
    missed = [row.id for row in part if row.id not in known]
    turns = _turns(reader, missed[:BATCH])
    placed = reader.place(turns) if turns else 0
    if len(missed) <= BATCH:  # else this part is not through yet
        last = [part[-1].asked_at.isoformat(), part[-1].id] if len(part) == SWEPT else ""
        with transaction(reader.review) as session:
            session.merge(StateRow(key=MISSED_CURSOR, value=last))
    return placed


def _next_part(session: Session, reader: TriageReader) -> Sequence[Any]:
    """(asked_at, id) of the turns after the cursor, oldest first, none younger than what triage has come to."""
    state, come_to = session.get(StateRow, MISSED_CURSOR), session.get(StateRow, CURSOR)
    if come_to is None:
        return []
    query = select(TurnRow.asked_at, TurnRow.id).where(TurnRow.asked_at <= datetime.fromisoformat(come_to.value[0]))
    if state is not None and state.value:
        at, last = datetime.fromisoformat(state.value[0]), state.value[1]
        later = or_(TurnRow.asked_at > at, and_(TurnRow.asked_at == at, TurnRow.id > last))
        query = query.where(
            TurnRow.asked_at >= at, later
        )  # the first alone lets the index be entered at the right place
    with reading(reader.log) as log:
        return list(log.execute(query.order_by(TurnRow.asked_at, TurnRow.id).limit(SWEPT)).all())


def _turns(reader: TriageReader, ids: Sequence[str]) -> list[LoggedTurn]:
    found: list[LoggedTurn] = []
    with reading(reader.log) as log:
        for some in parts(ids):
            found += map(LoggedTurn.from_row, log.execute(select(*COLUMNS).where(TurnRow.id.in_(some))))
    return sorted(found, key=lambda turn: (turn.asked_at, turn.id))
