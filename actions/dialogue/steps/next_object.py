"""「那公租房呢」: the same question of another object."""

from __future__ import annotations

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.showing import decided


def next_object(leaning: Leaning) -> Reply | None:
    """The object, asked the same as the subject was."""
    return decided(leaning, leaning.asked, same=True) if _is_one(leaning) else None


def next_alone(leaning: Leaning) -> Reply | None:
    """The object, and nothing asked of it."""
    return decided(leaning, leaning.alone, same=True) if _is_one(leaning) else None


def _is_one(leaning: Leaning) -> bool:
    return leaning.may_lean and bool(leaning.named) and not leaning.only_returns
