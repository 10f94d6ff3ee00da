"""「再说一遍」「看不懂」: the last answer once more."""

from __future__ import annotations

from dataclasses import replace

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.showing import again


def repeated(leaning: Leaning) -> Reply | None:
    """The passage as before, opened by a line that says so: nothing is registered."""
    if not leaning.has_subject:
        return None
    reply = again(leaning, leaning.subject)
    return replace(reply, answer=leaning.services.composer.repeating(reply.answer))
