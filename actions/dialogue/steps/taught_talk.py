"""Words that an example gives a kind of talk: 「谢谢」, 「我要投诉」."""

from __future__ import annotations

from actions.dialogue.acts import SMALL_TALK
from actions.dialogue.leaning import Leaning
from actions.dialogue.registering import REQUESTS, registered
from actions.dialogue.reply import Reply


def taught_talk(leaning: Leaning) -> Reply | None:
    """Somebody gave these very words that label: nothing is weighed."""
    kind = leaning.finding.known_as
    if kind in SMALL_TALK.values():
        return Reply(leaning.services.composer.chat(kind), leaning.before.after_other())
    return registered(leaning, kind, leaning.utterance.text) if kind in REQUESTS else None
