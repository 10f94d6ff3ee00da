"""「不是问学费，我问的是接送」「13号线，哦不对，17号线要不要往西修」: what counts is said last."""

from __future__ import annotations

from dataclasses import replace

from actions.dialogue.acts import CORRECTION, DENIAL, LEANING
from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.showing import decided
from knowledge.reply import wording
from knowledge.reply.answer import Outcome

SLIP_FROM = 0.2  # probability of a correction from which first words may take something back


def corrected(leaning: Leaning) -> Reply | None:
    """What is meant instead, as a question of its own."""
    return _opened(leaning, decided(leaning, leaning.meant)) if _may_correct(leaning) else None


def corrected_of_subject(leaning: Leaning) -> Reply | None:
    """What is meant instead, of the subject of the last answer: 「我是说护理型的」."""
    if not leaning.has_subject or not _may_correct(leaning):
        return None
    return _opened(leaning, decided(leaning, leaning.meant_of_subject, same=True))


def _may_correct(leaning: Leaning) -> bool:
    if not leaning.meant_words:
        return False
    if not leaning.has_subject:
        return leaning.may_be(CORRECTION, likely=SLIP_FROM)
    return leaning.may_be(CORRECTION, DENIAL, LEANING)


def _opened(leaning: Leaning, reply: Reply) -> Reply:
    """With a line that says what is understood now."""
    if reply.answer.outcome is not Outcome.ANSWERED:
        return reply
    opening = leaning.services.composer.say(wording.MEANT, text=leaning.meant_words)
    denied = leaning.before.denying().denied if leaning.has_subject else ()
    after = replace(reply.conversation, denied=denied)
    return replace(reply, answer=replace(reply.answer, text=f"{opening}\n{reply.answer.text}"), conversation=after)
