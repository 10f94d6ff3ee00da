"""Reads what is new in the log, turn by turn, and gives each its place in the inbox and in the counts."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from functools import cached_property
from typing import Any

from sqlalchemy import and_, delete, func, or_, select, text, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from conversations.erasure import ERASED
from conversations.models import TurnRow
from knowledge.groundwork import settings as knowledge_settings
from knowledge.language.vocabulary import Vocabulary
from review.database.engine import reading, transaction
from review.database.work import CorrectionRow, NoteRow, StateRow, TagRow, TriageRow
from review.triage.alike import alike_key, elect, stand_together
from review.triage.choices import choices_in, propose
from review.triage.counting import Counts, day_of
from review.triage.reasons import LoggedTurn, Reason, reasons_after, reasons_of, reasons_of_thumb, score_of

logger = logging.getLogger(__name__)
BATCH = 500  # turns a transaction: a fifth of a second, for which the bot may have to wait to write its own
MOST_RATED = 2000  # thumbs looked at once
OVERLAP = timedelta(minutes=2)  # a turn is logged when its reply goes out, up to so long after it was asked
VERY_LATE = timedelta(hours=6)  # through a queue that was down: looked for once a minute
SWEPT = 5000  # turns looked at for erasure at once: under 100 ms
SWEEP_CURSOR = "sweep"
CURSOR, FEEDBACK_CURSOR = "triage", "feedback"
_LOCK = 50_80_0001  # PostgreSQL's name of the lock: one process at a time reads on
_CHINESE_WORD = re.compile(r"[\u4e00-\u9fff]{2,}")
_PLACEHOLDER = re.compile(r"[〔\[【<][^〕\]】>]{1,12}[〕\]】>]")
_START = datetime(1970, 1, 1, tzinfo=timezone.utc)
COLUMNS = tuple(
    getattr(TurnRow, name)
    for name in (
        *("id", "asked_at", "session", "channel", "question", "topic", "outcome", "danger", "intent", "intents"),
        *("confidence", "answerable", "margin", "candidates", "commitment_id", "feedback", "total_ms", "feedback_at"),
        *("model", "knowledge", "step"),
    )
)


class TriageReader:
    """Moves on through the log. Safe to run in several processes: they take turns."""

    def __init__(self, log: Engine, review: Engine) -> None:
        self.log = log
        self.review = review

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words that the plan and the sample questions know."""
        return Vocabulary.load(knowledge_settings.knowledge_paths().vocabulary)

    def read_all(self) -> int:
        """Read until nothing is new; how many turns were."""
        total = 0
        while new := self.read_on():
            total += new
        return total

    def read_on(self, late: timedelta = OVERLAP) -> int:
        """Read one batch, and the thumbs given since; how many turns were new.

        `late` is how far back to look for turns that were logged after younger ones. The bot writes to the same
        database: everything slow is done before the write transaction begins, and none begins where nothing is new.
        """
        _ = self.vocabulary.tokenizer
        with reading(self.review) as session:
            turns, cursor = self._new_turns(session, late)
            rated, feedback_cursor = self._new_feedback(session) if len(turns) < BATCH else ([], None)
        if not turns and not rated:
            return 0
        return self.place(turns, rated, {CURSOR: cursor, FEEDBACK_CURSOR: feedback_cursor})

    def place(
        self, turns: Sequence[LoggedTurn], rated: Sequence[LoggedTurn] = (), cursors: Mapping[str, Any] | None = None
    ) -> int:
        """Give turns, oldest first, their places, and others their thumbs; how many turns had none yet."""
        with reading(self.review) as session:
            reasons = {turn.id: reasons_of(turn, lambda text: bool(self.new_words(text))) for turn in turns}
            before = self._turns_before(session, turns)
            choices = choices_in(self.log, turns, before)
        with transaction(self.review) as session:
            if not _may_read(session):
                return 0
            known, counts = existing(session, [turn.id for turn in turns]), Counts()
            _take(session, turns, reasons, before, counts, known)
            propose(session, [choice for choice in choices if choice.chosen_by not in known])
            elect(session, [_take_feedback(session, turn, counts) for turn in rated])
            counts.save(session)
            for key, value in (cursors or {}).items():
                if value is not None:
                    session.merge(StateRow(key=key, value=value))
        return len(turns) - len(known)

    def forget_erased(self) -> int:
        """Drop what the console keeps of turns that the log has no more: their places, tags and notes; how many turns.

        Of corrections the link to the turn goes, and the question of those that nobody approved: these are refused.
        What was approved has been read, is masked, and is taught already. Looks at one part of the inbox each time, the next part the next time, so that it never takes long.
        """
        with reading(self.review) as session:
            state = session.get(StateRow, SWEEP_CURSOR)
            after = state.value if state else ""
            query = select(TriageRow.turn_id).where(TriageRow.turn_id > after).order_by(TriageRow.turn_id).limit(SWEPT)
            ids = list(session.scalars(query))
        kept: set[str] = set()
        with reading(self.log) as log:
            for part in parts(ids):
                kept.update(log.scalars(select(TurnRow.id).where(TurnRow.id.in_(part))))
        gone = [identifier for identifier in ids if identifier not in kept]
        with transaction(self.review) as session:
            alike: set[str] = set()
            for part in parts(gone):
                alike.update(session.scalars(select(TriageRow.alike).where(TriageRow.turn_id.in_(part))))
                for table in (TriageRow, TagRow, NoteRow):
                    session.execute(
                        delete(table).where(table.turn_id.in_(part)).execution_options(synchronize_session=False)
                    )
                _forget_corrections(session, part)
            elect(session, alike)
            session.merge(StateRow(key=SWEEP_CURSOR, value=ids[-1] if len(ids) == SWEPT else ""))
        return len(gone)

    def new_words(self, question: str) -> list[str]:
        """The words of a question that neither the plan, nor the sample questions, nor a dictionary know."""
        plain = _PLACEHOLDER.sub(" ", question)
        words = self.vocabulary.tokenizer.lcut(plain)
        return [w for w in dict.fromkeys(words) if _CHINESE_WORD.fullmatch(w) and not self.vocabulary.is_common_word(w)]

    def _new_turns(self, session: Session, late: timedelta) -> tuple[list[LoggedTurn], list[str] | None]:
        """Turns not placed yet, oldest first, and the cursor after them (None: as before)."""
        state, cursor = session.get(StateRow, CURSOR), None
        at, last = (datetime.fromisoformat(state.value[0]), state.value[1]) if state else (_START, "")
        later = or_(TurnRow.asked_at > at, and_(TurnRow.asked_at == at, TurnRow.id > last))
        after = and_(TurnRow.asked_at >= at, later)  # the first alone lets the index be entered at the right place
        with reading(self.log) as log:
            rows = log.execute(select(*COLUMNS).where(after).order_by(TurnRow.asked_at, TurnRow.id).limit(BATCH)).all()
            if rows:
                cursor = [rows[-1].asked_at.isoformat(), rows[-1].id]
            if state and len(rows) < BATCH:
                ids = list(log.scalars(select(TurnRow.id).where(TurnRow.asked_at > at - late, TurnRow.asked_at <= at)))
                known = existing(session, ids)
                missed = [identifier for identifier in ids if identifier not in known][:BATCH]
                rows += log.execute(select(*COLUMNS).where(TurnRow.id.in_(missed))).all()
        known = existing(session, [row.id for row in rows])
        new = sorted((row for row in rows if row.id not in known), key=lambda row: (row.asked_at, row.id))
        return [LoggedTurn.from_row(row) for row in new], cursor

    def _new_feedback(self, session: Session) -> tuple[list[LoggedTurn], str | None]:
        """Placed turns whose thumb is another than they were placed with, and the cursor after them."""
        state = session.get(StateRow, FEEDBACK_CURSOR)
        since = datetime.fromisoformat(state.value) if state else _START
        query = select(*COLUMNS).where(TurnRow.feedback_at > since - OVERLAP).order_by(TurnRow.feedback_at)
        with reading(self.log) as log:
            rows = log.execute(query.limit(MOST_RATED)).all()
        seen = {
            row.turn_id: row.feedback
            for part in parts([row.id for row in rows])
            for row in session.execute(select(TriageRow.turn_id, TriageRow.feedback).where(TriageRow.turn_id.in_(part)))
        }
        changed = [row for row in rows if row.id in seen and seen[row.id] != (row.feedback or "")]
        cursor = rows[-1].feedback_at.isoformat() if rows else None
        return [LoggedTurn.from_row(row) for row in changed], cursor

    def _turns_before(self, session: Session, turns: Sequence[LoggedTurn]) -> dict[str, LoggedTurn]:
        """Session → its latest turn that was read before."""
        found: dict[str, LoggedTurn] = {}
        for part in parts(sorted({turn.session for turn in turns})):
            latest = (
                select(TriageRow.session, func.max(TriageRow.asked_at).label("at"))
                .where(TriageRow.session.in_(part))
                .group_by(TriageRow.session)
                .subquery()
            )
            query = select(TriageRow.turn_id).join(
                latest, and_(TriageRow.session == latest.c.session, TriageRow.asked_at == latest.c.at)
            )
            ids = list(session.scalars(query))
            with reading(self.log) as log:
                for row in log.execute(select(*COLUMNS).where(TurnRow.id.in_(ids))):
                    found[row.session] = LoggedTurn.from_row(row)
        return found


def _take(
    session: Session,
    turns: Sequence[LoggedTurn],
    reasons: Mapping[str, Reason],
    before: dict[str, LoggedTurn],
    counts: Counts,
    known: Collection[str],
) -> None:
    """Place turns, oldest first. `known` were placed by another reader since: they only are what came before others."""
    placed: dict[str, dict[str, Any]] = {}
    rated: list[str] = []
    for turn in turns:
        if turn.id in known:
            before[turn.session] = turn
            continue
        previous = before.get(turn.session)
        counts.add(turn, first_of_session=previous is None or day_of(previous) != day_of(turn))
        placed[turn.id] = _place(turn, reasons[turn.id])
        if previous is not None and (shown := reasons_after(previous, turn)):
            rated.append(_mark(session, placed, previous.id, shown))
        before[turn.session] = turn
    if placed:
        stand_together(session, placed.values())
        session.execute(TriageRow.__table__.insert(), list(placed.values()))
    elect(session, rated)


def _place(turn: LoggedTurn, reasons: Reason) -> dict[str, Any]:
    return {
        "turn_id": turn.id,
        "asked_at": turn.asked_at,
        "session": turn.session,
        "channel": turn.channel,
        "topic": turn.topic,
        "outcome": turn.outcome,
        "feedback": turn.feedback,
        "confidence": turn.answerable if turn.answerable is not None else turn.confidence,
        "commitment_id": turn.commitment_id,
        "score": score_of(reasons),
        "reasons": int(reasons),
        "alike": alike_key(turn),
        "stands_for": 1,
    }


def _take_feedback(session: Session, turn: LoggedTurn, counts: Counts) -> str:
    """A thumb given or replaced since; a thumb down brings a finished turn back. Returns the turn's `alike`."""
    placed = session.get(TriageRow, turn.id)
    if placed is None or placed.feedback == turn.feedback:
        return ""
    counts.rate(turn, placed.feedback, -1)
    counts.rate(turn, turn.feedback, 1)
    placed.feedback = turn.feedback
    reasons = Reason(placed.reasons) & ~(Reason.DOWN | Reason.SHOWN_WRONG)
    _rate(placed, reasons | reasons_of_thumb(turn.outcome, turn.feedback))
    if turn.feedback == "down" and placed.status == "done":
        placed.status, placed.version = "new", placed.version + 1
    return str(placed.alike)


def _mark(session: Session, placed: dict[str, dict[str, Any]], turn_id: str, shown: Reason) -> str:
    """The turn is in this batch, or was placed before: then its `alike` is returned."""
    if turn_id in placed:
        reasons = Reason(placed[turn_id]["reasons"]) | shown
        placed[turn_id] |= {"reasons": int(reasons), "score": score_of(reasons)}
        return ""
    row = session.get(TriageRow, turn_id)
    if row is None:
        return ""
    _rate(row, Reason(row.reasons) | shown)
    return str(row.alike)


def _rate(row: TriageRow, reasons: Reason) -> None:
    row.reasons, row.score = int(reasons), score_of(reasons)


def _may_read(session: Session) -> bool:
    if session.get_bind().dialect.name != "postgresql":
        return True  # SQLite's write transaction is the lock
    return bool(session.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _LOCK}))


def existing(session: Session, ids: Sequence[str]) -> set[str]:
    """Which of these turns are placed."""
    found: set[str] = set()
    for part in parts(ids):
        found.update(session.scalars(select(TriageRow.turn_id).where(TriageRow.turn_id.in_(part))))
    return found


def parts(items: Sequence[str], size: int = 500) -> Iterator[Sequence[str]]:
    """Parts that fit into one `IN (…)`."""
    yield from (items[start : start + size] for start in range(0, len(items), size))


def _forget_corrections(session: Session, turn_ids: Sequence[str]) -> None:
    theirs = update(CorrectionRow).where(CorrectionRow.turn_id.in_(turn_ids))
    never_approved = theirs.where(CorrectionRow.status.in_(("pending", "refused")))
    erased = {"question": ERASED, "status": "refused", "version": CorrectionRow.version + 1}
    for change in (never_approved.values(**erased), theirs.values(turn_id="")):
        session.execute(change.execution_options(synchronize_session=False))
