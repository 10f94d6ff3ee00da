"""「要多少」."""

from __future__ import annotations

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.showing import again, silent
from knowledge.reply import wording


def amount(leaning: Leaning) -> Reply | None:
    """The passage once more if it has a figure, else that it has none."""
    if leaning.kind != "ask_how_many":
        return None
    return again(leaning, leaning.subject) if leaning.subject.figures else silent(leaning, wording.NO_NUMBER)
