"""What the training of the model takes a shorter way to is what Rasa's own way leads to."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_matrix, vstack

from bot.nlu.intent_regression import _stacked


def test_rows_are_stacked_as_scipy_stacks_them() -> None:
    """Empty rows, single counts and several, in the order of the examples."""
    rows = [coo_matrix(np.array([values])) for values in ([0, 2, 1], [0, 0, 0], [3, 0, 0], [0, 0, 1])]
    ours, scipys = _stacked(rows), vstack(rows).tocsr()
    assert ours.shape == scipys.shape and (ours != scipys).nnz == 0
