"""Erasing for good: a session on request, and everything after its time.

What is deleted is overwritten (SQLite's secure_delete) and the write-ahead log is emptied, in the log's file and
in Rasa's tracker store. PostgreSQL frees the rows and vacuums; overwriting disks is its operator's matter.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import Column, Float, Integer, MetaData, String, Table, delete, inspect, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from conversations.counting import count_and_delete
from conversations.database import Database, engine_for, tracker_url
from conversations.errors import LogUnavailable
from conversations.models import DeliveryRow, FollowerRow, StaffRequestRow, TurnRow

ERASED = "（已删除）"
BATCH = 500  # rows deleted in one transaction: residents' turns wait no longer than that
CHECKPOINT_TRIES, CHECKPOINT_PAUSE_S = 5, 1.0  # a reader in another process may hold the write-ahead log back
# Rasa 3.6's table of events (rasa.core.tracker_store.SQLTrackerStore.SQLEvent), as far as it is needed here.
_EVENTS = Table(
    "events",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("sender_id", String(255)),
    Column("timestamp", Float),
)


@dataclass(frozen=True)
class Erased:
    """How much was erased: turns of the log, requests for staff, events of Rasa's tracker."""

    turns: int
    requests: int
    events: int

    def __add__(self, other: Erased) -> Erased:
        """Both together."""
        return Erased(self.turns + other.turns, self.requests + other.requests, self.events + other.events)


def erase_session(database: Database, session: str) -> Erased:
    """Erase a session everywhere. Only counts and reference numbers remain.

    Raises `LogUnavailable` if one of the two databases cannot be reached or cleaned: then ask again.
    """
    events = _erase_events(_EVENTS.c.sender_id == session)
    with database.session(write=True) as transaction:
        turns = count_and_delete(transaction, TurnRow.session == session)
        requests = _erase_requests(transaction, StaffRequestRow.session == session)
        transaction.execute(delete(DeliveryRow).where(DeliveryRow.session == session))
        transaction.execute(delete(FollowerRow).where(FollowerRow.session == session))
    forget_freed(database.engine)
    return Erased(turns, requests, events)


def erase_older_than(database: Database, days: int, now: datetime | None = None) -> Erased:
    """Erase the words of all that is older, batch by batch. Raises as `erase_session`."""
    before = (now or datetime.now(timezone.utc)) - timedelta(days=days)
    events = _erase_events(_EVENTS.c.timestamp < before.timestamp())
    turns = 0
    while True:
        with database.session(write=True) as transaction:
            batch = transaction.scalars(select(TurnRow.id).where(TurnRow.asked_at < before).limit(BATCH)).all()
            turns += count_and_delete(transaction, TurnRow.id.in_(batch)) if batch else 0
        if len(batch) < BATCH:
            break
    with database.session(write=True) as transaction:
        old = (StaffRequestRow.created_at < before) & (StaffRequestRow.text != ERASED)
        requests = _erase_requests(transaction, old)
        transaction.execute(delete(DeliveryRow).where(DeliveryRow.received_at < before))
        transaction.execute(delete(FollowerRow).where(FollowerRow.id_until < before))
    if turns or requests:
        forget_freed(database.engine)
    return Erased(turns, requests, events)


def _erase_requests(transaction: Any, which: Any) -> int:
    """The number stays, so that a resident who names it can be told that it was dealt with."""
    change = update(StaffRequestRow).where(which).values(text=ERASED, contact="", note="", session="", answer_id="")
    return int(transaction.execute(change.execution_options(synchronize_session=False)).rowcount)


def _erase_events(which: Any) -> int:
    engine = engine_for(tracker_url())
    try:
        erased = 0
        while inspect(engine).has_table(_EVENTS.name):
            batch = select(_EVENTS.c.id).where(which).limit(BATCH)
            with engine.execution_options(sqlite_writes=True).begin() as connection:
                deleted = connection.execute(delete(_EVENTS).where(_EVENTS.c.id.in_(batch))).rowcount
            erased += deleted
            if deleted < BATCH:
                break
        if erased:
            forget_freed(engine)
    except SQLAlchemyError as error:
        raise LogUnavailable(
            f"{engine.url!r}: 对话状态库里的会话没能删除（{type(error).__name__}） — 检查 TRACKER_URL 或 TRACKER_DB 后重试"
        ) from error
    finally:
        engine.dispose()
    return erased


def forget_freed(engine: Engine) -> None:
    """Leave nothing of deleted rows behind. Raises `LogUnavailable` if readers never let go of an SQLite file."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM")
        return
    connection = engine.raw_connection()
    try:
        for _ in range(CHECKPOINT_TRIES):
            busy, *_ = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not busy:
                return
            time.sleep(CHECKPOINT_PAUSE_S)
    finally:
        connection.close()
    raise LogUnavailable(f"{engine.url!r}: 已删除，但预写日志还被别的进程占着，没能清空 — 稍后再删一次")
