"""One question through what scikit-learn has fitted, as plain arrays: its numbers to the last bit, without its checks.

scikit-learn validates, builds sparse matrices, joins them and copies all coefficients, for one row of forty values. The
order of every addition is the one that scipy and scikit-learn keep, so that a model predicts the same either way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.special import expit

from knowledge.search.plain_parts import FittedRegression, FittedVectorizer

Floats = NDArray[np.float64]


class Row(NamedTuple):
    """The filled columns of a row, in the order in which their products are added, and their values."""

    columns: NDArray[np.int64]
    values: Floats


class TextRow:
    """Cuts a text and counts or weighs its pieces as a fitted vectorizer does."""

    def __init__(self, vectorizer: FittedVectorizer) -> None:
        self._cut = vectorizer.build_analyzer()
        self._columns: dict[str, int] = vectorizer.vocabulary_
        self._idf: Floats | None = getattr(vectorizer, "idf_", None)
        self._sublinear = bool(getattr(vectorizer, "sublinear_tf", False))
        self.width = len(self._columns)

    def of(self, text: str) -> Row:
        """The row of one text."""
        known = self._columns
        counts = Counter(known[piece] for piece in self._cut(text) if piece in known)
        ordered = sorted(counts, reverse=self._idf is not None)  # what is weighed leaves scikit-learn last column first
        columns = np.array(ordered, dtype=np.int64)
        values = np.array([counts[column] for column in ordered], dtype=np.float64)
        if self._idf is None or not len(columns):
            return Row(columns, values)
        if self._sublinear:
            values = np.log(values)
            values += 1
        values = values * self._idf[columns]
        length = np.sqrt(np.cumsum(values * values)[-1])
        return Row(columns, values / length if length else values)


def dense(vector: NDArray[np.floating]) -> Row:
    """Of a vector in which every column may be filled."""
    return Row(np.arange(len(vector)), vector.astype(np.float64))


def side_by_side(parts: Sequence[tuple[Row, int]]) -> Row:
    """Rows beside each other, each with its width."""
    starts = np.cumsum([0, *(width for _, width in parts)])
    columns = [row.columns + start for (row, _), start in zip(parts, starts)]
    return Row(np.concatenate(columns), np.concatenate([row.values for row, _ in parts]))


def times_matrix(row: Row, matrix: csr_matrix) -> Floats:
    """A row times a sparse matrix, shape `(columns of the matrix,)`."""
    found = np.zeros(matrix.shape[1])
    starts, columns, data = matrix.indptr, matrix.indices, matrix.data
    for at, value in zip(row.columns.tolist(), row.values.tolist()):
        part = slice(starts[at], starts[at + 1])
        found[columns[part]] += value * data[part]
    return found


class RowRegression:
    """A fitted regression for one row."""

    def __init__(self, model: FittedRegression) -> None:
        self._by_column = np.ascontiguousarray(model.coef_.T)
        self._intercept = model.intercept_

    def shares(self, row: Row) -> Floats:
        """The probability of each of the model's classes."""
        products = row.values[:, None] * self._by_column[row.columns]
        sums = np.cumsum(products, axis=0)[-1] if len(products) else np.zeros(self._by_column.shape[1])
        scores = sums + self._intercept
        if len(scores) == 1:
            share = expit(scores)
            return np.concatenate([1 - share, share])
        powers = np.exp(scores - scores.max())
        return np.asarray(powers / np.sum(powers[None, :], axis=1))
