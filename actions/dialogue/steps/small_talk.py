"""Greetings, thanks, goodbye, help, who are you."""

from __future__ import annotations

from actions.dialogue.acts import SMALL_TALK
from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply


def small_talk(leaning: Leaning) -> Reply | None:
    """The likeliest of them."""
    acts = leaning.acts
    kind = SMALL_TALK[max(SMALL_TALK, key=lambda act: acts.get(act, 0.0))]
    return Reply(leaning.services.composer.chat(kind), leaning.before.after_other())
