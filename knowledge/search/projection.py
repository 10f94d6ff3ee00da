"""Where a question lies close to what answers it: a linear map of the sentence vectors, fitted when knowledge is built.

E5's cosines all lie between 0.7 and 0.95, and much of what they measure is how a question is worded. The sample
questions show which directions only vary between wordings of one thing and which tell things apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from knowledge.encoder.text_encoder import Vectors

TEMPERATURE = 10.0  # of the soft maximum over the samples of a commitment; flat between 5 and 20
FOLDS = 5  # of sentences: a sample left out is seen in a space fitted without its sentence


@dataclass(frozen=True)
class SampleIndex:
    """The sample questions: their texts, owners (positions of commitments, ascending) and vectors `(n, 384)`."""

    texts: tuple[str, ...]
    owners: NDArray[np.int64]
    vectors: Vectors

    def of_each(self, commitments: int) -> list[Sequence[str]]:
        """The texts of each of so many commitments."""
        parts = np.searchsorted(self.owners, np.arange(commitments + 1))
        return [self.texts[first:last] for first, last in pairwise(parts.tolist())]


@dataclass(frozen=True)
class Vectored:
    """The sample questions, and the vectors `(commitments, 384)` of headlines and of whole sentences."""

    samples: SampleIndex
    headlines: Vectors
    quotes: Vectors


@dataclass(frozen=True)
class Projection:
    """`(v - mean) @ matrix`, to unit length; E5 sets questions and passages apart by a prefix, so each has its own."""

    question_mean: Vectors
    passage_mean: Vectors
    question_matrix: Vectors
    passage_matrix: Vectors

    def questions(self, vectors: Vectors) -> Vectors:
        """`(n, 384)` → `(n, directions)`, unit length."""
        return _unit((vectors - self.question_mean) @ self.question_matrix)

    def passages(self, vectors: Vectors) -> Vectors:
        """`(n, 384)` → `(n, directions)`, unit length."""
        return _unit((vectors - self.passage_mean) @ self.passage_matrix)


def centred(samples: Vectors, passages: Vectors) -> Projection:
    """No map, only the means taken away: for a plan that has too few questions to fit one."""
    dimensions = passages.shape[1]
    question_mean = samples.mean(axis=0) if len(samples) else np.zeros(dimensions, np.float32)
    passage_mean = passages.mean(axis=0) if len(passages) else np.zeros(dimensions, np.float32)
    plain = np.eye(dimensions, dtype=np.float32)
    return Projection(question_mean, passage_mean, plain, plain)


@dataclass(frozen=True)
class Space:
    """A space with samples, headlines and sentences in it, each `(n, directions)`."""

    projection: Projection
    samples: Vectors
    headlines: Vectors
    quotes: Vectors

    @classmethod
    def of(cls, projection: Projection, vectored: Vectored) -> Space:
        """All of `vectored`, seen through the projection."""
        samples = projection.questions(vectored.samples.vectors)
        return cls(projection, samples, projection.passages(vectored.headlines), projection.passages(vectored.quotes))


def _unit(rows: Vectors) -> Vectors:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9), dtype=np.float32)
