"""「小一点的孩子呢」: what is found where the question in full lies, all said before considered."""

from __future__ import annotations

from dataclasses import replace

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.showing import decided, found


def in_full(leaning: Leaning) -> Reply | None:
    """Whatever comes of it: a passage, a refusal, a choice."""
    if not (leaning.may_lean or leaning.before.told):
        return None
    return decided(leaning, replace(leaning.in_full, understood=leaning.in_one.understood), same=True)


def likeliest_in_context(leaning: Leaning) -> Reply | None:
    """The sentence that is likeliest."""
    return _shown(leaning, 0)


def second_in_context(leaning: Leaning) -> Reply | None:
    """The next one."""
    return _shown(leaning, 1)


def third_in_context(leaning: Leaning) -> Reply | None:
    """The one after that."""
    return _shown(leaning, 2)


def _shown(leaning: Leaning, at: int) -> Reply | None:
    if not leaning.may_lean or len(leaning.pooled) <= at:
        return None
    finding = replace(leaning.in_full, understood=leaning.in_one.understood)
    return found(leaning, replace(finding, candidates=leaning.pooled[at:]))
