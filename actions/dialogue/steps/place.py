"""「我们街道也有吗」「那徐泾呢」: the same somewhere else."""

from __future__ import annotations

import re

from actions.dialogue.leaning import Leaning
from actions.dialogue.pointing import EVERYWHERE
from actions.dialogue.reply import Reply
from actions.dialogue.showing import passage, silent
from knowledge.reply import wording

_REVIEW = re.compile(r"(?:现状|成效|成果)$")  # how titles of what the plan says of the past end
PLACE_FROM = 0.05  # probability of a passage on the same thing that speaks of all streets and towns


def place_alone(leaning: Leaning) -> Reply | None:
    """Nothing but a place is named, or pointed at: what is said of it, else that the plan does not say."""
    if not leaning.has_subject or not leaning.is_a_place:
        return None
    return _found_at(leaning) or silent(leaning, wording.NO_PLACE)


def at_a_place(leaning: Leaning) -> Reply | None:
    """What the plan says of the same thing in all streets and towns, or in the one named among other words."""
    return _found_at(leaning) if leaning.may_lean and leaning.names_a_place else None


def _found_at(leaning: Leaning) -> Reply | None:
    subject, last = leaning.subject, leaning.before.place
    wanted = (*(leaning.alone.question.places or ((last,) if last else ())), *EVERYWHERE)
    joined = leaning.with_subject(f"{_REVIEW.sub('', subject.title)}街镇全覆盖")
    likely = [c.commitment for c in joined.candidates if c.probability >= PLACE_FROM]
    for candidate in sorted((subject, *likely), key=lambda c: c.kind == "baseline"):
        headline = candidate.headline.replace(" ", "")
        if candidate.topic == subject.topic and any(place in headline for place in wanted):
            return passage(leaning, candidate)
    return None
