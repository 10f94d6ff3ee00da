"""Linear models over pieces of text, as plain arrays: one message in, numbers out, nothing of scikit-learn to load.

The rows are those of scikit-learn's `TfidfVectorizer` with `sublinear_tf` and unit length.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.groundwork.kept_files import Plain

Numbers = NDArray[np.float32]
Fitted = NDArray[np.floating[Any]]  # as fits give them


@dataclass(frozen=True)
class PieceModel:
    """A linear model over pieces of text: `idf` and `coefficients` by piece, on a vector of unit length."""

    index: Mapping[str, int]
    idf: Numbers
    coefficients: Numbers  # (pieces, outputs)
    intercept: Numbers  # (outputs,)

    def scores(self, pieces: Iterable[str]) -> Numbers:
        """Shape `(outputs,)`: log odds."""
        found = [(self.index[p], w) for p, w in weights(pieces).items() if p in self.index]
        if not found:
            return self.intercept
        rows = np.array([row for row, _ in found])
        values = np.array([weight for _, weight in found], np.float32) * self.idf[rows]
        values /= max(float(np.linalg.norm(values)), 1e-9)
        return np.asarray(self.intercept + values @ self.coefficients[rows], np.float32)

    @classmethod
    def thinned(
        cls, pieces: Sequence[str], idf: Fitted, coefficients: Fitted, intercept: Fitted, least: float
    ) -> PieceModel:
        """From a fit, without the pieces whose largest effect is below the share `least` of the largest of all."""
        effect = np.abs(coefficients).max(axis=1) * idf
        kept = np.flatnonzero(effect >= least * effect.max())
        index = {str(pieces[row]): place for place, row in enumerate(kept)}
        return cls(index, *(array.astype(np.float32) for array in (idf[kept], coefficients[kept], intercept)))

    def plain(self) -> Plain:
        """For a file; weights as half floats, which moves no score by more than a thousandth."""
        pieces = np.frombuffer(json.dumps(list(self.index), ensure_ascii=False).encode(), np.uint8)
        half = {"idf": self.idf.astype("<f2"), "coefficients": self.coefficients.astype("<f2")}
        return Plain({}, {**half, "intercept": self.intercept.astype("<f4"), "pieces": pieces})

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> PieceModel:
        """From the arrays of `plain`. Raises `KeyError`."""
        pieces = json.loads(arrays["pieces"].tobytes().decode())
        numbers = (arrays[name].astype(np.float32) for name in ("idf", "coefficients", "intercept"))
        return cls({piece: row for row, piece in enumerate(pieces)}, *numbers)


def weights(pieces: Iterable[str]) -> dict[str, float]:
    """1 + log of each piece's count."""
    return {piece: 1.0 + math.log(count) for piece, count in Counter(pieces).items()}


def runs(units: Sequence[str], longest: int, between: str = "") -> Iterator[str]:
    """Every run of one to `longest` units, joined by `between`."""
    for length in range(1, longest + 1):
        for start in range(len(units) - length + 1):
            yield between.join(units[start : start + length])


def each_piece(pieces: Callable[[Any], Iterable[str]]) -> Callable[[Any], list[str]]:
    """An analyzer for `TfidfVectorizer`: what it fits on is what `PieceModel.scores` is given."""
    return lambda message: list(pieces(message))
