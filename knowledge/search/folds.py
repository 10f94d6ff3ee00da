"""Which texts are held out together: a text says it itself, so it is the same in every build."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray


def folds_of(texts: Sequence[str], count: int) -> NDArray[np.int64]:
    """For each text the fold in which it is held out, 0 to `count` - 1, `(n,)`.

    What one build holds out every other one does: weights of an earlier one have not seen it either (`starts.py`).
    """
    return text_keys(texts).astype(np.int64) % count


def text_keys(texts: Sequence[str]) -> NDArray[np.uint32]:
    """A number for each text `(n,)`, the same wherever it is made: CRC-32."""
    return np.fromiter((crc32(text.encode()) for text in texts), np.uint32, len(texts))
