"""A whole dialogue, and beside each turn what the bot thought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.orm import Session

from conversations.turns import Turn
from knowledge.reply.answer import Outcome
from review.correcting.corrections import KIND_NAMES
from review.correcting.danger import is_correctable
from review.correcting.decided import that_decided
from review.correcting.intents import INTENTS
from review.correcting.listing import corrections_of
from review.correcting.plan_lookup import SIGNAL_NAMES, PlanLookup, RankedCommitment
from review.database.work import CorrectionRow, NoteRow, TagRow, TriageRow
from review.errors import NothingThere
from review.inbox import handling
from review.inbox.why import leaned_on, why
from review.language import translator
from review.steps import step_name
from review.triage.reasons import explain, outcome_of
from review.visit import Visit

MOST_TURNS = 200  # of one session on one page: more than anyone asks in a day
NEAR = 5


@dataclass(frozen=True)
class ShownTurn:
    """A turn with everything that the page shows of it."""

    turn: Turn
    text: str
    triage: TriageRow | None
    reasons: Sequence[tuple[str, float]]
    intents: Sequence[tuple[str, float]]
    near: Sequence[RankedCommitment]
    new_words: Sequence[str]
    tags: Sequence[str]
    notes: Sequence[NoteRow]
    corrections: Sequence[CorrectionRow]
    why: str
    decided_by: CorrectionRow | None = None
    leaned_on: Turn | None = None
    leaned_on_title: str = ""

    @property
    def outcome(self) -> str:
        """What it was answered with, as the console calls it."""
        return outcome_of(self.turn.outcome, self.turn.step)

    @property
    def is_correctable(self) -> bool:
        """Whether a correction could change what was answered, see `correcting.danger`."""
        return is_correctable(self.turn.outcome, self.turn.danger)


def show(visit: Visit) -> web.Response:
    """The dialogue of a session, oldest turn first."""
    return page_of(visit, visit.part("session"), visit.query.get("turn", ""))


def page_of(visit: Visit, name: str, current: str) -> web.Response:
    """The dialogue of the session `name`; `current` is the turn that somebody looks at."""
    turns = visit.desk.turns.history(name, limit=MOST_TURNS)
    if not turns:
        raise NothingThere(
            "没有这段会话，可能已按保存期限或居民要求删除 / no such conversation: it may have been erased"
        )
    with visit.desk.reading() as session:
        shown = [shown_turn(visit, session, turn, leaned_on(turns, at)) for at, turn in enumerate(turns)]
        return visit.page(
            "conversation.html",
            session_name=name,
            turns=shown,
            current=current,
            people=handling.colleagues(session),
            **labels(),
        )


def labels() -> dict[str, Any]:
    """Names of intents, steps, signals and kinds for templates."""
    return {
        "intent_names": INTENTS,
        "step_name": step_name,
        "signal_names": SIGNAL_NAMES,
        "kind_names": KIND_NAMES,
        "Outcome": Outcome,
    }


def shown_turn(visit: Visit, session: Session, turn: Turn, before: Turn | None = None) -> ShownTurn:
    """A turn with its place in the inbox, its candidates, what colleagues did with it, and the turn `before` it leaned on."""
    plan: PlanLookup = visit.desk.plan
    triage = session.get(TriageRow, turn.id)
    return ShownTurn(
        turn=turn,
        text="\n\n".join(str(message["text"]) for message in turn.reply if message.get("text")),
        triage=triage,
        reasons=explain(triage.reasons) if triage else (),
        intents=sorted(turn.intents.items(), key=lambda pair: -pair[1])[:3],
        near=plan.found(turn.candidates)[:NEAR],
        new_words=visit.desk.triage.new_words(turn.question),
        tags=list(session.scalars(select(TagRow.tag).where(TagRow.turn_id == turn.id).order_by(TagRow.tag))),
        notes=list(session.scalars(select(NoteRow).where(NoteRow.turn_id == turn.id).order_by(NoteRow.id))),
        corrections=corrections_of(session, turn.id),
        why=_explained(visit, turn),
        decided_by=that_decided(session, visit.desk.finder, turn),
        leaned_on=before,
        leaned_on_title=_title(plan, before),
    )


def _explained(visit: Visit, turn: Turn) -> str:
    say, found = translator(visit.language), why(turn)
    return say(found.sentence).format(**found.values, step=say(found.step))


def _title(plan: PlanLookup, turn: Turn | None) -> str:
    commitment = plan.commitment(turn.citations[0]) if turn and turn.citations else None
    return commitment.title if commitment else ""
