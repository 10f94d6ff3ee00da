"""Words that point at nothing that is there."""

from __future__ import annotations

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from knowledge.reply import wording


def nothing_named(leaning: Leaning) -> Reply | None:
    """「那呢」: what is meant is asked back."""
    if leaning.named or leaning.has_subject or not leaning.points_back:
        return None
    answer = leaning.services.composer.clarify_bare(wording.NO_CONTEXT)
    return Reply(answer, leaning.before.after_clarification())
