"""The log of turns: written once a turn, read by channels, staff and reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import desc, func, select, update

from conversations.database import Database
from conversations.erasure import Erased, erase_older_than, erase_session
from conversations.errors import LogConflict
from conversations.masking import mask
from conversations.models import TurnRow
from conversations.turns import Turn, TurnCandidate

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

    def record(self, turn: Turn) -> bool:
        """Write a turn; it is on disk when this returns. False if the session has this message already.

        The first stays. Only a turn that failed and was logged without a reply gets the one that was sent after all.
        """
        try:
            with self._database.session(write=True) as session:
                session.execute(TurnRow.__table__.insert(), [_values(turn)])
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
        """Erase the words of what is older; only counts remain."""
        return erase_older_than(self._database, days)

    def give_feedback(self, answer_id: str, value: str, comment: str = "") -> bool:
        """Record a thumb (`up` or `down`) on an answer; a second vote replaces the first. False if there is no such answer."""
        if value not in FEEDBACK:
            raise ValueError(f"评价是 {value!r} — 只能是 {' 或 '.join(FEEDBACK)}")
        change = (
            update(TurnRow)
            .where(TurnRow.id == answer_id)
            .values(
                feedback=value,
                feedback_comment=mask(comment[:MAX_COMMENT_CHARS]).text,
                feedback_at=datetime.now(timezone.utc),
            )
        )
        with self._database.session(write=True) as session:
            return bool(session.execute(change).rowcount)

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


def _values(turn: Turn) -> dict[str, Any]:
    return {
        "id": turn.id,
        "asked_at": turn.asked_at,
        "channel": turn.channel,
        "session": turn.session,
        "message_id": turn.message_id,
        "question": turn.question,
        "masked": list(turn.masked),
        "understood": turn.understood,
        "guesses": [list(pair) for pair in turn.guesses],
        "intent": turn.intent,
        "confidence": turn.confidence,
        "intents": dict(turn.intents),
        "entities": [dict(entity) for entity in turn.entities],
        "candidates": [
            {"commitment_id": c.commitment_id, "probability": c.probability, "signals": dict(c.signals)}
            for c in turn.candidates
        ],
        "answerable": turn.answerable,
        "silence": turn.silence,
        "margin": turn.margin,
        "aspect": turn.aspect,
        "outcome": turn.outcome,
        "danger": turn.danger,
        "step": turn.step,
        "topic": turn.topic,
        "headline": turn.headline,
        "commitment_id": turn.citations[0] if turn.citations else None,
        "citations": list(turn.citations),
        "reply": [dict(message) for message in turn.reply],
        "latency_ms": dict(turn.latency_ms),
        "total_ms": turn.latency_ms.get("total"),
        "model": turn.model,
        "knowledge": turn.knowledge,
        "feedback": turn.feedback,
        "feedback_comment": turn.feedback_comment,
        "feedback_at": turn.feedback_at,
    }


def turn_of(row: TurnRow) -> Turn:
    """A row as data."""
    return Turn(
        id=row.id,
        session=row.session,
        channel=row.channel,
        message_id=row.message_id,
        asked_at=row.asked_at,
        question=row.question,
        outcome=row.outcome,
        reply=row.reply,
        masked=row.masked,
        understood=row.understood,
        guesses=row.guesses,
        intents=row.intents,
        entities=row.entities,
        candidates=[TurnCandidate(**candidate) for candidate in row.candidates],
        answerable=row.answerable,
        silence=row.silence,
        aspect=row.aspect,
        danger=row.danger,
        step=row.step,
        topic=row.topic,
        headline=row.headline,
        citations=row.citations,
        latency_ms=row.latency_ms,
        model=row.model,
        knowledge=row.knowledge,
        feedback=row.feedback,
        feedback_comment=row.feedback_comment,
        feedback_at=row.feedback_at,
    )
