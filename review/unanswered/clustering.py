"""Questions that mean the same, found by their sentence vectors.

e5's cosines lie close together, so the vectors are centred on the mean of the questions
at hand before they are compared. Complete linkage: each question of a group is near every other, so no chain of small
steps joins two subjects.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.encoder.text_encoder import Vectors

# Cosine distance of centred vectors up to which questions are one group. 1,500 sample questions of 831 commitments:
# among the linkages and thresholds tried (0.3 to 0.9) this finds pairs of the same commitment best (F1 0.29; 31 % of
# the pairs are right to the commitment, most others to the subject; 28 % of all pairs are found).
SAME_MEANING = 0.6


@dataclass(frozen=True)
class Cluster:
    """Positions of questions that mean the same, and the position of the one nearest to all others."""

    members: tuple[int, ...]
    typical: int


def cluster(vectors: Vectors, weights: Sequence[int]) -> list[Cluster]:
    """Groups of unit vectors `(n, 384)`, the heaviest first; `weights` say how often each question was asked."""
    if len(vectors) == 0:
        return []
    distances = _distances(vectors)
    labels = _labels(distances)
    found = [_cluster(np.flatnonzero(labels == label), distances, weights) for label in range(labels.max() + 1)]
    return sorted(found, key=lambda group: (-sum(weights[i] for i in group.members), group.typical))


def _distances(vectors: Vectors) -> Vectors:
    centred = vectors - vectors.mean(axis=0) if len(vectors) > 2 else vectors
    lengths = np.linalg.norm(centred, axis=1, keepdims=True)
    unit = centred / np.where(lengths < 1e-9, 1.0, lengths)
    distances = np.clip(1.0 - unit @ unit.T, 0.0, None)
    np.fill_diagonal(distances, 0.0)
    return distances


def _labels(distances: Vectors) -> np.ndarray:
    if len(distances) == 1:
        return np.zeros(1, dtype=int)
    from sklearn.cluster import (
        AgglomerativeClustering,  # sixty megabytes: a console where nobody is signed in groups nothing
    )

    model = AgglomerativeClustering(
        n_clusters=None, affinity="precomputed", linkage="complete", distance_threshold=SAME_MEANING
    )
    labels: np.ndarray = model.fit_predict(distances)
    return labels


def _cluster(members: np.ndarray, distances: Vectors, weights: Sequence[int]) -> Cluster:
    weight = np.array([weights[i] for i in members])
    far = distances[np.ix_(members, members)] @ weight
    order = sorted(range(len(members)), key=lambda at: (far[at], -weight[at], members[at]))
    return Cluster(tuple(int(members[at]) for at in order), int(members[order[0]]))
