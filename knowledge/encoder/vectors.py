"""The file in which a build keeps the vectors of its texts."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from knowledge.encoder.text_encoder import Vectors


def save_vectors(vectors: dict[str, Vectors], path: Path) -> None:
    """Keep vectors by text key; the file is whole or not there."""
    part = path.with_suffix(".part")
    with part.open("wb") as stream:
        np.savez(stream, keys=np.array(list(vectors)), vectors=np.stack(list(vectors.values())))
    part.replace(path)


def load_vectors(path: Path) -> dict[str, Vectors]:
    """Text key → vector `(384,)`; what `save_vectors` kept."""
    with np.load(path) as data:
        return dict(zip(data["keys"].tolist(), data["vectors"]))
