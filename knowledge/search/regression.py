"""Logistic regressions on rows that are partly words and partly sentence vectors, fitted on as many cores as asked for.

The model is scikit-learn's `LogisticRegression`: same objective, same start, same descent (scipy's L-BFGS). What differs is
the time. Columns that are filled in most rows are kept as a dense matrix, so that a step is two matrix products. They are
centred, which only moves the intercept: E5's vectors share most of their length, and along that direction plain descent
goes to and fro for hundreds of steps. And the products leave Python's lock, so that several fits run beside each other in
threads. docs/performance.md has the measurement.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.special import expit

from knowledge.search.starts import Start

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

Floats = NDArray[np.float64]
Loss = Callable[[Floats], tuple[float, Floats]]

DENSE_FROM = 0.5  # share of rows with a value from which a column is kept dense
FLAT = 1e-4  # largest slope at which the descent ends (scikit-learn's `tol`)
SMALL_GAIN = 1e-7  # relative gain of a step at which it ends
MAX_TRIES = 50  # lengths tried for one step, as in scikit-learn


class SplitRows:
    """The rows of a sparse matrix, parted once for all fits on them: `full` columns `(n, d)` and the `rest` `(n, r)`."""

    def __init__(self, rows: csr_matrix) -> None:
        filled = np.bincount(rows.indices, minlength=rows.shape[1]) >= DENSE_FROM * rows.shape[0]
        self.columns = np.flatnonzero(~filled), np.flatnonzero(filled)
        by_column = rows.tocsc()
        self.rest: csr_matrix = by_column[:, self.columns[0]].astype(np.float64).tocsr()
        self.full: Floats = np.ascontiguousarray(by_column[:, self.columns[1]].toarray(), dtype=np.float64)


class _Columns:
    """Some of the rows, without columns that are empty in them (their weights stay 0), the full ones less their mean."""

    def __init__(self, rows: SplitRows, chosen: NDArray[np.int64] | None) -> None:
        rest = rows.rest if chosen is None else rows.rest[chosen]
        dense = rows.full if chosen is None else rows.full[chosen]
        used = np.flatnonzero(np.bincount(rest.indices, minlength=rest.shape[1]))
        self._given = rest.shape[1] + dense.shape[1]
        self._columns = np.concatenate([rows.columns[0][used], rows.columns[1]])
        self._sparse = rest[:, used]
        self._transposed = self._sparse.T.tocsr()
        self._mean = dense.mean(axis=0)
        self._dense = dense - self._mean
        self._split = len(used)

    def __len__(self) -> int:
        return len(self._columns)

    def as_given(self, weights: Floats) -> tuple[Floats, Floats]:
        """Weights `(columns + 1, k)`, the intercept last → coefficients of the rows as given, intercepts."""
        coefficients = np.zeros((weights.shape[1], self._given))
        coefficients[:, self._columns] = weights[:-1].T
        return coefficients, weights[-1] - self._mean @ weights[self._split : -1]

    def start(self, shape: tuple[int, int], given: Start | None) -> Floats:
        """Weights of this shape to begin with: those that lead to `given`, or 0."""
        weights = np.zeros(shape)
        if given is not None:
            weights[:-1] = given.coefficients[:, self._columns].T
            weights[-1] = given.intercepts + self._mean @ weights[self._split : -1]
        return weights

    def times(self, weights: Floats) -> Floats:
        """`(columns, k)`, the full ones last → `(rows, k)`."""
        return np.asarray(self._sparse @ weights[: self._split] + self._dense @ weights[self._split :])

    def gather(self, errors: Floats, out: Floats) -> None:
        """`(rows, k)` → `(columns, k)`, the full ones last."""
        out[: self._split] = self._transposed @ errors
        np.matmul(self._dense.T, errors, out=out[self._split :])


def fit_logistic(
    rows: SplitRows,
    labels: NDArray[np.str_] | NDArray[np.int64],
    model: LogisticRegression,
    chosen: NDArray[np.int64] | None = None,
    start: Callable[[Sequence[object]], Start | None] = lambda classes: None,
) -> None:
    """Fit `model` in place on rows `(n, columns)` and labels `(n,)`, or on the `chosen` of them, classes weighted alike.

    `start` says where to begin, by the classes that there are. Of its options `C` and `max_iter` count; `class_weight` has to be "balanced".
    """
    classes, members = np.unique(labels if chosen is None else labels[chosen], return_inverse=True)
    sizes = np.bincount(members)
    weight = (len(members) / (len(classes) * sizes))[members]
    columns = _Columns(rows, chosen)
    shape = (len(columns) + 1, len(classes) if len(classes) > 2 else 1)
    loss = _softmax_loss if len(classes) > 2 else _binary_loss
    begin = columns.start(shape, start(classes.tolist()))
    found, steps = minimise(loss(columns, members, weight, 1.0 / model.C, shape), begin, model.max_iter)
    model.classes_ = classes
    model.coef_, model.intercept_ = columns.as_given(found)
    model.n_features_in_, model.n_iter_ = model.coef_.shape[1], np.array([steps], dtype=np.int32)


def fit_softmax(
    rows: SplitRows, labels: NDArray[np.str_], weight: Floats, c: float, max_iter: int = 200
) -> tuple[NDArray[np.str_], Floats, Floats]:
    """A softmax of rows `(n, columns)` with a weight each `(n,)`: classes, coefficients `(classes, columns)`, intercepts."""
    classes, members = np.unique(labels, return_inverse=True)
    columns = _Columns(rows, None)
    shape = (len(columns) + 1, len(classes))
    found, _ = minimise(_softmax_loss(columns, members, weight, 1.0 / c, shape), np.zeros(shape), max_iter)
    return classes, *columns.as_given(found)


def _softmax_loss(
    columns: _Columns, members: NDArray[np.int64], weight: Floats, penalty: float, shape: tuple[int, int]
) -> Loss:
    every = np.arange(len(members))

    def loss(weights: Floats) -> tuple[float, Floats]:
        shares = columns.times(weights[:-1])
        shares += weights[-1]
        shares -= shares.max(axis=1, keepdims=True)
        own = shares[every, members]
        np.exp(shares, out=shares)
        totals = shares.sum(axis=1)
        value = float(weight @ (np.log(totals) - own))
        shares /= totals[:, None]
        shares[every, members] -= 1.0
        shares *= weight[:, None]
        return _penalised(columns, weights, value, shares, penalty, shape)

    return loss


def _binary_loss(
    columns: _Columns, members: NDArray[np.int64], weight: Floats, penalty: float, shape: tuple[int, int]
) -> Loss:
    def loss(weights: Floats) -> tuple[float, Floats]:
        margins = columns.times(weights[:-1])[:, 0] + weights[-1, 0]
        value = float(weight @ (np.logaddexp(0.0, margins) - members * margins))
        errors = weight * (expit(margins) - members)
        return _penalised(columns, weights, value, errors[:, None], penalty, shape)

    return loss


def _penalised(
    columns: _Columns, weights: Floats, value: float, errors: Floats, penalty: float, shape: tuple[int, int]
) -> tuple[float, Floats]:
    gradient = np.empty(shape)
    columns.gather(errors, gradient[:-1])
    gradient[-1] = errors.sum(axis=0)
    gradient[:-1] += penalty * weights[:-1]
    return value + 0.5 * penalty * _dot(weights[:-1], weights[:-1]), gradient


def minimise(loss: Loss, start: Floats, max_steps: int) -> tuple[Floats, int]:
    """Where a smooth function is least, as far as `max_steps` steps lead, and the number of steps taken."""
    from scipy.optimize import minimize

    def flat(weights: Floats) -> tuple[float, Floats]:
        value, gradient = loss(weights.reshape(start.shape))
        return value, gradient.ravel()

    options = {"maxiter": max_steps, "maxls": MAX_TRIES, "gtol": FLAT, "ftol": SMALL_GAIN}
    found = minimize(flat, start.ravel(), method="L-BFGS-B", jac=True, options=options)
    return np.asarray(found.x).reshape(start.shape), int(found.nit)


def _dot(a: Floats, b: Floats) -> float:
    return float(np.dot(a.ravel(), b.ravel()))
