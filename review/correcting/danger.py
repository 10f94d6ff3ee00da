"""What danger leaves to corrections: nothing. It is looked for by rules of its own before anything is understood."""

from __future__ import annotations

from danger.watch import Level, shared_watch
from knowledge.reply.answer import Outcome
from knowledge.reply.judging import REFUSALS
from review.errors import InvalidInput

WHY = "危险由专门的规则判断，纠正不会改变它 / danger is judged by rules of its own: no correction changes it"


def is_correctable(outcome: str, danger: str) -> bool:
    """Whether a turn can be corrected: not where danger was acute, nor where it was doubtful and the question refused.

    What is left is a doubtful case with an answer of its own, and only that answer changes: the numbers stay under it.
    """
    return outcome != Outcome.DANGER.value and not (danger and outcome in REFUSALS)


def check_correctable(outcome: str, danger: str) -> None:
    """Raise `InvalidInput` for a turn of which `is_correctable` is not true."""
    if not is_correctable(outcome, danger):
        raise InvalidInput(WHY)


def is_call_for_help(question: str) -> bool:
    """Whether the rules find acute danger in a question: such words teach nobody anything about the plan."""
    return shared_watch().assess_words(question).level is Level.ACUTE


def check_no_call_for_help(question: str) -> None:
    """Raise `InvalidInput` for a question in which the rules find acute danger."""
    if is_call_for_help(question):
        raise InvalidInput(f"“{question[:20]}”是求助。{WHY}")
