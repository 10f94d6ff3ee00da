"""The known questions that the plan does not answer, and how near a question comes to them.

Beside them the known questions that it does answer though they sound alike (`in_plan_contrast.yml`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from knowledge.encoder.text_encoder import Vectors


class Likeness(NamedTuple):
    """Cosine of a question to the closest one on which the plan is silent, out of scope, or answered in contrast."""

    silent: float
    outside: float
    contrast: float


@dataclass(frozen=True)
class UnansweredQuestions:
    """Unit vectors of the three kinds, each `(n, 384)`."""

    silent: Vectors
    outside: Vectors
    contrast: Vectors

    def likeness(
        self,
        vector: Vectors,
        *,
        without_silent: Sequence[int] = (),
        without_outside: Sequence[int] = (),
        without_contrast: Sequence[int] = (),
    ) -> Likeness:
        """Of a question's unit vector. `without_…` leaves some of them out: itself, when the outcome is fitted on it."""
        return Likeness(
            _closest(self.silent, vector, without_silent),
            _closest(self.outside, vector, without_outside),
            _closest(self.contrast, vector, without_contrast),
        )


def _closest(vectors: Vectors, vector: Vectors, without: Sequence[int]) -> float:
    cosines = vectors @ vector
    if without:
        cosines = np.delete(cosines, list(without))
    return float(cosines.max()) if len(cosines) else 0.0
