"""How steps take turns: the first reply wins, or all reply and the likeliest is chosen; it is told which step gave it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from actions.dialogue.leaning import Leaning
from actions.dialogue.options import QUESTION, Option, Reading, options_of
from actions.dialogue.reply import Reply

Step = Callable[[Leaning], "Reply | None"]


class NoStepReplied(RuntimeError):
    """A table whose last step left an utterance unanswered: put one at its end that replies to all."""


def first_reply(steps: Sequence[Step], leaning: Leaning) -> Reply:
    """The reply of the first step that gives one, with the turn's own finding if it names no other.

    Raises `NoStepReplied`.
    """
    if reply := any_reply(steps, leaning):
        return replace(reply, finding=reply.finding or leaning.finding)
    raise NoStepReplied(f"{[step.__name__ for step in steps]}: 没有一步答复 — 表的最后一步要答复一切")


def any_reply(steps: Sequence[Step], leaning: Leaning) -> Reply | None:
    """The reply of the first step that gives one; None if none does."""
    for step in steps:
        if reply := step(leaning):
            return replace(reply, step=reply.step or step.__name__)
    return None


def options(steps: Sequence[Step], question: Sequence[Step], leaning: Leaning) -> list[Option]:
    """What the turn may be read as: a question of its own by the steps `question`, and whatever `steps` take it for."""
    return options_of(leaning, _readings(steps, question, leaning))


def _readings(steps: Sequence[Step], question: Sequence[Step], leaning: Leaning) -> Iterator[Reading]:
    yield Reading(QUESTION, first_reply(question, leaning))
    for step in steps:
        reply = step(leaning)
        if reply is not None:
            yield Reading(step.__name__, replace(reply, step=step.__name__))
