"""Why a turn deserves a person's look, and how much each reason weighs.

The weights order the inbox by what harms: danger before everything, then a passage that was shown and voted down, then
what a resident said was not meant: these may have been believed. They are a decision, not a measurement. Acute danger
weighs more than all other reasons together, so that no sum of them comes before it; what was shown wrong, and what was
corrected, more than what honest refusals and failures gather. A doubtful danger, whose answer had the numbers under it,
comes before any turn with one other reason of these, and lies among those with two: it is often a false alarm, and a
flood of these must not bury what went wrong twice. Below, a turn with two reasons comes before a turn with one, a thumb
down before everything else but a failure. A question asked during a pause waits at the end: nothing went wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntFlag
from typing import Any

from conversations.turns import PAUSED
from knowledge.catalogue.training_data import TOPIC_OF_INTENT
from knowledge.reply.answer import Outcome
from knowledge.reply.judging import REFUSALS


class Reason(IntFlag):
    """The reasons; a turn has a sum of them."""

    DOWN = 1
    REFUSED = 2
    UNSURE = 4
    ASKED_AGAIN = 8
    HANDED_OFF = 16
    NEW_WORDS = 32
    FAILED = 64
    DANGER = 128
    PERHAPS_DANGER = 256
    CORRECTED = 512
    SHOWN_WRONG = 1024
    ASKED_IN_PAUSE = 2048


WEIGHTS: Mapping[Reason, float] = {
    Reason.DANGER: 100.0,
    Reason.SHOWN_WRONG: 15.0,
    Reason.CORRECTED: 14.0,
    Reason.PERHAPS_DANGER: 8.0,
    Reason.FAILED: 6.0,
    Reason.DOWN: 5.0,
    Reason.ASKED_AGAIN: 3.0,
    Reason.REFUSED: 3.0,
    Reason.HANDED_OFF: 2.5,
    Reason.UNSURE: 2.0,
    Reason.NEW_WORDS: 1.0,
    Reason.ASKED_IN_PAUSE: 0.5,
}
REASON_NAMES: Mapping[Reason, str] = {
    Reason.DANGER: "居民可能遇到危险",
    Reason.PERHAPS_DANGER: "可能有危险，已附求助电话",
    Reason.FAILED: "出错",
    Reason.DOWN: "居民点了踩",
    Reason.CORRECTED: "居民说没答对",
    Reason.SHOWN_WRONG: "给了原文，居民说不对",
    Reason.ASKED_IN_PAUSE: "停答期间问的",
    Reason.ASKED_AGAIN: "换个说法又问了一遍",
    Reason.REFUSED: "像是份内的事却没答",
    Reason.HANDED_OFF: "要找人工或投诉",
    Reason.UNSURE: "答了但拿不准",
    Reason.NEW_WORDS: "有没见过的词",
}
ANSWERED, DANGER = Outcome.ANSWERED.value, Outcome.DANGER.value
NOTHING_ASKED = ("chat", "handoff", DANGER, PAUSED)  # outcomes of what asks nothing of the plan
IN_SCOPE_FROM = 0.5  # NLU's probability of all topics together from which a question is one on public services
PLAN_ANSWERS_FROM = (
    0.3  # P(the first passage answers) from which a refusal may have been wrong (knowledge/reply/decide.py: ~0.5 shows)
)
UNSURE_BELOW = 0.6  # P(the first passage answers) below which an answer is shown with doubt
MARGIN_BELOW = 0.1  # lead of the first candidate over the second, in probability
AGAIN_WITHIN = timedelta(minutes=10)  # a conversation's context lives as long (actions/dialogue/conversation.py)
SAME_THING_FROM = (
    1 / 3
)  # share of common candidates among the first three of both from which two questions mean the same
LEANING_INTENTS = (
    "follow_up",
    "ask_source",
    "ask_more",
    "ask_when",
    "ask_how_many",
)  # they ask on: neither again, nor alone


HONEST_STEPS = ("next_plan", "done_by_now")  # of the dialogue: what they say is not here is in no plan of ours
CORRECTING_STEPS = ("denied", "corrected", "corrected_of_subject")  # of the dialogue: what was answered was not meant


@dataclass(frozen=True)
class LoggedTurn:
    """What triage reads of a turn in the log."""

    id: str
    asked_at: datetime
    session: str
    channel: str
    question: str
    topic: str
    outcome: str
    intent: str
    danger: str = ""
    intents: Mapping[str, float] = field(default_factory=dict)
    confidence: float | None = None
    answerable: float | None = None
    margin: float | None = None
    candidates: tuple[str, ...] = ()
    commitment_id: str = ""
    feedback: str = ""
    total_ms: float | None = None
    model: str = ""
    knowledge: str = ""
    step: str = ""

    @classmethod
    def from_row(cls, row: Any) -> LoggedTurn:
        """From the columns of `turn_columns`."""
        return cls(
            id=row.id,
            asked_at=row.asked_at,
            session=row.session,
            channel=row.channel,
            question=row.question,
            topic=row.topic or "",
            outcome=outcome_of(row.outcome, row.step),
            intent=row.intent,
            danger=row.danger,
            intents=row.intents or {},
            confidence=row.confidence,
            answerable=row.answerable,
            margin=row.margin,
            candidates=tuple(c["commitment_id"] for c in row.candidates or ()),
            commitment_id=row.commitment_id or "",
            feedback=row.feedback or "",
            total_ms=row.total_ms,
            model=row.model,
            knowledge=row.knowledge,
            step=row.step or "",
        )


def reasons_of(turn: LoggedTurn, has_new_words: Callable[[str], bool]) -> Reason:
    """All reasons that the turn itself shows; `reasons_after` has those that the next one shows."""
    found = Reason(0)
    if turn.outcome == DANGER:
        found |= Reason.DANGER
    elif turn.danger:
        found |= Reason.PERHAPS_DANGER
    if turn.outcome == "error":
        found |= Reason.FAILED
    if turn.outcome == PAUSED:
        found |= Reason.ASKED_IN_PAUSE
    found |= reasons_of_thumb(turn.outcome, turn.feedback)
    if turn.outcome == "handoff":
        found |= Reason.HANDED_OFF
    if turn.outcome in REFUSALS and turn.step not in HONEST_STEPS and is_in_scope(turn):
        found |= Reason.REFUSED
    if turn.outcome == "answered" and is_unsure(turn):
        found |= Reason.UNSURE
    if turn.outcome in (*REFUSALS, "clarify") and has_new_words(turn.question):
        found |= Reason.NEW_WORDS
    return found


def outcome_of(outcome: str, step: str | None) -> str:
    """What the console calls an outcome of the log: `PAUSED` for a notice that spoke instead, which is no failure."""
    return PAUSED if step == PAUSED else outcome


def reasons_of_thumb(outcome: str, feedback: str) -> Reason:
    """What a thumb down says: of a refusal that the resident is not content, of a passage that it may be the wrong one."""
    if feedback != "down":
        return Reason(0)
    return Reason.DOWN | Reason.SHOWN_WRONG if outcome == ANSWERED else Reason.DOWN


def is_in_scope(turn: LoggedTurn) -> bool:
    """Whether a refused question looks like one that the plan might answer."""
    in_scope = sum(turn.intents.get(intent, 0.0) for intent in TOPIC_OF_INTENT) >= IN_SCOPE_FROM
    if turn.outcome == "out_of_scope":
        return in_scope
    return in_scope and (turn.answerable or 0.0) >= PLAN_ANSWERS_FROM


def is_unsure(turn: LoggedTurn) -> bool:
    """Whether an answer was shown though another passage was about as likely, or none was likely."""
    if turn.answerable is None:
        return False
    return turn.answerable < UNSURE_BELOW or (turn.margin is not None and turn.margin < MARGIN_BELOW)


def reasons_after(before: LoggedTurn, after: LoggedTurn) -> Reason:
    """The reasons that a turn shows for the one just before it."""
    found = Reason(0)
    if asks_again(before, after):
        found |= Reason.ASKED_AGAIN
    if after.step in CORRECTING_STEPS and after.asked_at - before.asked_at <= AGAIN_WITHIN:
        found |= Reason.CORRECTED
    return found


def asks_again(before: LoggedTurn, after: LoggedTurn) -> bool:
    """Whether `after` asks for the same as `before`, the turn just before it, in other words."""
    if after.asked_at - before.asked_at > AGAIN_WITHIN or before.question == after.question:
        return False
    if after.intent in LEANING_INTENTS or before.outcome in NOTHING_ASKED or after.outcome in NOTHING_ASKED:
        return False
    first, second = set(before.candidates[:3]), set(after.candidates[:3])
    return bool(first and second) and len(first & second) / len(first | second) >= SAME_THING_FROM


def score_of(reasons: Reason) -> float:
    """The sum of the reasons' weights."""
    return sum(weight for reason, weight in WEIGHTS.items() if reason in reasons)


def explain(reasons: Reason | int) -> Sequence[tuple[str, float]]:
    """(name, weight) of each reason, heaviest first."""
    return [(REASON_NAMES[reason], weight) for reason, weight in WEIGHTS.items() if reason in Reason(reasons)]
