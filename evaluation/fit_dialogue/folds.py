"""The folds in which dialogues are held out: a dialogue stays in one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FOLDS = 5


def fold_of(dialogue: NDArray[np.int64]) -> NDArray[np.int64]:
    """The fold of each dialogue's number; -1 where it is of no dialogue."""
    return np.where(dialogue >= 0, dialogue % FOLDS, -1)
