"""Turns, requests and contacts are kept: in the log, or in the spool until the log can be written, in order, each once."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any

import msgspec
from sqlalchemy.exc import InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as NoConnection

from conversations.errors import ConversationsError, LogConflict, LogUnavailable, SpoolFull
from conversations.requests import RequestBook, StaffRequest
from conversations.spool import Spool, Spooled, SpoolLine
from conversations.turn_log import TurnLog, plain_value
from conversations.turns import Turn
from conversations.vault import Vault
from monitor.metrics import LOG_WRITE_FAILURES, LOGGED_TURNS

logger = logging.getLogger(__name__)
PATIENCE_S = 2.0  # for the log, of the eight seconds that a resident waits: what takes longer is spooled
BATCH = 50  # entries marked as written at once; a crash in between repeats no more, which changes nothing
TRIES = 3  # of an entry that the log refuses while it takes others
_WAIT_FOR = (OperationalError, InterfaceError, ProgrammingError, NoConnection)  # the database's fault, not the entry's


@dataclass(frozen=True)
class _Kept:
    """What is kept, by its kind and name, and what a log's row would hold of it."""

    kind: str
    name: str
    session: str
    at: datetime
    body: Any

    def entry(self) -> Spooled:
        """As the spool holds it. Raises `TypeError` for what no row could hold either."""
        return Spooled(self.kind, self.session, self.at, msgspec.to_builtins(self.body, enc_hook=plain_value))


class TurnKeeper:
    """Keeps what a turn leaves. Never raises, and takes no longer than `patience_s`, its own or what a caller has left.
    Safe to share between threads.

    While anything waits in the spool, what comes goes behind it, so that a log that is away is waited for once.
    """

    def __init__(
        self, log: TurnLog, book: RequestBook, spool: Spool | None = None, patience_s: float = PATIENCE_S
    ) -> None:
        self._log = log
        self._book = book
        self._spool = spool or Spool.of(log.url)
        self._patience_s = patience_s
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="log")
        self._writing_later = threading.Lock()

    def keep_turn(self, turn: Turn, patience_s: float | None = None) -> None:
        """As `TurnLog.record`."""
        kept = _Kept("turn", turn.id, turn.session, turn.asked_at, turn)
        self._keep(kept, patience_s, self._log.record, turn)

    def keep_request(self, request: StaffRequest, patience_s: float | None = None) -> None:
        """As `RequestBook.record`."""
        at = request.created_at or datetime.now(timezone.utc)
        made = replace(request, created_at=at)
        kept = _Kept("request", request.reference, request.session, at, made)
        self._keep(kept, patience_s, self._book.record, made)

    def keep_contact(self, answer_id: str, session: str, contact: str) -> None:
        """As `RequestBook.add_contact`; sealed before it goes anywhere."""
        try:
            sealed = Vault().seal(contact)
        except ConversationsError:
            logger.exception("the contact of answer %s could not be sealed", answer_id)
            return
        body, now = {"answer_id": answer_id, "sealed": sealed}, datetime.now(timezone.utc)
        kept = _Kept("contact", answer_id, session, now, body)
        self._keep(kept, None, self._book.add_sealed_contact, answer_id, sealed)

    @property
    def waiting(self) -> int:
        """How many entries wait in the spool; 0 where it cannot be read."""
        try:
            return self._spool.waiting()
        except OSError:
            logger.exception("the spool cannot be read")
            return 0

    def reserve(self) -> None:
        """Take the spool's place on the disk; a failure is reported."""
        try:
            self._spool.reserve()
        except OSError as error:
            logger.error("%s 占不到位置（%s）：磁盘满了就存不下问答 / no room for the spool", self._spool.path, error)

    def write_waiting(self) -> int:
        """Write what waits, in order; how many entries. Raises `LogUnavailable` where the log cannot be written yet.

        One thread of a process at a time: another gets 0.
        """
        if not self._writing_later.acquire(blocking=False):
            return 0
        try:
            written = 0
            while self._spool.waiting():
                written += self._write_batch(self._spool.first(BATCH))
            return written
        finally:
            self._writing_later.release()

    def close(self) -> None:
        """End the thread that writes; what is being written may end by itself."""
        self._writer.shutdown(wait=False)

    def _keep(self, kept: _Kept, patience_s: float | None, write: Callable[..., Any], *arguments: Any) -> None:
        patience = self._patience_s if patience_s is None else min(patience_s, self._patience_s)
        if self.waiting or not self._written_now(kept, patience, write, *arguments):
            self._spooled(kept)

    def _written_now(self, kept: _Kept, patience_s: float, write: Callable[..., Any], *arguments: Any) -> bool:
        try:
            added = self._writer.submit(write, *arguments).result(patience_s)
            if kept.kind == "turn":
                LOGGED_TURNS.inc(added)
            return True
        except TookTooLong:
            logger.error("the log takes longer than %.1f s; %s %s is spooled", patience_s, kept.kind, kept.name)
        except Exception:
            logger.exception("%s %s of %s could not be logged; it is spooled", kept.kind, kept.name, kept.session)
        return False

    def _spooled(self, kept: _Kept) -> None:
        LOG_WRITE_FAILURES.labels(kept.kind).inc()
        try:
            self._spool.append(kept.entry())
        except Exception:
            logger.exception(
                "%s %s of %s could not be logged nor spooled; its words are in the tracker",
                *(kept.kind, kept.name, kept.session),
            )

    def _write(self, entry: Spooled) -> None:
        body = entry.body
        if entry.kind == "turn":
            LOGGED_TURNS.inc(self._log.record(msgspec.convert(body, Turn)))
        elif entry.kind == "request":
            self._book.record(msgspec.convert(body, StaffRequest))
        elif entry.kind == "contact":
            self._book.add_sealed_contact(body["answer_id"], body["sealed"])

    def _write_batch(self, lines: list[SpoolLine]) -> int:
        written: list[SpoolLine] = []
        try:
            for line in lines:
                self._write_late(line)
                written.append(line)
        finally:
            self._spool.done(written)
        return len(written)

    def _write_late(self, line: SpoolLine) -> None:
        if line.entry is None:
            logger.error("%d bytes of the spool are no entry and were thrown away", len(line.raw))
            return
        try:
            self._write(line.entry)
        except LogConflict:  # it is there
            return
        except Exception as error:
            if isinstance(error, LogUnavailable) and not _is_of_entry(error):
                raise
            self._try_again_last(line.entry)

    def _try_again_last(self, entry: Spooled) -> None:
        """What the log refuses goes behind all others, and after `TRIES` nowhere: it holds nobody up."""
        if entry.tries + 1 < TRIES:
            with suppress(OSError, SpoolFull):
                self._spool.append(msgspec.structs.replace(entry, tries=entry.tries + 1))
                return
        logger.exception("%s of %s is refused by the log and was given up", entry.kind, entry.session)


def _is_of_entry(error: LogUnavailable) -> bool:
    """Whether the database works and would not take this entry: it would never, so nothing waits for it."""
    return error.__cause__ is not None and not isinstance(error.__cause__, (*_WAIT_FOR, OSError))
