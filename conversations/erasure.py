"""Erasing what a session said: from the log, from the requests and from Rasa's tracker store."""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData, String, Table, delete, inspect, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from conversations.counting import count_and_delete
from conversations.database import Database, engine_for, tracker_url
from conversations.errors import LogUnavailable
from conversations.models import StaffRequestRow, TurnRow

ERASED = "（已按要求删除）"
# Rasa 3.6's table of events (rasa.core.tracker_store.SQLTrackerStore.SQLEvent), as far as it is needed here.
_EVENTS = Table("events", MetaData(), Column("id", Integer, primary_key=True), Column("sender_id", String(255)))


def erase_session(database: Database, session: str) -> int:
    """Erase a session everywhere; how many turns the log had of it. Only counts and reference numbers remain.

    Raises `LogUnavailable` if one of the two databases cannot be reached: then ask again.
    """
    _erase_tracker(session)
    with database.session(write=True) as transaction:
        erased = count_and_delete(transaction, TurnRow.session == session)
        transaction.execute(
            update(StaffRequestRow)
            .where(StaffRequestRow.session == session)
            .values(text=ERASED, contact="", note="", session="")
        )
    truncate_log(database.engine)
    return erased


def _erase_tracker(session: str) -> None:
    engine = engine_for(tracker_url())
    try:
        with engine.execution_options(sqlite_writes=True).begin() as connection:
            if inspect(connection).has_table(_EVENTS.name):
                connection.execute(delete(_EVENTS).where(_EVENTS.c.sender_id == session))
        truncate_log(engine)
    except SQLAlchemyError as error:
        raise LogUnavailable(
            f"{engine.url!r}: 对话状态库里的会话没能删除（{type(error).__name__}） — 检查 TRACKER_URL 或 TRACKER_DB 后重试"
        ) from error
    finally:
        engine.dispose()


def truncate_log(engine: Engine) -> None:
    """SQLite: write the write-ahead log back and empty it, so that no deleted page stays in it."""
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        connection.close()
