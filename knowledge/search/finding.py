"""What a search gives: the candidates, and the odds of what comes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from knowledge.catalogue.commitments import Commitment
from knowledge.language.normalise import Understood
from knowledge.language.question import Question
from knowledge.published.corrections import Pointer
from knowledge.search.answerability import Probabilities
from knowledge.search.finder_models import topic_probabilities

CURATED = 0.99  # probability of a commitment when one of its own sample questions is asked word for word
CERTAINLY_ANSWERED = Probabilities(right=CURATED, silent=0.0)  # a sample question, or what staff linked
OTHER_DISTRICT = "other_district"  # the aspect of a question about another district or city


@dataclass(frozen=True)
class Candidate:
    """A commitment and its probability among the candidates (softmax, sums to at most 1)."""

    commitment: Commitment
    probability: float
    signals: Mapping[str, float]


@dataclass(frozen=True)
class Finding:
    """What was understood and found. `candidates` are best first, at most `SHOWN`.

    `odds` are the calibrated probabilities of what comes of it; `aspect` is what is asked for where the plan is silent
    ("" where that is not clear); `intents` NLU's view,
    which may be empty; `took_ms` is how long the search took. `known_as` is the label that somebody gave these very
    words (`knowledge/search/known.py`) or published for nearly the same ones (`knowledge/published/`), "" where nobody did;
    `pointer` is what staff say that helps where the plan is silent.
    """

    understood: Understood
    question: Question
    candidates: tuple[Candidate, ...]
    odds: Probabilities
    intents: Mapping[str, float]
    aspect: str = ""
    took_ms: float = 0.0
    known_as: str = ""
    pointer: Pointer | None = None

    @property
    def answerable(self) -> float:
        """P(the first candidate answers)."""
        return self.odds.answerable

    @property
    def silence(self) -> float:
        """P(nothing in the plan answers)."""
        return self.odds.silence

    def one_of_each_sentence(self, least: float = 0.0) -> tuple[Candidate, ...]:
        """The candidates with at least this probability, of those that stand in one sentence the first."""
        found: dict[str, Candidate] = {}
        for candidate in self.candidates:
            if candidate.probability >= least:
                found.setdefault(candidate.commitment.quote, candidate)
        return tuple(found.values())

    def leaning(self) -> Finding:
        """The same for words that lean on an answer before them: what they mean is our business, however they sound."""
        return replace(self, odds=replace(self.odds, outside=0.0))

    @property
    def topics(self) -> dict[str, float]:
        """Topic → probability."""
        return topic_probabilities(self.intents)
