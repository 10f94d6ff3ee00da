"""Where questions on the same sentence lie close together: a linear discriminant space of the sentence vectors.

E5's cosines all lie between 0.7 and 0.95, and much of what they measure is how a question is worded. The sample
questions show which directions only vary between wordings of one thing and which tell things apart. Source:
Fisher's discriminant with shrinkage of the within-class scatter, as used for speaker vectors (Dehak et al. 2011).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh

from knowledge.encoder.text_encoder import Vectors

DIRECTIONS = 150  # kept; flat between 100 and 200 on held-out sentences
SHRINKAGE = 1.0  # of the within-class scatter towards a multiple of the identity; flat between 0.3 and 3
MIN_CLASSES = 200  # fewer sentences with questions do not tell directions apart: vectors are then only centred
TEMPERATURE = 10.0  # of the soft maximum over the samples of a commitment; flat between 5 and 20


@dataclass(frozen=True)
class Projection:
    """`(v - mean) @ matrix`, to unit length. Passages have a mean of their own: E5 sets them apart by a prefix."""

    question_mean: Vectors
    passage_mean: Vectors
    matrix: Vectors

    def questions(self, vectors: Vectors) -> Vectors:
        """`(n, 384)` → `(n, directions)`, unit length."""
        return _unit((vectors - self.question_mean) @ self.matrix)

    def passages(self, vectors: Vectors) -> Vectors:
        """`(n, 384)` → `(n, directions)`, unit length."""
        return _unit((vectors - self.passage_mean) @ self.matrix)


def fit_projection(samples: Vectors, classes: NDArray[np.int64], passages: Vectors) -> Projection:
    """Fit on questions and the classes (sentences) they belong to; `passages` only give their mean."""
    dimensions = passages.shape[1]
    question_mean = samples.mean(axis=0) if len(samples) else np.zeros(dimensions, np.float32)
    passage_mean = passages.mean(axis=0) if len(passages) else np.zeros(dimensions, np.float32)
    found, members = np.unique(classes, return_inverse=True)
    if len(found) < MIN_CLASSES:
        return Projection(question_mean, passage_mean, np.eye(dimensions, dtype=np.float32))
    x = samples.astype(np.float64)
    counts = np.bincount(members)
    means = np.zeros((len(found), dimensions))
    np.add.at(means, members, x)
    means /= counts[:, None]
    apart = x - means[members]
    within = apart.T @ apart / len(x)
    within += SHRINKAGE * np.trace(within) / dimensions * np.eye(dimensions)
    _, directions = eigh(np.cov(means.T), within)
    return Projection(question_mean, passage_mean, directions[:, -DIRECTIONS:].astype(np.float32))


def _unit(rows: Vectors) -> Vectors:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9), dtype=np.float32)
