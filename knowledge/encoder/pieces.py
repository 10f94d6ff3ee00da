"""The pieces of a text and the vector that each has by itself, before the encoder has looked at its neighbours.

Words of a like meaning, and words and their typing slips, have like vectors here: a match of pieces is soft where one of
characters or words is exact, and costs no run of the encoder.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.encoder.tokens import Tokenizer
from knowledge.encoder.weights import E5Weights

PieceIds = NDArray[np.int64]
PieceVectors = NDArray[np.float32]


class Pieces:
    """Reads pieces from the mapped model file; `path` is what `write_pieces` wrote. Safe to share between threads."""

    def __init__(self, weights: E5Weights, path: Path) -> None:
        self._weights = weights
        self._tokenizer = Tokenizer(weights, path)

    def ids(self, text: str) -> PieceIds:
        """The ids of a text's pieces in their order, shape `(n,)`."""
        return self._tokenizer.ids(text)

    def vectors(self, ids: PieceIds) -> PieceVectors:
        """The vector of each piece, shape `(n, 384)`, of whatever length."""
        return self._weights.rows("emb.word", self._weights.sizes.hidden, ids)
