"""How much of a question's words each commitment has been asked in, or says itself: a signal of the ranking.

Every piece of the question (`knowledge/encoder/pieces.py`) looks for its like among all pieces of a commitment's sample
questions, headline and sentence; how near it comes counts by how few commitments have that piece. A vector says what a
question means as a whole and drowns the one word that tells two commitments apart; here each word has a voice.

Source: late interaction, Khattab and Zaharia (2020), ColBERT (the nearest vector for each piece of the query, summed), over
the vectors with which the encoder begins and all that is known of a commitment at once; docs/decisions/0064.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.encoder.pieces import PieceIds, Pieces, PieceVectors
from knowledge.encoder.text_encoder import STEPS

Floats = NDArray[np.float64]
LEAST_RARITY = 0.1  # of a piece that nearly all commitments have
POWER = 1.5  # of rarity; on fresh questions, held out, 1.5 is a quarter of a point above 1, and 2 no better
_ROWS = 64  # pieces that are compared with all commitments at once


@dataclass(frozen=True)
class Coverage:
    """What is looked up for the pieces of a question, worked out of the commitments once, when knowledge is built.

    `known` are the ids of the pieces that any of the n commitments has, ascending `(v,)`, `weights` what each counts,
    `vectors` their unit vectors less the `mean` `(v, 384)`. `nearest` `(v, n)` is the cosine of each and the most like
    piece of each commitment, in steps of 1/127. `said` are the places among `known` of the pieces of one commitment after
    the other, which `starts` `(n + 1,)` parts.
    """

    known: PieceIds
    weights: NDArray[np.float32]
    vectors: PieceVectors
    mean: NDArray[np.float32]
    nearest: NDArray[np.int8]
    said: NDArray[np.int64]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[Iterable[str]], pieces: Pieces) -> Coverage:
        """Of the texts of each commitment; takes seconds."""
        nothing = np.zeros(0, np.int64)
        own = [np.unique(np.concatenate([nothing, *map(pieces.ids, each)])) for each in texts]
        known, said = np.unique(np.concatenate([nothing, *own]), return_inverse=True)
        starts = np.cumsum([0, *map(len, own)])
        having = np.bincount(said, minlength=len(known))
        weights = np.maximum(np.log((len(own) + 1) / (having + 1)), LEAST_RARITY) ** POWER
        rows = pieces.vectors(known)
        mean = np.average(rows, axis=0, weights=having) if len(known) else np.zeros(rows.shape[1])
        vectors = _unit(rows - mean)
        nearest = np.zeros((len(known), len(own)), np.int8)
        for first in range(0, len(known), _ROWS):
            rows_of = slice(first, first + _ROWS)
            nearest[rows_of] = _in_steps(_most_like(vectors[rows_of] @ vectors.T, said, starts))
        return cls(known, weights.astype(np.float32), vectors, mean.astype(np.float32), nearest, said, starts)

    @property
    def commitments(self) -> int:
        """How many."""
        return len(self.starts) - 1

    def covered(self, ids: PieceIds, pieces: Pieces) -> Floats:
        """Of a question of these pieces, how near each commitment comes to all of them, shape `(n,)`, at most 1."""
        known, at, weights = self._weighed(ids)
        if not len(ids) or not len(self.known):
            return np.zeros(self.commitments)
        likeness = weights[known] @ self.nearest[at[known]].astype(np.float32) / STEPS
        new, times = np.unique(ids[~known], return_counts=True)  # one that is typed a hundred times is looked for once
        for first in range(0, len(new), _ROWS):
            rows_of = slice(first, first + _ROWS)
            rows = _unit(pieces.vectors(new[rows_of]) - self.mean)
            most_like = _most_like(rows @ self.vectors.T, self.said, self.starts)
            likeness = likeness + self._rarest * times[rows_of].astype(np.float32) @ most_like
        return np.asarray(likeness / weights.sum(), np.float64)

    def covered_by(self, ids: PieceIds, said: PieceIds) -> float:
        """The same of one commitment, were these pieces (all known) all that it has."""
        known, at, weights = self._weighed(ids)
        places = np.searchsorted(self.known, said)
        likeness = (self.vectors[at[known]] @ self.vectors[places].T).max(axis=1, initial=-1.0)
        return float(weights[known] @ likeness / max(float(weights.sum()), LEAST_RARITY))

    @property
    def _rarest(self) -> np.float32:
        return np.float32(np.log(self.commitments + 1) ** POWER)

    def _weighed(self, ids: PieceIds) -> tuple[NDArray[np.bool_], NDArray[np.int64], NDArray[np.float32]]:
        """Of each piece whether it is known, where, and what it counts: an unknown one as much as the rarest could."""
        at = np.searchsorted(self.known, ids).clip(max=max(len(self.known) - 1, 0))
        known = self.known[at] == ids if len(self.known) else np.zeros(len(ids), bool)
        weights = (
            np.where(known, self.weights[at], self._rarest) if len(self.known) else np.full(len(ids), self._rarest)
        )
        return known, at, weights.astype(np.float32)


def _most_like(cosines: NDArray[np.float32], said: NDArray[np.int64], starts: NDArray[np.int64]) -> NDArray[np.float32]:
    """Of rows of cosines to each known piece the highest among those of each commitment; 0 where it has none."""
    found = np.zeros((len(cosines), len(starts) - 1), np.float32)
    filled = np.flatnonzero(np.diff(starts))
    if len(filled):
        found[:, filled] = np.maximum.reduceat(cosines[:, said], starts[filled], axis=1)
    return found


def _in_steps(cosines: NDArray[np.float32]) -> NDArray[np.int8]:
    return np.rint(cosines * STEPS).clip(-STEPS, STEPS).astype(np.int8)


def _unit(rows: NDArray[np.floating]) -> PieceVectors:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-9), dtype=np.float32)
