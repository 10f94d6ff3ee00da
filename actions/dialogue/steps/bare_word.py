"""「房子」: a bare word at the beginning, which several passages share."""

from __future__ import annotations

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.showing import decided
from knowledge.reply.decide import CLARIFY_CHARS


def bare_word(leaning: Leaning) -> Reply | None:
    """Its passage, or the readings that it has: nobody tells anything in so few characters."""
    if leaning.has_subject or len(leaning.finding.question.bare) > CLARIFY_CHARS or not leaning.finding.topics:
        return None
    return decided(leaning, leaning.finding) if sum(leaning.finding.topics.values()) >= TOPICAL_FROM else None


TOPICAL_FROM = 0.5  # NLU's probability of all topics from which a word is a question on public services
