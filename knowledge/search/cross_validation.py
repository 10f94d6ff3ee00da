"""A regression on all rows and, beside it, what its like says of each row that it was not fitted on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from knowledge.groundwork.parallel import in_threads
from knowledge.search.regression import Floats, SplitRows, fit_logistic
from knowledge.search.starts import WHOLE, Starts

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

ENOUGH = 2  # rows of a class that are left to learn from where a fold is held out


def fit_and_hold_out(
    model: LogisticRegression,
    rows: csr_matrix,
    labels: NDArray[np.str_] | NDArray[np.int64],
    folds: NDArray[np.int64],
    *,
    starts: Starts | None = None,
    max_iter_held_out: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Floats | None:
    """Fit `model` in place; returns the out-of-fold probabilities `(n, classes)`.

    `folds` `(n,)` says in which fold each row is held out. None where a class would be left with one row or with none:
    then nothing is held out. `progress(1)` after each fit. `starts`: where the fits begin, and are told to have ended.
    """
    from sklearn.base import clone

    split, starts = SplitRows(rows), starts or Starts()
    classes, members = np.unique(labels, return_inverse=True)
    out_of_fold = np.zeros((len(labels), len(classes)))

    def fit(fold: int) -> None:
        begin = partial(starts.of, fold)
        if fold == WHOLE:
            fit_logistic(split, labels, model, start=begin)
            starts.end(fold, model)
            return
        held_out = clone(model).set_params(max_iter=max_iter_held_out or model.max_iter)
        fit_logistic(split, labels, held_out, np.flatnonzero(folds != fold), begin)
        test = np.flatnonzero(folds == fold)
        out_of_fold[test] = held_out.predict_proba(rows[test])
        starts.end(fold, held_out)

    held_out_in = np.unique(folds).tolist()
    left = [np.bincount(members[folds != fold], minlength=len(classes)).min() for fold in held_out_in]
    enough = len(held_out_in) > 1 and min(left) >= ENOUGH
    in_threads([partial(fit, fold) for fold in (WHOLE, *(held_out_in if enough else ()))], progress)
    return out_of_fold if enough else None
