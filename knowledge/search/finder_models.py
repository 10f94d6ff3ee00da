"""What a finder loads: the fitted models, and the signals over the commitments."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.training_data import TOPIC_OF_INTENT
from knowledge.document.plan_text import squash
from knowledge.encoder.text_encoder import Vectors, stack_vectors, text_key
from knowledge.language.normalise import Normalizer
from knowledge.search.answerability import OutcomeModels
from knowledge.search.aspects import AspectModel
from knowledge.search.intents import IntentModel
from knowledge.search.projection import Projection, SampleIndex, Vectored
from knowledge.search.ranking import RankingModel
from knowledge.search.signals import vector_text


@dataclass
class FinderModels:
    """What a finder loads. `intents` predicts the NLU intents where no NLU is at hand (None without NLU data)."""

    projection: Projection
    ranking: RankingModel
    outcomes: OutcomeModels | None
    aspects: AspectModel | None
    intents: IntentModel | None
    held_out: dict[str, float]

    def report(self) -> str:
        """The weights and held-out figures as JSON."""
        data = {
            "ranking": self.ranking.as_dict(),
            "right": self.outcomes.right.as_dict() if self.outcomes else {},
            "silent": self.outcomes.silent.as_dict() if self.outcomes else {},
            "outside": self.outcomes.outside.as_dict() if self.outcomes and self.outcomes.outside else {},
            "held_out": self.held_out,
        }
        return json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True)

    def intent_probabilities(self, words: Sequence[str], vector: Vectors) -> dict[str, float]:
        """Intent → probability of an understood question's words and vector, empty without NLU data."""
        return self.intents.probabilities(words, vector) if self.intents else {}


def topic_probabilities(intents: Mapping[str, float]) -> dict[str, float]:
    """Topic → probability, from intent probabilities."""
    return {topic: float(intents.get(intent, 0.0)) for intent, topic in TOPIC_OF_INTENT.items()}


def vectored(commitments: Sequence[Commitment], normalizer: Normalizer, vectors: Mapping[str, Vectors]) -> Vectored:
    """Samples, headlines and sentences of these commitments with the vectors made at build time.

    Raises `KeyError` where a vector is missing.
    """

    def stacked(role: str, texts: Sequence[str]) -> Vectors:
        return stack_vectors([vectors[text_key(role, text)] for text in texts])

    samples = [(normalizer.normalise(q).text, i) for i, c in enumerate(commitments) for q in c.questions]
    texts = tuple(text for text, _ in samples)
    index = SampleIndex(texts, np.array([i for _, i in samples], dtype=np.int64), stacked("query", texts))
    return Vectored(
        index,
        stacked("passage", [vector_text(c) for c in commitments]),
        stacked("passage", [squash(c.quote) for c in commitments]),
    )
