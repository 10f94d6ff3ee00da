"""What the dialogue works with: handed in, so that a step can be tried without the built knowledge."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from actions.dialogue.compound import shipped_compound
from actions.dialogue.in_full import shipped_in_full
from knowledge.catalogue.commitments import Commitment
from knowledge.encoder.text_encoder import Vectors
from knowledge.language.normalise import Understood
from knowledge.reply.compose import Composer
from knowledge.reply.english_words import EnglishWords
from knowledge.reply.listing import Subjects
from knowledge.search.finding import Finding


class Search(Protocol):
    """What the dialogue asks of `knowledge.search.finder.Finder`."""

    by_id: dict[str, Commitment]  # all commitments, in the plan's order

    def find(
        self,
        text: str,
        *,
        intents: Mapping[str, float] | None = None,
        vector: Vectors | None = None,
        understood: Understood | None = None,
    ) -> Finding:
        """The commitments for some words, best first, and the odds that the first one answers."""

    def vector_of(self, text: str) -> Vectors:
        """The unit vector `(384,)` of an understood text."""

    def likeness(self, vector: Vectors, commitment: Commitment) -> float:
        """How near a text is to a commitment's whole sentence, less what is usual for any: about -0.2 to 0.3."""


class Acts(Protocol):
    """What the dialogue asks of `actions.dialogue.acts.ActModel`."""

    def read(self, text: str, vector: Vectors) -> Mapping[str, float]:
        """Act → probability of a turn as typed and its vector."""


class InFull(Protocol):
    """What the dialogue asks of `actions.dialogue.in_full.InFullModel`."""

    def vector(self, parts: Sequence[Vectors | None]) -> Vectors:
        """Where a question in full lies, from the vectors of its parts."""


class Compound(Protocol):
    """What the dialogue asks of `actions.dialogue.compound.CompoundModel`."""

    def probability(self, features: Mapping[str, float]) -> float:
        """That each part of a message is meant as a question."""


@dataclass(frozen=True)
class Services:
    """`places` maps official names to short ones; `now` is the clock; `english` knows English words in Chinese."""

    search: Search
    composer: Composer
    subjects: Subjects
    places: Mapping[str, Sequence[str]]
    acts: Acts
    now: Callable[[], datetime] = datetime.now
    english: EnglishWords = field(default_factory=EnglishWords)
    in_full: InFull = field(default_factory=shipped_in_full)
    compound: Compound = field(default_factory=shipped_compound)

    @property
    def today_year(self) -> int:
        """The year in which the answer is given."""
        return self.now().year

    @property
    def commitments(self) -> tuple[Commitment, ...]:
        """All of them, in the plan's order."""
        return tuple(self.search.by_id.values())
