"""「小一点的孩子呢」: what the ways to ask it, with what was said before and without, find between them."""

from __future__ import annotations

from dataclasses import replace

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.showing import found


def likeliest_in_context(leaning: Leaning) -> Reply | None:
    """The sentence that is likeliest over all ways."""
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
    finding = leaning.with_question if leaning.before.question else leaning.finding
    return found(leaning, replace(finding, candidates=leaning.pooled[at:]))
