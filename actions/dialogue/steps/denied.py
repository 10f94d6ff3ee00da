"""「不是这个」: the last answer was not what was meant, and nothing is said of what was."""

from __future__ import annotations

from actions.dialogue.acts import CORRECTION, DENIAL
from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from knowledge.reply import wording


def denied(leaning: Leaning) -> Reply | None:
    """What else the question before may have meant, as choices; without any, it is asked for in other words."""
    if not leaning.has_subject or not leaning.may_be(DENIAL, CORRECTION):
        return None
    before, composer = leaning.before.denying(), leaning.services.composer
    readings = [c for c in leaning.other_readings if c.id not in before.denied]
    answer = composer.clarify(readings, wording.DENIED) if readings else composer.clarify_bare(wording.DENIED_BARE)
    return Reply(answer, before.after_clarification())
