"""Words that sound as if they leaned on an answer, where none has been given."""

from __future__ import annotations

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.showing import decided


def named_alone(leaning: Leaning) -> Reply | None:
    """「那加装电梯呢」 names its object: what is named is the question."""
    named = leaning.named if leaning.points_back and not leaning.has_subject else ""
    return decided(leaning, leaning.named_alone) if named and named != leaning.text else None
