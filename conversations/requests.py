"""Recording and reading requests for staff."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from conversations.models import Base, StaffRequestRow

DEFAULT_URL = "sqlite:///var/conversations.sqlite"  # CONVERSATIONS_URL replaces it


@dataclass(frozen=True)
class StaffRequest:
    """One request. `created_at` is UTC."""

    reference: str
    kind: str
    session: str
    text: str
    about: str = ""
    channel: str = ""
    status: str = "open"
    created_at: datetime | None = None


class RequestBook:
    """The requests in one SQL database. Safe to share between threads."""

    def __init__(self, url: str | None = None) -> None:
        self._engine = _engine(url or os.environ.get("CONVERSATIONS_URL", DEFAULT_URL))
        Base.metadata.create_all(self._engine)

    def record(self, request: StaffRequest) -> None:
        """Write a request; it is on disk when this returns. The same reference again changes nothing."""
        with Session(self._engine, future=True) as session, session.begin():
            if session.get(StaffRequestRow, request.reference) is None:
                session.add(
                    StaffRequestRow(
                        reference=request.reference,
                        kind=request.kind,
                        session=request.session,
                        channel=request.channel,
                        text=request.text,
                        about=request.about,
                        status=request.status,
                        created_at=request.created_at or datetime.now(timezone.utc),
                    )
                )

    def open_requests(self) -> Sequence[StaffRequest]:
        """What nobody has dealt with yet, oldest first."""
        with Session(self._engine, future=True) as session:
            rows = session.scalars(
                select(StaffRequestRow).where(StaffRequestRow.status == "open").order_by(StaffRequestRow.created_at)
            )
            return [
                StaffRequest(r.reference, r.kind, r.session, r.text, r.about, r.channel, r.status, r.created_at)
                for r in rows
            ]

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()


def _engine(url: str) -> Engine:
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, future=True)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _wal(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA busy_timeout=5000")

    return engine
