"""How steps take turns: the first reply wins, and it is told which step gave it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import wraps

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply

Step = Callable[[Leaning], "Reply | None"]


class NoStepReplied(RuntimeError):
    """A table whose last step left an utterance unanswered: put one at its end that replies to all."""


def first_reply(steps: Sequence[Step], leaning: Leaning) -> Reply:
    """The reply of the first step that gives one, with the turn's own finding if it names no other.

    Raises `NoStepReplied`.
    """
    for step in steps:
        reply = step(leaning)
        if reply is not None:
            return replace(reply, step=step.__name__, finding=reply.finding or leaning.finding)
    raise NoStepReplied(f"{[step.__name__ for step in steps]}: 没有一步答复 — 表的最后一步要答复一切")


def when(condition: Callable[[Leaning], bool], steps: Sequence[Step]) -> tuple[Step, ...]:
    """The same steps, each under its own name, for those utterances only that meet a condition."""
    return tuple(_guarded(condition, step) for step in steps)


def _guarded(condition: Callable[[Leaning], bool], step: Step) -> Step:
    @wraps(step)
    def guarded(leaning: Leaning) -> Reply | None:
        return step(leaning) if condition(leaning) else None

    return guarded
