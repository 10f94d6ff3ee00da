"""The files of vectors by text: what a build keeps of its texts, and what the repository brings along.

A vector is kept as the whole numbers that the encoder rounds it to (`text_encoder.rounded`), so nothing is lost, in a
quarter of the room.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.encoder.text_encoder import STEPS, Vectors, rounded
from knowledge.groundwork import formats
from knowledge.groundwork.kept_files import Plain, read_arrays, write_arrays

FORMAT = formats.VECTORS
_KEY_BYTES = 20  # of a `text_key`


def save_vectors(vectors: Mapping[str, Vectors], path: Path) -> None:
    """Keep vectors by text key, each rounded as the encoder's are; the file is whole or not there."""
    keys = np.frombuffer(b"".join(map(bytes.fromhex, vectors)), np.uint8).reshape(-1, _KEY_BYTES)
    rows = np.stack(list(vectors.values()))
    steps = np.rint(rows * (STEPS / np.abs(rows).max(axis=1, keepdims=True))).astype(np.int8)
    write_arrays(path, FORMAT, Plain(arrays={"keys": keys, "steps": steps}))


def load_vectors(path: Path) -> dict[str, Vectors]:
    """Text key → vector `(384,)`; what `save_vectors` kept. Raises `FileUnreadable`."""
    arrays = read_arrays(path, FORMAT).arrays
    keys: NDArray[np.uint8] = arrays["keys"]
    rows = rounded(arrays["steps"].astype(np.float32))
    return dict(zip((key.tobytes().hex() for key in keys), rows))
