"""Turns that are no longer kept live on as counts only."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Date, cast, delete, func, select
from sqlalchemy.orm import Session

from conversations.models import TurnCountRow, TurnRow


def count_and_delete(session: Session, which: Any) -> int:
    """Add the turns that match to `turn_count`, then delete them; how many they were."""
    keys = (
        local_day(session),
        TurnRow.channel,
        func.coalesce(TurnRow.topic, ""),
        TurnRow.outcome,
        func.coalesce(TurnRow.commitment_id, ""),
        func.coalesce(TurnRow.feedback, ""),
    )
    total = 0
    for *key, turns in session.execute(select(*keys, func.count()).where(which).group_by(*keys)).all():
        total += turns
        _add(session, key, turns)
    session.execute(delete(TurnRow).where(which))
    return total


def _add(session: Session, key: list[Any], turns: int) -> None:
    day = date.fromisoformat(key[0]) if isinstance(key[0], str) else key[0]
    row = session.get(TurnCountRow, (day, *key[1:]))
    if row is None:
        session.add(
            TurnCountRow(
                day=day,
                channel=key[1],
                topic=key[2],
                outcome=key[3],
                commitment_id=key[4],
                feedback=key[5],
                turns=turns,
            )
        )
    else:
        row.turns += turns


def local_day(session: Session) -> Any:
    """SQL: the day of a turn on residents' calendars (China has one time zone and no summer time)."""
    if session.get_bind().dialect.name == "sqlite":
        return func.date(TurnRow.asked_at, "+8 hours")
    return cast(func.timezone("Asia/Shanghai", TurnRow.asked_at), Date)
