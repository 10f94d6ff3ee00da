"""「房子」: a bare word at the beginning, which several passages share."""

from __future__ import annotations

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.showing import decided
from knowledge.reply.decide import CLARIFY_CHARS

TOPICAL_FROM = 0.5  # NLU's probability of all topics from which a word is a question on public services


def bare_word(leaning: Leaning) -> Reply | None:
    """Its passage, or the readings that it has: nobody tells anything in so few characters."""
    finding = leaning.finding
    if leaning.has_subject or len(finding.question.bare) > CLARIFY_CHARS:
        return None
    return decided(leaning, finding) if sum(finding.topics.values()) >= TOPICAL_FROM else None
