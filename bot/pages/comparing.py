"""Two documents side by side: what both say on the same things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.pages.documents import ChosenDocument
from bot.pages.library import Library
from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.topics import AREA_NAMES
from knowledge.reply.headline import headline_for
from knowledge.reply.shown import shown_headline
from knowledge.shelf.folder import DocumentShelf
from knowledge.shelf.pairs import read_pairs


@dataclass(frozen=True)
class ComparedSide:
    """What one of the two says: its words, where they stand, the address of the passage."""

    headline: str
    page: int
    address: str


@dataclass(frozen=True)
class ComparedRow:
    """The same thing in both, under the name of its topic in the one whose topics are surer."""

    topic: str
    one: ComparedSide
    other: ComparedSide


def compared(
    one: ChosenDocument, other: ChosenDocument, libraries: tuple[Library, Library]
) -> list[ComparedRow] | None:
    """Row for row in the first one's order; None where nobody has compared the two. What is gone from either is left out."""
    pairs = read_pairs(DocumentShelf().folder, (one.document.id, other.document.id))
    if pairs is None:
        return None
    first, second = (_by_id(library) for library in libraries)
    order = {identifier: at for at, identifier in enumerate(first)}
    there = sorted(((a, b) for a, b in pairs if a in first and b in second), key=lambda pair: order[pair[0]])
    return [_row((one, first[a]), (other, second[b])) for a, b in there]


def _by_id(library: Library) -> Mapping[str, Commitment]:
    return {commitment.id: commitment for commitment in library.stored.commitments}


def _row(one: tuple[ChosenDocument, Commitment], other: tuple[ChosenDocument, Commitment]) -> ComparedRow:
    curated = next((each for _, each in (one, other) if each.curated), one[1])
    return ComparedRow(AREA_NAMES.get(curated.area, curated.area), _side(*one), _side(*other))


def _side(chosen: ChosenDocument, commitment: Commitment) -> ComparedSide:
    period = chosen.document.period
    headline = shown_headline(commitment, headline_for(commitment, ""), period[0] if period else None)
    return ComparedSide(headline, commitment.passage.page, f"/plan{chosen.at}#{commitment.id}")
