"""The log of turns: written once a turn, read by channels, staff and reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import msgspec
from sqlalchemy import desc, func, select, update

from conversations.database import Database
from conversations.erasure import (
    Erased,
    erase_as_due,
    erase_older_than,
    erase_session,
    erase_stragglers,
    tidy,
    was_erased,
)
from conversations.errors import LogConflict
from conversations.masking import mask
from conversations.models import TurnRow
from conversations.turns import Turn

FEEDBACK = ("up", "down")
MAX_COMMENT_CHARS = 1000
MIN_ASKERS = 3  # sessions that asked the same before it counts as often asked: nobody is recognised by a question


@dataclass(frozen=True)
class OftenAsked:
    """A commitment that many asked for, and by how many sessions."""

    commitment_id: str
    topic: str | None
    sessions: int


class TurnLog:
    """All turns in one SQL database. Safe to share between threads; every method may raise `LogUnavailable`."""

    def __init__(self, url: str | None = None) -> None:
        self._database = Database(url)

    @property
    def url(self) -> str:
        """Its database's address."""
        return self._database.url

    def record(self, turn: Turn) -> bool:
        """Write a turn; it is on disk when this returns. False if the session has this message already, or was erased.

        The first stays. Only a turn that failed and was logged without a reply gets the one that was sent after all.
        """
        try:
            with self._database.session(write=True) as session:
                if was_erased(session, turn.session, turn.asked_at):
                    return False
                session.execute(TurnRow.__table__.insert(), [values_of(turn)])
            return True
        except LogConflict:
            self._complete(turn)
            return False

    def reply_to(self, session: str, message_id: str) -> list[dict[str, Any]] | None:
        """The reply that a message of a session got, or None if it is new."""
        wanted = select(TurnRow.reply).where(TurnRow.session == session, TurnRow.message_id == message_id)
        with self._database.session() as transaction:
            return transaction.scalar(wanted) or None

    def turn(self, answer_id: str) -> Turn | None:
        """The turn of an answer."""
        with self._database.session() as session:
            row = session.get(TurnRow, answer_id)
            return turn_of(row) if row else None

    def latest_with_outcome(self, session: str, outcome: str, since: datetime) -> Turn | None:
        """The latest turn of a session that ended so at or after `since`, or None."""
        wanted = (
            select(TurnRow)
            .where(TurnRow.session == session, TurnRow.outcome == outcome, TurnRow.asked_at >= since)
            .order_by(desc(TurnRow.asked_at))
            .limit(1)
        )
        with self._database.session() as transaction:
            row = transaction.scalars(wanted).first()
            return turn_of(row) if row else None

    def history(self, session: str, limit: int = 50) -> list[Turn]:
        """The latest turns of a session, oldest first."""
        wanted = (
            select(TurnRow).where(TurnRow.session == session).order_by(desc(TurnRow.asked_at), desc(TurnRow.id))
        ).limit(limit)
        with self._database.session() as transaction:
            return [turn_of(row) for row in reversed(transaction.scalars(wanted).all())]

    def erase_session(self, session: str) -> int:
        """Erase what a session said, from the log, the requests and Rasa's tracker; how many turns it had."""
        return erase_session(self._database, session).turns

    def erase_older_than(self, days: int) -> Erased:
        """Erase the words of what is older, now; only counts remain."""
        return erase_older_than(self._database, days)

    def erase_as_due(self, days: int) -> Erased:
        """The same where the clock is believed, see `clock`."""
        return erase_as_due(self._database, days)

    def tidy(self) -> bool:
        """Clean the files of what was erased; False where that has to wait. For the background."""
        erase_stragglers(self._database)
        return tidy(self._database)

    def was_erased(self, session: str, since: datetime) -> bool:
        """Whether a session was erased at or after a moment."""
        with self._database.session() as transaction:
            return was_erased(transaction, session, since)

    def give_feedback(self, answer_id: str, value: str, comment: str = "", *, session: str | None = None) -> bool:
        """Record a thumb (`up` or `down`) on an answer; a second vote replaces the first.

        False if there is no such answer, or if it is not the `session`'s. None is for callers who know whose it is.
        """
        if value not in FEEDBACK:
            raise ValueError(f"评价是 {value!r} — 只能是 {' 或 '.join(FEEDBACK)}")
        change = update(TurnRow).where(TurnRow.id == answer_id)
        if session is not None:
            change = change.where(TurnRow.session == session)
        change = change.values(
            feedback=value,
            feedback_comment=mask(comment[:MAX_COMMENT_CHARS]).text,
            feedback_at=datetime.now(timezone.utc),
        )
        with self._database.session(write=True) as transaction:
            return bool(transaction.execute(change).rowcount)

    def most_asked(self, days: int = 30, limit: int = 10) -> list[OftenAsked]:
        """The commitments that most sessions asked for lately, most first, each by at least `MIN_ASKERS`."""
        askers = func.count(TurnRow.session.distinct())
        wanted = (
            select(TurnRow.commitment_id, func.min(TurnRow.topic), askers)
            .where(TurnRow.asked_at >= datetime.now(timezone.utc) - timedelta(days=days))
            .where(TurnRow.commitment_id.is_not(None), TurnRow.outcome == "answered", TurnRow.danger == "")
            .group_by(TurnRow.commitment_id)
            .having(askers >= MIN_ASKERS)
            .order_by(desc(askers), TurnRow.commitment_id)
            .limit(limit)
        )
        with self._database.session() as session:
            return [OftenAsked(*row) for row in session.execute(wanted)]

    def check(self) -> None:
        """Raise `LogUnavailable` with the mend if turns could not be written now."""
        self._database.ensure_ready()

    def close(self) -> None:
        """Give the connections back."""
        self._database.close()

    def _complete(self, turn: Turn) -> None:
        if turn.outcome != "error" or not turn.reply:
            return
        with self._database.session(write=True) as session:
            row = session.get(TurnRow, turn.id)
            if row is not None and not row.reply:
                row.reply, row.headline = list(turn.reply), turn.headline


def values_of(turn: Turn) -> dict[str, Any]:
    """What a turn's row holds: column → value, JSON-ready but for moments."""
    kept = {column.name: getattr(turn, column.name) for column in TurnRow.__table__.columns}
    values: dict[str, Any] = msgspec.to_builtins(kept, builtin_types=(datetime,), enc_hook=plain_value)
    return values


def plain_value(value: object) -> object:
    """A library's own kind of text or number as Python's: NLU's names of intents are NumPy's. Raises `TypeError`."""
    for plain in (str, int, float):
        if isinstance(value, plain):
            return plain(value)
    raise TypeError(f"{type(value)}: 会话记录里放不下 / cannot be kept in the log")


def turn_of(row: TurnRow) -> Turn:
    """A row as data."""
    return msgspec.convert(row, Turn, from_attributes=True)
