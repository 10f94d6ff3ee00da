"""「我们三代人挤在一间屋里」: told, and nothing asked."""

from __future__ import annotations

from actions.dialogue.acts import COMPLAINT, PERSON, TELL
from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from knowledge.language.clauses import clauses_of

REGISTERED_FROM = 0.15  # probability of a complaint from which it can be left with the staff at a touch
OUTSIDE_FROM = 0.9  # probability that it is none of our business, from which nobody is encouraged to go on,
TOLD_FROM = 0.5  # as nobody is who asks, unless it tells something with this one


def heard(leaning: Leaning) -> Reply | None:
    """A short line that keeps the thread; what was told is remembered for the question, or the request, that follows."""
    asked_or_outside = leaning.finding.odds.outside >= OUTSIDE_FROM or leaning.ends_asking
    if not clauses_of(leaning.text) or (asked_or_outside and leaning.acts.get(TELL, 0.0) < TOLD_FROM):
        return None
    registers = leaning.may_be(COMPLAINT, PERSON, likely=REGISTERED_FROM)
    answer = leaning.services.composer.listening(leaning.finding, registers=registers)
    return Reply(answer, leaning.before.hearing(leaning.text))
