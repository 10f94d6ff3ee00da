"""The wording of replies to danger as staff changed it: read by whoever replies, written by the console.

One small table in the database of the staff's work. A reader never waits for it: it keeps what it has read for
`FRESH_S`; where the table cannot be read, or holds what `check_change` refuses, the file's wording is used.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict

from sqlalchemy import Column, MetaData, String, Table, Text, delete, select
from sqlalchemy.engine import Connection

from danger.errors import DangerError
from danger.replies import KindWording, Replies, check_change
from knowledge.published.renewing import Renewed
from knowledge.published.staff_tables import StaffDatabase

logger = logging.getLogger(__name__)
FRESH_S = 1.0  # a changed wording reaches residents within this time
PUBLISHED = Table(
    "published_danger_reply",
    MetaData(),
    Column("kind", String(32), primary_key=True),
    Column("wording", Text, nullable=False),
)


class PublishedReplies:
    """The table behind a SQLAlchemy URL, or where that moved from. Safe to share between threads."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic, *, moved_from: str = "") -> None:
        self._database = StaffDatabase(url, moved_from)
        self._clock = clock
        self._lock = threading.Lock()
        self._read_at: float | None = None
        self._rows: Mapping[str, str] = {}
        self._replies = Renewed(Replies())

    def current(self) -> Replies:
        """What is said now, at most `FRESH_S` old unless the database hangs. Never raises, hardly waits."""
        with self._lock:
            fresh = self._read_at is not None and self._clock() - self._read_at < FRESH_S
            if not fresh:
                self._read_at = self._clock()
        return self._replies.value if fresh else self._replies.renew(self._read)

    def _read(self) -> Replies:
        rows = self._database.read_or_keep(_rows, nothing={}, last=self._rows)
        if rows == self._rows:
            return self._replies.value
        self._rows = rows
        return Replies(_usable(rows))

    def close(self) -> None:
        """Give the connections back."""
        self._database.close()


def publish(connection: Connection, kind: str, wording: KindWording) -> None:
    """Put a kind's wording in place of the file's, in the caller's transaction. Raises `WordingWrong`."""
    check_change(kind, wording)
    withdraw(connection, kind)
    text = json.dumps(asdict(wording), ensure_ascii=False)
    connection.execute(PUBLISHED.insert(), {"kind": kind, "wording": text})


def withdraw(connection: Connection, kind: str) -> None:
    """The file's wording holds again."""
    connection.execute(delete(PUBLISHED).where(PUBLISHED.c.kind == kind))


def changed(connection: Connection) -> Mapping[str, KindWording]:
    """The kinds that staff have worded anew, as far as they are usable."""
    return _usable(_rows(connection))


def _rows(connection: Connection) -> Mapping[str, str]:
    return {row.kind: row.wording for row in connection.execute(select(PUBLISHED))}


def _usable(rows: Mapping[str, str]) -> Mapping[str, KindWording]:
    found: dict[str, KindWording] = {}
    for kind, text in rows.items():
        try:
            data = json.loads(text)
            lists = {name: tuple(map(str, data[name])) for name in ("numbers", "zh", "en")}
            wording = KindWording(str(data["zh_name"]), str(data["en_name"]), **lists)
            check_change(kind, wording)
        except (ValueError, KeyError, TypeError, DangerError):
            logger.exception("the published wording for %s cannot be used; the file's is said", kind)
            continue
        found[kind] = wording
    return found
