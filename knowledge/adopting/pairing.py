"""Which commitments of two documents speak of the same thing, by the two stores' own search."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.catalogue.commitments import Commitment
from knowledge.document.plan_text import squash
from knowledge.language.normalise import Understood
from knowledge.published.corrections import Fixed
from knowledge.search.finder import Finder
from knowledge.search.finding import Candidate
from knowledge.shelf.folder import DocumentShelf
from knowledge.shelf.opening import open_shelved
from knowledge.shelf.pairs import write_pairs
from knowledge.shelf.record import OWN, DocumentRecord

COMPARED = ("target", "indicator", "action")
# Likeness in the fitted space from which two sentences that find one another are put side by side. Read off the real plan
# beside an invented successor (nine pairs from here on, all of one thing) and beside another city's older plan (31, of which
# five are not).
ALIKE_FROM = 0.45


def pair_with_all(shelf: DocumentShelf, document: DocumentRecord) -> int:
    """Keep what a document says on the same things as the plan in use and as each other one; with how many it was compared.

    Raises `StoreUnavailable`.
    """
    one = open_shelved(shelf.paths(document), document.id, Fixed())
    others = [each for each in shelf.read().documents if each.id != document.id]
    write_pairs(shelf.folder, (document.id, OWN), tuple(paired(one, Finder.open())))
    for other in others:
        finder = open_shelved(shelf.paths(other), other.id, Fixed())
        write_pairs(shelf.folder, (document.id, other.id), tuple(paired(one, finder)))
    return 1 + len(others)


def paired(one: Finder, other: Finder) -> Iterator[tuple[str, str]]:
    """Ids of commitments that find one another, in the order of `one`: each as the first of all for the other's headline."""
    seen: set[str] = set()
    for commitment in one.stored.commitments:
        found = _first(other, commitment) if commitment.kind in COMPARED else None
        if found is None or found.commitment.quote in seen or _likeness(found) < ALIKE_FROM:
            continue
        back = _first(one, found.commitment)
        if back is not None and back.commitment.quote == commitment.quote:
            seen.add(found.commitment.quote)
            yield commitment.id, found.commitment.id


def _first(finder: Finder, commitment: Commitment) -> Candidate | None:
    """What is found for a headline as for a question, of what is compared."""
    text = squash(commitment.headline).rstrip("。")
    found = finder.find(text, understood=Understood(text, ()))
    return next((each for each in found.candidates if each.commitment.kind in COMPARED), None)


def _likeness(candidate: Candidate) -> float:
    signals = candidate.signals
    return (signals.get("headline_projected", 0.0) + signals.get("quote_projected", 0.0)) / 2
