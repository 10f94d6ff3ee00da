"""What is said of a place that was asked for, where a passage or a list speaks of it, or of it alone."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.catalogue.commitments import Commitment
from knowledge.language.question import Question
from knowledge.reply import wording
from knowledge.reply.gazetteer import Gazetteer
from knowledge.reply.lines import Lines
from knowledge.reply.thing_at_place import speaks_of, thing_at_place
from knowledge.reply.unsaid import places_asked, unsaid


def speaks_of_place(asked: Question, commitment: Commitment, gazetteer: Gazetteer) -> bool:
    """Whether a commitment speaks of one of the places that are asked for."""
    named = places_asked(asked, gazetteer)
    return len(unsaid(asked, [commitment.passage], gazetteer).places) < len(named)


def thing_not_spoken_of(asked: Question, commitment: Commitment, gazetteer: Gazetteer, anywhere: bool = False) -> str:
    """The thing that is asked for at a place, where a commitment that names the place, or any, does not speak of it; else ""."""
    thing = thing_at_place(asked, gazetteer)
    if not thing or speaks_of(commitment, thing):
        return ""
    return thing if anywhere or speaks_of_place(asked, commitment, gazetteer) else ""


def only_the_place(lines: Lines, asked: Question, commitment: Commitment) -> str:
    """That a passage speaks of the place and not of the thing that is asked for there."""
    thing = thing_not_spoken_of(asked, commitment, lines.gazetteer)
    if not thing:
        return ""
    return lines.say(wording.ONLY_THE_PLACE, thing=thing, places=lines.listed(places_asked(asked, lines.gazetteer)))


def place_in_list(lines: Lines, asked: Question, items: Sequence[Commitment]) -> str:
    """Which items of a list speak of the place that is asked for, or that none does; "" where none is asked for."""
    named = places_asked(asked, lines.gazetteer)
    if not named:
        return ""
    places = lines.listed(named)
    numbers = [str(n) for n, item in enumerate(items, start=1) if speaks_of_place(asked, item, lines.gazetteer)]
    if not numbers:
        return lines.say(wording.LIST_NOT_OF_PLACE, places=places)
    return lines.say(wording.LIST_OF_PLACE, numbers=lines.listed(numbers), places=places)
