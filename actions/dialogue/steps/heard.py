"""「我们三代人挤在一间屋里」: told, and nothing asked."""

from __future__ import annotations

from actions.dialogue.acts import TELL
from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from knowledge.language.clauses import asks, clauses_of

OUTSIDE_FROM = 0.6  # probability that it is none of our business, from which nobody is encouraged to go on
TOLD_FROM = 0.6  # probability that it tells something, from which somebody is all the same


def heard(leaning: Leaning) -> Reply | None:
    """A short line that keeps the thread; what was told is remembered for the question that follows."""
    clauses, finding = clauses_of(leaning.text), leaning.finding
    if not clauses:
        return None
    if leaning.acts.get(TELL, 0.0) < TOLD_FROM and (finding.odds.outside >= OUTSIDE_FROM or asks(clauses[-1])):
        return None
    return Reply(leaning.services.composer.listening(finding), leaning.before.hearing(leaning.text))
