"""Rasa's SQL tracker store, without the queries that only find out again what a turn already knows.

Rasa 3.6 reads a conversation's events three times a turn: to continue it, to see which events to
stream, and to see which to save. The tracker that `retrieve` returned knows how many it had.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import QueuePool

from wire.secret_files import for_owner_only
from wire.trace import TRACE


class TurnTrackerStore(SQLTrackerStore):
    """Same tables and events as `SQLTrackerStore`; a tracker from elsewhere is saved Rasa's way."""

    engine: Engine

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.engine.hide_parameters = True  # Rasa makes the engine; a trace must not say what a resident said
        if self.engine.dialect.name == "sqlite":
            self._keep_connections()

    def _keep_connections(self) -> None:
        """SQLAlchemy 1.4 opens and closes an SQLite file for every session, and closing the last one tidies the log."""
        self.engine.dispose()
        if self.engine.url.database:
            for_owner_only(Path(self.engine.url.database))
        self.engine = create_engine(self.engine.url, poolclass=QueuePool, hide_parameters=True)
        event.listen(self.engine, "connect", _write_ahead)
        self.sessionmaker = sessionmaker(bind=self.engine)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation's latest session, or None."""
        tracker = await super().retrieve(sender_id)
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
        with self.session_scope() as session:
            rows = [self._row(tracker.sender_id, e.type_name, e.as_dict()) for e in new]
            if rows:
                session.execute(self.SQLEvent.__table__.insert(), rows)
            session.commit()
        tracker.stored_events = len(tracker.events)

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
