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
    """Scores of all documents for a bag of words. Read-only after construction.

    A word's documents and what it adds to each stand between two `starts` (words + 1,) in `rows` and `values`.
    """

    def __init__(
        self,
        words: Sequence[str],
        documents: int,
        starts: NDArray[np.integer],
        rows: NDArray[np.integer],
        values: NDArray[np.float64],
    ) -> None:
        self.words, self.documents = tuple(words), documents
        self.starts, self.rows, self.values = starts, rows, values
        self._columns = {word: column for column, word in enumerate(words)}

    @classmethod
    def of(cls, documents: Sequence[Sequence[str]]) -> KeywordIndex:
        """Of documents as words."""
        known: dict[str, int] = {}
        rows, columns = [], []
        for row, words in enumerate(documents):
            for word in words:
                rows.append(row)
                columns.append(known.setdefault(word, len(known)))
        shape = (len(documents), max(1, len(known)))
        counts = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
        lengths = np.array([len(words) for words in documents], float)
        norm = K1 * (1 - B + B * lengths / max(1.0, lengths.mean() if len(lengths) else 1.0))
        frequency = np.diff(counts.tocsc().indptr)
        idf = np.log1p((len(documents) - frequency + 0.5) / (frequency + 0.5))
        weights = counts.tocoo()
        values = weights.data * (K1 + 1) / (weights.data + norm[weights.row]) * idf[weights.col]
        by_word = csr_matrix((values, (weights.row, weights.col)), shape=shape).tocsc()
        return cls(tuple(known), len(documents), by_word.indptr, by_word.indices, by_word.data)

    def scores(self, words: Sequence[str]) -> NDArray[np.float64]:
        """BM25 of every document, shape `(n,)`; zeros if no word is known. A word asked twice counts once."""
        found = np.zeros(self.documents)
        for column in {self._columns[word] for word in words if word in self._columns}:
            part = slice(self.starts[column], self.starts[column + 1])
            found[self.rows[part]] += self.values[part]
        return found
