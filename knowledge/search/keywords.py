"""BM25 over a small corpus, as one sparse matrix product.

Source: Robertson and Zaragoza (2009), with Lucene's idf (never negative). k1 and b are the usual 1.5
and 0.75. Own code because the library for it loads jax, which costs the action server 300 MB.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

K1 = 1.5
B = 0.75


class KeywordIndex:
    """Scores of all documents for a bag of words. Read-only after construction."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        self._columns: dict[str, int] = {}
        rows, columns = [], []
        for row, words in enumerate(documents):
            for word in words:
                rows.append(row)
                columns.append(self._columns.setdefault(word, len(self._columns)))
        shape = (len(documents), max(1, len(self._columns)))
        counts = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
        lengths = np.array([len(words) for words in documents], float)
        norm = K1 * (1 - B + B * lengths / max(1.0, lengths.mean() if len(lengths) else 1.0))
        frequency = np.diff(counts.tocsc().indptr)
        self._idf = np.log1p((len(documents) - frequency + 0.5) / (frequency + 0.5))
        weights = counts.tocoo()
        values = weights.data * (K1 + 1) / (weights.data + norm[weights.row]) * self._idf[weights.col]
        self._weights = csr_matrix((values, (weights.row, weights.col)), shape=shape).tocsc()

    def scores(self, words: Sequence[str]) -> NDArray[np.float64]:
        """BM25 of every document, shape `(n,)`; zeros if no word is known. A word asked twice counts once."""
        found = np.zeros(self._weights.shape[0])
        starts, rows, values = self._weights.indptr, self._weights.indices, self._weights.data
        for column in {self._columns[word] for word in words if word in self._columns}:
            part = slice(starts[column], starts[column + 1])
            found[rows[part]] += values[part]
        return found
