"""Erasing for good: a session on request, and everything after its time.

What is deleted is overwritten (SQLite's secure_delete) and the write-ahead log is emptied, in the log's file and
in Rasa's tracker store. PostgreSQL frees the rows and vacuums; overwriting disks is its operator's matter. Rows go at
once, files are cleaned in the background, so that nobody who writes waits for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Float, Integer, MetaData, String, Table, delete, inspect, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from conversations.clock import believed
from conversations.counting import count_and_delete
from conversations.database import BUSY_TIMEOUT_MS, Database, engine_for, tracker_url
from conversations.errors import LogUnavailable
from conversations.identity import one_machine
from conversations.models import (
    DeliveryRow,
    ErasedSessionRow,
    FollowerRow,
    StaffRequestRow,
    TurnRow,
    UpkeepRow,
)
from conversations.spool import Spool
from settings.conversations import TRACKER_URL

ERASED = "（已删除）"
BATCH = 500  # rows deleted in one transaction: residents' turns wait no longer than that
TRIES, PAUSE_S = 8, 1.0  # a reader in another process may hold the write-ahead log back
STRAGGLING = timedelta(days=1)  # a turn ends within seconds; a queue that stood still may be a day late
_UNTIDY = "freed"
_OF_LOG = ("turn", "staff_request", "delivery", "follower")
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
    """Erase a session everywhere. Only counts and reference numbers remain, and that it was erased.

    No word of it can be read when this returns; `tidy` overwrites what the rows left in the files. What is still under
    way of it is not written any more (`was_erased`). Raises `LogUnavailable` if one of the two databases cannot be
    reached: then ask again.
    """
    with database.session(write=True) as transaction:
        transaction.merge(ErasedSessionRow(session=session, erased_at=datetime.now(timezone.utc)))
        turns = count_and_delete(transaction, TurnRow.session == session)
        requests = _erase_requests(transaction, StaffRequestRow.session == session)
        transaction.execute(delete(DeliveryRow).where(DeliveryRow.session == session))
        transaction.execute(delete(FollowerRow).where(FollowerRow.session == session))
        _mark_untidy(transaction)
    turns += _erase_spooled(database, lambda spool: spool.erase_session(session))
    return Erased(turns, requests, _erase_events(_EVENTS.c.sender_id == session))


def was_erased(transaction: Session, session: str, asked_at: datetime) -> bool:
    """Whether a session was erased at or after a moment."""
    wanted = select(ErasedSessionRow.session).where(
        ErasedSessionRow.session == session, ErasedSessionRow.erased_at >= asked_at
    )
    return bool(session and transaction.scalar(wanted))


def erase_older_than(database: Database, days: int, now: datetime | None = None) -> Erased:
    """Erase the words of all that is older, batch by batch. Raises as `erase_session`."""
    before = (now or datetime.now(timezone.utc)) - timedelta(days=days)
    events = _erase_events(_EVENTS.c.timestamp < before.timestamp())
    turns = _erase_spooled(database, lambda spool: spool.erase_before(before))
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
        transaction.execute(delete(ErasedSessionRow).where(ErasedSessionRow.erased_at < before))
        if turns or requests or events:
            _mark_untidy(transaction)
    return Erased(turns, requests, events)


def erase_as_due(database: Database, days: int, now: datetime | None = None) -> Erased:
    """As `erase_older_than`, by a clock that is believed (`clock`): nothing before that. Raises as `erase_session`."""
    at = believed(database, now or datetime.now(timezone.utc))
    return Erased(0, 0, 0) if at is None else erase_older_than(database, days, at)


def erase_stragglers(database: Database) -> int:
    """Events that a turn under way saved after its session was erased; how many. Raises as `erase_session`."""
    lately = datetime.now(timezone.utc) - STRAGGLING
    with database.session() as transaction:
        wanted = select(ErasedSessionRow).where(ErasedSessionRow.erased_at >= lately)
        erased = [(row.session, row.erased_at) for row in transaction.scalars(wanted)]
    events = 0
    for session, at in erased:
        events += _erase_events((_EVENTS.c.sender_id == session) & (_EVENTS.c.timestamp <= at.timestamp()))
    return events


def tidy(database: Database) -> bool:
    """Leave nothing of deleted rows behind, here and in the tracker; False where a reader holds that back for now.

    For the background: whoever writes meanwhile waits for no reader. Raises `LogUnavailable`.
    """
    with database.session() as transaction:
        row = transaction.get(UpkeepRow, _UNTIDY)
        marked_at = row.at if row else None
    if marked_at is None:
        return True
    if not (_forget_freed(database.engine, _OF_LOG) and _tidy_tracker()):
        return False
    with database.session(write=True) as transaction:
        same = (UpkeepRow.name == _UNTIDY) & (UpkeepRow.at == marked_at)  # more may have been erased meanwhile
        transaction.execute(update(UpkeepRow).where(same).values(at=None).execution_options(synchronize_session=False))
    return True


def tidy_now(database: Database) -> None:
    """`tidy`, again for as long as readers may take. Raises `LogUnavailable` if they never let go."""
    for _ in range(TRIES):
        if tidy(database):
            return
        time.sleep(PAUSE_S)
    raise LogUnavailable(f"{database.engine.url!r}: 已删除，但文件还被别的进程占着，没能清空 — 稍后会再清")


def _mark_untidy(transaction: Session) -> None:
    transaction.merge(UpkeepRow(name=_UNTIDY, at=datetime.now(timezone.utc)))


def _erase_requests(transaction: Any, which: Any) -> int:
    """The number stays, so that counts hold and it is given to nobody else; to residents it is void."""
    change = (
        update(StaffRequestRow)
        .where(which)
        .values(text=ERASED, about="", contact="", note="", session="", answer_id="")
    )
    return int(transaction.execute(change.execution_options(synchronize_session=False)).rowcount)


def _erase_spooled(database: Database, erase: Callable[[Spool], int]) -> int:
    """From this machine's spool; what another machine's holds is not written any more (`was_erased`)."""
    try:
        return erase(Spool.of(database.url))
    except OSError as error:
        raise LogUnavailable(
            f"{error.filename}: 待补写的问答没能删除（{error.strerror}） — 检查权限后重试 / the spool could not be cleaned"
        ) from error


def _erase_events(which: Any) -> int:
    with _tracker() as engine:
        erased = 0
        while engine is not None and inspect(engine).has_table(_EVENTS.name):
            batch = select(_EVENTS.c.id).where(which).limit(BATCH)
            with engine.execution_options(sqlite_writes=True).begin() as connection:
                deleted = connection.execute(delete(_EVENTS).where(_EVENTS.c.id.in_(batch))).rowcount
            erased += deleted
            if deleted < BATCH:
                break
        return erased


def _tidy_tracker() -> bool:
    with _tracker() as engine:
        return engine is None or _forget_freed(engine, (_EVENTS.name,))


@contextmanager
def _tracker() -> Iterator[Engine | None]:
    """Rasa's tracker store; None where its file is not there yet. Raises `LogUnavailable`."""
    url = tracker_url()
    if not one_machine() and not TRACKER_URL.is_set():
        raise LogUnavailable("会话库在服务器上，却没有设 TRACKER_URL：不知道对话状态库在哪，删除会漏掉它 — 设好再删")
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        yield None
        return
    engine = engine_for(url)
    try:
        yield engine
    except SQLAlchemyError as error:
        raise LogUnavailable(
            f"{engine.url!r}: 对话状态库里的会话没能删除（{type(error).__name__}） — 检查 TRACKER_URL 或 TRACKER_DB 后重试"
        ) from error
    finally:
        engine.dispose()


def _forget_freed(engine: Engine, tables: Sequence[str]) -> bool:
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in tables:
                if inspect(engine).has_table(table):
                    connection.exec_driver_sql(f"VACUUM {table}")
        return True
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=0")  # while it waits for readers, a checkpoint keeps every writer waiting
        busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        return not busy
    finally:
        connection.close()
