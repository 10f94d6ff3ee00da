"""A regression on all rows and, beside it, what its like says of each row that it was not fitted on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from knowledge.groundwork.parallel import in_threads
from knowledge.search.regression import Floats, SplitRows, fit_logistic


def fit_and_hold_out(
    model: LogisticRegression,
    rows: csr_matrix,
    labels: NDArray[np.str_] | NDArray[np.int64],
    folds: StratifiedKFold,
    *,
    max_iter_held_out: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Floats | None:
    """Fit `model` in place; returns the out-of-fold probabilities `(n, classes)`.

    None where a class has fewer rows than there are folds: then nothing is held out. `progress(1)` after each fit.
    """
    split = SplitRows(rows)
    classes, sizes = np.unique(labels, return_counts=True)
    fits = [partial(fit_logistic, split, labels, model)]
    out_of_fold = np.zeros((len(labels), len(classes)))

    def hold_out(train: NDArray[np.int64], test: NDArray[np.int64]) -> None:
        held_out = clone(model).set_params(max_iter=max_iter_held_out or model.max_iter)
        fit_logistic(split, labels, held_out, train)
        out_of_fold[test] = held_out.predict_proba(rows[test])

    enough = bool(sizes.min() >= folds.get_n_splits())
    if enough:
        fits += [partial(hold_out, *parts) for parts in folds.split(rows, labels)]
    in_threads(fits, progress)
    return out_of_fold if enough else None
