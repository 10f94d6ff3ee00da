"""「我们三代人挤在一间屋里」: told, and nothing asked."""

from __future__ import annotations

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply


def heard(leaning: Leaning) -> Reply | None:
    """A short line that keeps the thread; what was told is remembered for the question that follows."""
    if not leaning.text:
        return None
    return Reply(leaning.services.composer.listening(), leaning.before.hearing(leaning.text))
