"""What a resident chose of the readings that the bot offered: a label for the question, proposed to staff as a correction."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from conversations.masking import mask
from conversations.models import TurnRow
from knowledge.language.question import bare_text
from review.database.columns import now
from review.database.engine import reading
from review.database.work import RESIDENTS, CorrectionRow
from review.steps import LEANING_STEPS
from review.triage.reasons import AGAIN_WITHIN, LoggedTurn

WHOLE_FROM = 5  # characters of a question that is one: of a bare word every choice is right for somebody
CHOSEN = "chosen"  # the step that reads a number (`actions/dialogue`); a touch sends the reading's own question
NOT_OFFERED_FOR_A_QUESTION = LEANING_STEPS | {"broad", "bare_word"}


@dataclass(frozen=True)
class ChosenReading:
    """A question that had several readings, its turn, the turn that chose, and the commitment that answered then."""

    turn_id: str
    chosen_by: str
    question: str
    commitment_id: str


def choices_in(log: Engine, turns: Sequence[LoggedTurn], before: Mapping[str, LoggedTurn]) -> list[ChosenReading]:
    """Choices among new turns, oldest first; `before` is each session's last turn before them.

    A choice is a number, or the very words of a reading that was offered: what the resident asked next by themselves is
    another question.
    """
    pairs = [(offer, turn) for offer, turn in _pairs(turns, before) if _may_choose(offer, turn)]
    offered = _offered(log, [offer.id for offer, _ in pairs])
    return [
        ChosenReading(offer.id, turn.id, offer.question, turn.commitment_id)
        for offer, turn in pairs
        if offer.id in offered and (turn.step == CHOSEN or turn.question.strip() in offered[offer.id])
    ]


def propose(session: Session, choices: Sequence[ChosenReading]) -> None:
    """A pending correction for each; where there is one already it counts, and what staff decided is not asked again."""
    for choice in choices:
        question = mask(choice.question.strip()).text
        same = select(CorrectionRow).where(CorrectionRow.kind == "link", CorrectionRow.question == question)
        row = session.scalars(same.where(CorrectionRow.commitment_id == choice.commitment_id)).first()
        if row is not None:
            row.choices += 1 if row.choices else 0
            continue
        about = {"question": question, "commitment_id": choice.commitment_id, "turn_id": choice.turn_id, "choices": 1}
        session.add(CorrectionRow(kind="link", **about, status="pending", made_by=RESIDENTS, made_at=now()))
        session.flush()


def _pairs(turns: Sequence[LoggedTurn], before: Mapping[str, LoggedTurn]) -> Iterator[tuple[LoggedTurn, LoggedTurn]]:
    last = dict(before)
    for turn in turns:
        if turn.session in last:
            yield last[turn.session], turn
        last[turn.session] = turn


def _may_choose(offer: LoggedTurn, turn: LoggedTurn) -> bool:
    """Whether readings of a whole question were offered, without danger, and one commitment answered soon after."""
    if offer.outcome != "clarify" or offer.danger or offer.step in NOT_OFFERED_FOR_A_QUESTION:
        return False
    if turn.outcome != "answered" or not turn.commitment_id or turn.step == "listed":
        return False
    return len(bare_text(offer.question)) >= WHOLE_FROM and turn.asked_at - offer.asked_at <= AGAIN_WITHIN


def _offered(log: Engine, turn_ids: Sequence[str]) -> Mapping[str, Collection[str]]:
    """Turn → what its choices send back, of turns whose question holds no personal data."""
    if not turn_ids:
        return {}
    with reading(log) as session:
        rows = session.execute(select(TurnRow.id, TurnRow.reply, TurnRow.masked).where(TurnRow.id.in_(turn_ids)))
        return {row.id: _payloads(row.reply) for row in rows if not row.masked}


def _payloads(reply: Sequence[Mapping[str, object]]) -> set[str]:
    customs = [message["custom"] for message in reply or () if isinstance(message.get("custom"), dict)]
    related = [each for custom in customs if isinstance(custom, dict) for each in custom.get("related") or ()]
    return {str(each.get("payload", "")).strip() for each in related}
