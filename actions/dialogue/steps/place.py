"""「我们街道也有吗」「那徐泾呢」: the same somewhere else."""

from __future__ import annotations

import re

from actions.dialogue.leaning import Leaning
from actions.dialogue.pointing import ends_in_a_place, is_here
from actions.dialogue.reply import Reply
from actions.dialogue.showing import passage, silent
from knowledge.reply import wording

_REVIEW = re.compile(r"(?:现状|成效|成果)$")  # how titles of what the plan says of the past end
_EVERYWHERE = ("街镇", "全区", "各镇", "全覆盖", "城乡")
PLACE_FROM = 0.05  # probability of a passage on the same thing that speaks of all streets and towns


def place_alone(leaning: Leaning) -> Reply | None:
    """Nothing but a place is named, or pointed at."""
    name = leaning.next_name
    known = any(name in (official, *short) for official, short in leaning.services.places.items())
    return _at_a_place(leaning) if known or is_here(name) else None


def place_within(leaning: Leaning) -> Reply | None:
    """A place is named among other words that are no question of their own."""
    named = ends_in_a_place(leaning.next_name) or leaning.alone.question.places
    return _at_a_place(leaning) if named else None


def _at_a_place(leaning: Leaning) -> Reply:
    """What the plan says of all streets and towns, or of the one named; else that it does not say."""
    subject, last = leaning.subject, leaning.before.place
    wanted = (*(leaning.alone.question.places or ((last,) if last else ())), *_EVERYWHERE)
    joined = leaning.with_subject(f"{_REVIEW.sub('', subject.title)}街镇全覆盖")
    likely = [c.commitment for c in joined.candidates if c.probability >= PLACE_FROM]
    for candidate in sorted((subject, *likely), key=lambda c: c.kind == "baseline"):
        headline = candidate.headline.replace(" ", "")
        if candidate.topic == subject.topic and any(place in headline for place in wanted):
            return passage(leaning, candidate)
    return silent(leaning, wording.NO_PLACE)
