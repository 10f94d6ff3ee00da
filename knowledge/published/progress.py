"""What was published on a commitment since the plan was written: read by whoever answers, written by whoever approves.

One small table, in the database of the staff's work. A reader never waits for it: it keeps what it has read for
`FRESH_S`, and where the table cannot be read, answers go out without it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlalchemy import Column, Date, MetaData, String, Table, delete, select
from sqlalchemy.engine import Connection

from knowledge.published.staff_tables import StaffDatabase

FRESH_S = 1.0  # an approved figure reaches residents within this time
STATES = ("planned", "under_way", "reached", "missed")
PUBLISHED = Table(
    "published_progress",
    MetaData(),
    Column("commitment_id", String(32), primary_key=True),
    Column("state", String(12), nullable=False),
    Column("figure", String(64), nullable=False),
    Column("as_of", Date, nullable=False),
    Column("source", String(120), nullable=False),
    Column("url", String(500), nullable=False),
)


@dataclass(frozen=True)
class Progress:
    """The latest published state of a commitment: one of `STATES`, a figure with its unit (may be ""), its date, its source."""

    commitment_id: str
    state: str
    figure: str
    as_of: date
    source: str
    url: str


class ProgressSource(Protocol):
    """Where an answer looks for progress."""

    def current(self) -> Mapping[str, Progress]:
        """The latest of each commitment, by its id. The same object as long as nothing changes."""


class PublishedProgress:
    """The table behind a SQLAlchemy URL, or where that moved from. Safe to share between threads."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic, *, moved_from: str = "") -> None:
        self._database = StaffDatabase(url, moved_from)
        self._clock = clock
        self._lock = threading.Lock()
        self._read_at: float | None = None
        self._known: Mapping[str, Progress] = {}

    def current(self) -> Mapping[str, Progress]:
        """What is published, at most `FRESH_S` old, or what was read last if the table cannot be; the same object while equal."""
        with self._lock:
            if self._read_at is None or self._clock() - self._read_at >= FRESH_S:
                found, self._read_at = self._read(), self._clock()
                self._known = self._known if found == self._known else found
            return self._known

    def close(self) -> None:
        """Give the connections back."""
        self._database.close()

    def _read(self) -> Mapping[str, Progress]:
        def read(connection: Connection) -> Mapping[str, Progress]:
            return {row.commitment_id: Progress(**row._mapping) for row in connection.execute(select(PUBLISHED))}

        return self._database.read_or_keep(read, nothing={}, last=self._known)


def publish(connection: Connection, progress: Progress) -> None:
    """Put a commitment's progress in place of what was published of it, in the caller's transaction."""
    withdraw(connection, progress.commitment_id)
    connection.execute(PUBLISHED.insert(), vars(progress))


def withdraw(connection: Connection, commitment_id: str) -> None:
    """Nothing is published of a commitment any more."""
    connection.execute(delete(PUBLISHED).where(PUBLISHED.c.commitment_id == commitment_id))
