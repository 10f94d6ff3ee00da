"""Words that lean on nothing, whatever was said before them."""

from __future__ import annotations

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply


def as_it_stands(leaning: Leaning) -> Reply | None:
    """Words that somebody gave a label, and a machine's command: a question of its own."""
    if leaning.is_known or leaning.is_command:
        return leaning.as_question(leaning.finding)
    return None
