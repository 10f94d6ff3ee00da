"""「那护理型的呢」: what stands beside the last answer in the plan."""

from __future__ import annotations

from dataclasses import replace

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.showing import found


def same_sentence(leaning: Leaning) -> Reply | None:
    """Another thing that the very sentence of the last answer says."""
    if leaning.may_lean and leaning.beside and leaning.beside[0].commitment.quote == leaning.subject.quote:
        return _shown(leaning)
    return None


def nearby(leaning: Leaning) -> Reply | None:
    """Something else of the same topic, under the same heading rather than far from it."""
    return _shown(leaning) if leaning.may_lean and leaning.beside else None


def _shown(leaning: Leaning) -> Reply:
    return found(leaning, replace(leaning.alone, candidates=leaning.beside))
