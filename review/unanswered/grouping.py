"""Makes the groups that the page shows: of what waits for staff, and of what the plan does not say."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import numpy as np
from sqlalchemy import delete, or_, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from conversations.models import TurnRow
from knowledge.encoder.text_encoder import DIMENSIONS, Vectors
from knowledge.reply.judging import REFUSALS
from review.database.columns import now
from review.database.engine import reading, transaction
from review.database.work import CorrectionRow, GroupRow, StateRow, TriageRow
from review.triage.reasons import LEANING_INTENTS
from review.unanswered.clustering import cluster

logger = logging.getLogger(__name__)
WORK, REPORT = "work", "report"
GROUPED = "grouped"  # key of the time of the last run
DAYS = 30
MAX_QUESTIONS = 2000  # different ones, the newest: vectors take 10 ms each, and their distances 32 MB
MAX_KEPT = 200  # turns of a group, and groups
EVERY = timedelta(hours=1)
Encode = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True)
class _Turn:
    id: str
    session: str
    question: str
    topic: str
    aspect: str


class Grouper:
    """Groups the last `DAYS` days, one run at a time. `encode` gives unit vectors of questions."""

    def __init__(self, log: Engine, review: Engine, encode: Encode) -> None:
        self._log = log
        self._review = review
        self._encode = encode
        self._vectors: dict[str, Vectors] = {}
        self._running = threading.Lock()

    @property
    def is_running(self) -> bool:
        """Whether groups are being made now."""
        return self._running.locked()

    def is_due(self) -> bool:
        """Whether the last run is longer ago than `EVERY`, or there was none."""
        with reading(self._review) as session:
            state = session.get(StateRow, GROUPED)
        return state is None or now() - datetime.fromisoformat(state.value) > EVERY

    def run(self) -> int:
        """Make all groups anew; how many, 0 if another run is under way."""
        if not self._running.acquire(blocking=False):
            return 0
        try:
            since = now() - timedelta(days=DAYS)
            made = sum(self._group(kind, since) for kind in (WORK, REPORT))
            with transaction(self._review) as session:
                session.merge(StateRow(key=GROUPED, value=now().isoformat()))
            return made
        finally:
            self._running.release()

    def _group(self, kind: str, since: datetime) -> int:
        turns = self._turns(kind, since)
        by_question: dict[str, list[_Turn]] = {}
        for turn in turns:
            if turn.question in by_question or len(by_question) < MAX_QUESTIONS:
                by_question.setdefault(turn.question, []).append(turn)
        questions = list(by_question)
        found = cluster(self._encoded(questions), [len(by_question[q]) for q in questions])
        rows = []
        for group in found[:MAX_KEPT]:
            members = [turn for position in group.members for turn in by_question[questions[position]]]
            if len(members) > 1:
                rows.append(_row(kind, by_question[questions[group.typical]][0], members))
        with transaction(self._review) as session:
            session.execute(delete(GroupRow).where(GroupRow.kind == kind))
            session.add_all(rows)
        return len(rows)

    def _turns(self, kind: str, since: datetime) -> list[_Turn]:
        with reading(self._review) as session:
            ids = list(session.scalars(_wanted(kind, since).limit(MAX_QUESTIONS * 5)))
            if kind == REPORT:
                ids = _without_answered(session, ids)
        turns: list[_Turn] = []
        columns = (TurnRow.id, TurnRow.session, TurnRow.question, TurnRow.topic, TurnRow.aspect)
        with reading(self._log) as log:
            for start in range(0, len(ids), 500):
                for row in log.execute(_groupable(select(*columns).where(TurnRow.id.in_(ids[start : start + 500])))):
                    turns.append(_Turn(row.id, row.session, row.question.strip(), row.topic or "", row.aspect))
        order = {identifier: at for at, identifier in enumerate(ids)}
        return sorted((turn for turn in turns if turn.question), key=lambda turn: order[turn.id])

    def _encoded(self, questions: Sequence[str]) -> Vectors:
        new = [q for q in questions if q not in self._vectors]
        if new:
            self._vectors.update(zip(new, self._encode(new)))
        self._vectors = {q: self._vectors[q] for q in questions}
        return np.array([self._vectors[q] for q in questions], dtype=np.float32).reshape(-1, DIMENSIONS)


def _groupable(query: Any) -> Any:
    """Without turns that only mean something after the one before, 「有多少」 is no question of its own, and without danger.

    Who is or may be in danger is looked at one by one, and is nothing that the plan is silent about.
    """
    return query.where(TurnRow.intent.not_in(LEANING_INTENTS), TurnRow.danger == "")


def _wanted(kind: str, since: datetime) -> Any:
    newest = select(TriageRow.turn_id).where(TriageRow.asked_at >= since).order_by(TriageRow.asked_at.desc())
    if kind == REPORT:
        return newest.where(TriageRow.outcome == "not_in_plan")
    return newest.where(TriageRow.status == "new", or_(TriageRow.outcome.in_(REFUSALS), TriageRow.feedback == "down"))


def _without_answered(session: Session, ids: Sequence[str]) -> list[str]:
    """Without the turns of which somebody said that the plan does answer them, or that they are none of our business."""
    other = select(CorrectionRow.turn_id).where(CorrectionRow.kind.in_(("link", "not_ours", "intent")))
    answered = set(session.scalars(other.where(CorrectionRow.status == "approved")))
    return [identifier for identifier in ids if identifier not in answered]


def _row(kind: str, typical: _Turn, members: Sequence[_Turn]) -> GroupRow:
    topics = Counter(turn.topic for turn in members)
    aspects = Counter(turn.aspect for turn in members if turn.aspect)
    return GroupRow(
        id=f"{kind[0]}-{sha256(typical.id.encode()).hexdigest()[:16]}",
        kind=kind,
        made_at=now(),
        days=DAYS,
        size=len(members),
        sessions=len({turn.session for turn in members}),
        typical=typical.id,
        turns=[turn.id for turn in members[:MAX_KEPT]],
        topic=topics.most_common(1)[0][0],
        aspect=aspects.most_common(1)[0][0] if aspects else "",
    )
