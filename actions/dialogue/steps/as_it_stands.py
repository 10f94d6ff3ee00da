"""Words that lean on nothing, whatever was said before them."""

from __future__ import annotations

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from knowledge.reply.decide import is_legible


def as_it_stands(leaning: Leaning) -> Reply | None:
    """Words that somebody gave a label, a sample question, a machine's command, signs without a word: a question of its own."""
    if (
        leaning.is_known
        or leaning.is_sample
        or leaning.is_command
        or not (leaning.has_subject or is_legible(leaning.text))
    ):
        return leaning.as_question(leaning.finding)
    return None
