"""A question of one thing."""

from __future__ import annotations

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.showing import decided


def weighed(leaning: Leaning) -> Reply:
    """Whatever comes of what is found for it."""
    return decided(leaning, leaning.finding)
