"""「出处在哪」."""

from __future__ import annotations

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.showing import again


def source(leaning: Leaning) -> Reply | None:
    """The passage once more, with where it stands."""
    return again(leaning, leaning.subject) if leaning.has_subject else None
