"""「那公租房呢」: the same question of another object."""

from __future__ import annotations

from actions.dialogue.leaning import WHOLE_QUESTION_CHARS, Leaning, names_one
from actions.dialogue.reply import Reply
from actions.dialogue.showing import found
from knowledge.reply.decide import STANDALONE_FROM


def next_then(leaning: Leaning) -> Reply | None:
    """Asked before how the subject stood in the past: how the next object did."""
    asked = leaning.asked
    if leaning.before.aspect != "past" or not asked.candidates or not names_one(asked):
        return None
    first = asked.candidates[0]
    is_review = first.commitment.kind == "baseline" and first.probability >= STANDALONE_FROM
    return found(leaning, asked) if is_review else None


def next_object(leaning: Leaning) -> Reply | None:
    """The object asked the same as the subject was, else the object alone, if the plan likely answers it."""
    whole = len(leaning.next_name) >= WHOLE_QUESTION_CHARS
    for finding in (leaning.asked, leaning.alone):
        if finding.answerable >= STANDALONE_FROM and (whole or names_one(finding)):
            return leaning.as_next_question(finding)
    return None
