"""Rasa's SQL tracker store, without the queries that only find out again what a turn already knows.

Rasa 3.6 reads a conversation's events three times a turn: to continue it, to see which events to
stream, and to see which to save. The tracker that `retrieve` returned knows how many it had.

Rasa reads and writes on its event loop, where a database that hangs would stop everybody. Here threads do.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from rasa.core.tracker_store import SQLTrackerStore, create_engine_kwargs
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, Engine
from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import QueuePool

from conversations.database import GONE_WITHOUT_A_WORD
from wire.secret_files import for_owner_only
from wire.trace import TRACE

THREADS = 8  # as many as hold a connection of SQLAlchemy's pool of five and its overflow, with some left for others
T = TypeVar("T")


class TurnTrackerStore(SQLTrackerStore):
    """Same tables and events as `SQLTrackerStore`; a tracker from elsewhere is saved Rasa's way."""

    engine: Engine

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(
            *arguments, **options
        )  # Rasa's engine shows parameters: a trace would say what a resident said
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="tracker")
        self.engine.dispose()
        kept = self._of_a_file if self.engine.dialect.name == "sqlite" else self._of_a_server
        self.engine = kept(self.engine.url)
        self.sessionmaker = sessionmaker(bind=self.engine)

    @staticmethod
    def _of_a_file(url: URL) -> Engine:
        """SQLAlchemy 1.4 opens and closes an SQLite file for every session, and closing the last one tidies the log."""
        if url.database:
            for_owner_only(Path(url.database))
        lent = {"check_same_thread": False}  # the pool lends a connection to one thread at a time
        engine = create_engine(url, poolclass=QueuePool, hide_parameters=True, connect_args=lent)
        event.listen(engine, "connect", _write_ahead)
        return engine

    @staticmethod
    def _of_a_server(url: URL) -> Engine:
        """Rasa's tries every connection that a restart of the server has cut, each at the cost of a turn."""
        made = create_engine_kwargs(url)
        waits = {**made.pop("connect_args", {}), **GONE_WITHOUT_A_WORD}
        return create_engine(url, **made, connect_args=waits, pool_pre_ping=True, hide_parameters=True)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation's latest session, or None."""
        tracker = await self._in_thread(self._read, sender_id)
        if tracker is not None:
            tracker.stored_events = len(tracker.events)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Stream and store what is new; on disk when this returns."""
        if not tracker.events:  # just made, because `retrieve` found nothing
            tracker.stored_events = 0
            return
        stored = getattr(tracker, "stored_events", None)
        if stored is None or stored > len(tracker.events):
            await super().save(tracker)
            return
        new = list(tracker.events)[stored:]
        if self.event_broker is not None:
            await self._stream_new_events(self.event_broker, new, tracker.sender_id)
            delivered = getattr(self.event_broker, "delivered", None)  # of bot.queue_broker
            if delivered is not None:
                await delivered()
        await self._in_thread(self._write, [self._row(tracker.sender_id, e.type_name, e.as_dict()) for e in new])
        tracker.stored_events = len(tracker.events)

    async def _in_thread(self, work: Callable[..., T], *arguments: Any) -> T:
        """What it returns. Who waits may give up; the work then ends by itself."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)

    def _read(self, sender_id: str) -> DialogueStateTracker | None:
        """As `SQLTrackerStore.retrieve`."""
        with self.session_scope() as session:
            query = self._event_query(session, sender_id, fetch_events_from_all_sessions=False)
            events = [json.loads(row.data) for row in query.all()]
        if not events or not self.domain:
            return None
        return DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)

    def _write(self, rows: list[dict[str, Any]]) -> None:
        with self.session_scope() as session:
            if rows:
                session.execute(self.SQLEvent.__table__.insert(), rows)
            session.commit()

    @staticmethod
    def _row(sender_id: str, type_name: str, data: dict[str, Any]) -> dict[str, Any]:
        if (
            type_name == "bot"
        ):  # the trace is for the log, which has it by now; read again with every turn it would cost
            data["metadata"] = {k: v for k, v in data.get("metadata", {}).items() if k != TRACE}
        return {
            "sender_id": sender_id,
            "type_name": type_name,
            "timestamp": data.get("timestamp"),
            "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
            "action_name": data.get("name"),
            "data": json.dumps(data),
        }


def _write_ahead(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA busy_timeout=5000")
