"""What a resident says in one turn, with what NLU made of it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from knowledge.encoder.text_encoder import Vectors
from knowledge.language.normalise import Understood


@dataclass(frozen=True)
class Utterance:
    """What a channel and NLU hand over. `intents` is the whole ranking; `understood` and `vector` spare work if given."""

    text: str
    intents: Mapping[str, float]
    understood: Understood | None = None
    vector: Vectors | None = None


def unpack_vector(packed: str) -> Vectors:
    """The inverse of `bot.nlu.sentence_vectors.pack_vector`: `(384,) float32`, unit length."""
    vector = np.frombuffer(base64.b64decode(packed), dtype="<f2").astype(np.float32)
    norm = float(np.linalg.norm(vector))
    return vector / norm if norm else vector
