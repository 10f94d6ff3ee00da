"""Words that are understood only together with the subject of the last answer."""

from __future__ import annotations

from dataclasses import replace

from actions.dialogue.leaning import Leaning
from actions.dialogue.pointing import without_within
from actions.dialogue.reply import Reply
from actions.dialogue.showing import decided, found
from knowledge.search.signals import search_text


def bears_the_name(leaning: Leaning) -> Reply | None:
    """Another sentence of the subject's topic in which the very words stand."""
    if not leaning.may_lean or not leaning.named:
        return None
    name, subject = without_within(leaning.next_name), leaning.subject
    bearing = tuple(
        candidate
        for candidate in leaning.joined.candidates
        if name in search_text(candidate.commitment)
        and candidate.commitment.topic == subject.topic
        and candidate.commitment.quote != subject.quote
    )
    return found(leaning, replace(leaning.joined, candidates=bearing)) if bearing else None


def joined(leaning: Leaning) -> Reply | None:
    """Whatever becomes of the question in which both are joined."""
    return decided(leaning, leaning.joined, same=True) if leaning.may_lean and leaning.named else None
