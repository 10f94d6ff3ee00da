"""What a candidate is asked besides the frozen questions: approved corrections, and what residents asked last week."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from conversations.database import Database
from conversations.errors import ConversationsError
from conversations.models import TurnRow
from review.correcting.of_plan import BOUND, plan_at, plan_of
from review.correcting.statuses import APPROVED
from review.database.work import CorrectionRow
from review.errors import GateNotRun
from review.settings import Settings
from review.triage.reasons import LEANING_INTENTS

DAYS = 7
MOST_QUESTIONS = 300  # differences are for a person to look at; the most frequent ones are what most residents meet
MOST_READ = 100_000  # turns of the week, the newest: a busy week is a sample
NOT_COMPARED = ("chat", "handoff")  # a greeting or a complaint is no question to the plan


@dataclass
class _Asked:
    turn_id: str
    times: int = 0


@contextmanager
def log_of(settings: Settings) -> Iterator[Engine]:
    """The conversation log's database, brought to this version where nobody has asked yet. Raises `GateNotRun`."""
    log = Database(settings.log_url)
    try:
        log.ensure_ready()
        yield log.engine
    except ConversationsError as error:
        raise GateNotRun(str(error)) from error
    finally:
        log.close()


def approved_corrections(session: Session) -> list[dict[str, Any]]:
    """As `evaluation.gate` reads them, oldest first. One that was taken back demands nothing any more.

    Nor one of an adopted plan, for the gate compares releases of the repository's plan.
    """
    rows = session.scalars(select(CorrectionRow).where(CorrectionRow.status == APPROVED).order_by(CorrectionRow.id))
    plan = plan_at(session)
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "decided_at": (row.decided_at or row.made_at).isoformat(),
            "question": row.question,
            "commitment_id": row.commitment_id,
            "intent": row.intent,
            "word": row.word,
            "means": row.means,
        }
        for row in rows
        if row.kind not in BOUND or not plan_of(row, plan)
    ]


def real_questions(log: Session, now: datetime) -> list[dict[str, Any]]:
    """Distinct questions of the last `DAYS` days, most frequent first, at most `MOST_QUESTIONS`.

    Left out: what holds personal data (masked), what leans on the question before it, and where danger was noticed: who
    was in need is no test. `id` is the latest turn's.
    """
    columns = select(TurnRow.id, TurnRow.question, TurnRow.masked, TurnRow.intent, TurnRow.outcome)
    week = columns.where(TurnRow.asked_at > now - timedelta(days=DAYS), TurnRow.danger == "")
    week = week.order_by(TurnRow.asked_at.desc())
    found: dict[str, _Asked] = {}
    for row in log.execute(week.limit(MOST_READ)):
        if not row.masked and row.intent not in LEANING_INTENTS and row.outcome not in NOT_COMPARED and row.question:
            found.setdefault(row.question, _Asked(row.id)).times += 1
    return [
        {"id": asked.turn_id, "question": question, "asked": asked.times}
        for question, asked in most_frequent(list(found.items()))
    ]


def most_frequent(asked: Sequence[tuple[str, _Asked]]) -> list[tuple[str, _Asked]]:
    """The first `MOST_QUESTIONS` by how often, of equally frequent ones the latest."""
    return sorted(asked, key=lambda pair: -pair[1].times)[:MOST_QUESTIONS]
