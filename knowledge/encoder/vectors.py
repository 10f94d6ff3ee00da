"""The file in which a build keeps the vectors of its texts."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from knowledge.encoder.text_encoder import Vectors
from knowledge.groundwork import formats
from knowledge.groundwork.errors import FileUnreadable
from knowledge.groundwork.kept_files import check_format

FORMAT = formats.VECTORS


def save_vectors(vectors: dict[str, Vectors], path: Path) -> None:
    """Keep vectors by text key; the file is whole or not there."""
    part = path.with_suffix(".part")
    with part.open("wb") as stream:
        np.savez(
            stream, format=np.array(FORMAT), keys=np.array(list(vectors)), vectors=np.stack(list(vectors.values()))
        )
    part.replace(path)


def load_vectors(path: Path) -> dict[str, Vectors]:
    """Text key → vector `(384,)`; what `save_vectors` kept. Raises `FileUnreadable`."""
    try:
        with np.load(path, allow_pickle=False) as data:
            # Files from before there was a number are as those of format 1: nobody has to encode 20,000 texts again.
            check_format(path, int(data["format"]) if "format" in data.files else 1, FORMAT)
            return dict(zip(data["keys"].tolist(), data["vectors"]))
    except FileUnreadable:
        raise
    except Exception as error:  # a damaged archive raises whatever its damage leads to
        raise FileUnreadable(f"{path.name} 读不出（{error}）") from error
