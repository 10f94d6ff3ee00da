"""Words that are understood only together with the subject of the last answer."""

from __future__ import annotations

from dataclasses import replace

from actions.dialogue.leaning import Leaning
from actions.dialogue.pointing import without_within
from actions.dialogue.reply import Reply
from actions.dialogue.showing import again, found
from knowledge.reply.answer import Outcome
from knowledge.reply.decide import decide
from knowledge.search.signals import search_text


def bears_the_name(leaning: Leaning) -> Reply | None:
    """Another sentence of the subject's topic in which the very words stand."""
    name, subject = without_within(leaning.next_name), leaning.subject
    bearing = tuple(
        candidate
        for candidate in leaning.joined.candidates
        if name in search_text(candidate.commitment)
        and candidate.commitment.topic == subject.topic
        and candidate.commitment.quote != subject.quote
    )
    return found(leaning, replace(leaning.joined, candidates=bearing)) if bearing else None


def same_subject(leaning: Leaning) -> Reply | None:
    """Together they are answered: the subject's passage is the answer to this as well."""
    if decide(leaning.joined, may_clarify=False).outcome is Outcome.ANSWERED:
        return again(leaning, leaning.subject)
    return None


def joined(leaning: Leaning) -> Reply:
    """Whatever becomes of the question in which both are joined."""
    return leaning.as_next_question(leaning.joined)
