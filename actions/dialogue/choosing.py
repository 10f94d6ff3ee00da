"""Which reading of a turn is replied to: a conditional logit over the options, fitted by `python -m evaluation.fit_dialogue`.

Each feature has one weight; `choice.json` shows them. Source: McFadden (1974), conditional logit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np

from knowledge.groundwork.kept_files import read_json, write_json

FILE = Path(__file__).with_name("choice.json")
FORMAT = 1
RISK = 0.5  # cost of a passage that does not answer, in right replies. Of first words `knowledge/reply/decide.py` has weighed it


class Described(Protocol):
    """An option as the model reads it."""

    @property
    def features(self) -> Mapping[str, float]:
        """Feature → value."""

    @property
    def risky(self) -> bool:
        """Whether it costs something where it is not right."""


AnyOption = TypeVar("AnyOption", bound=Described)


@dataclass(frozen=True)
class ChoiceModel:
    """Feature → weight; a softmax over the options gives probabilities."""

    weights: Mapping[str, float]

    def probabilities(self, options: Sequence[Described]) -> list[float]:
        """Of each option that it is what the resident wants; they sum to 1."""
        scores = np.array([sum(self.weights.get(n, 0.0) * v for n, v in o.features.items()) for o in options])
        shares = np.exp(scores - scores.max())
        return list(map(float, shares / shares.sum()))

    def choose(self, options: Sequence[AnyOption]) -> AnyOption:
        """What is worth most: a right reply 1, what is risky and not right `-RISK`, any other reply 0."""
        worth = [p - RISK * o.risky * (1 - p) for o, p in zip(options, self.probabilities(options))]
        return options[worth.index(max(worth))]

    def save(self, path: Path) -> None:
        """As JSON, for people to read."""
        write_json(path, FORMAT, {"weights": {name: round(weight, 4) for name, weight in self.weights.items()}})

    @classmethod
    def load(cls, path: Path) -> ChoiceModel:
        """Raises `FileUnreadable`."""
        return cls(read_json(path, FORMAT)["weights"])


@lru_cache(maxsize=1)
def shipped_choice() -> ChoiceModel:
    """The model of this folder, loaded at first use. Raises `FileUnreadable`."""
    return ChoiceModel.load(FILE)
