"""How likely a message tells of acute danger, and of which kind: four views, one weighing. Fitted by `danger.fitting`.

It is a file of this folder, not of a release: training and promoting change nothing here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from danger.errors import ModelUnreadable
from danger.features import cues, sound_pieces, text_pieces
from danger.forms import Message
from danger.rules import Seen
from knowledge.groundwork.errors import FileUnreadable
from knowledge.groundwork.kept_files import Plain, read_arrays, write_arrays
from knowledge.language.pieces import Numbers, PieceModel

FILE = Path(__file__).with_name("classifier.npz")
FORMAT = 1
PIECE_MODELS = ("text", "sound", "kind_text")


@dataclass(frozen=True)
class KernelModel:
    """A support vector machine with a Gaussian kernel on centred sentence vectors."""

    mean: Numbers  # (384,)
    vectors: Numbers  # (n, 384), centred
    coefficients: Numbers  # (n,)
    intercept: float
    gamma: float

    def score(self, vector: Numbers) -> float:
        """Signed distance from the border between danger and none."""
        return float(self.scores(vector[None])[0])

    def scores(self, vectors: Numbers) -> Numbers:
        """The same of many, shape `(n,)`."""
        centred = vectors - self.mean
        lengths = np.einsum("ij,ij->i", centred, centred)
        apart = self._lengths - 2.0 * (centred @ self.vectors.T) + lengths[:, None]  # squared distances
        return np.asarray(np.exp(-self.gamma * apart) @ self.coefficients + self.intercept, np.float32)

    @cached_property
    def _lengths(self) -> Numbers:
        return np.einsum("ij,ij->i", self.vectors, self.vectors)


@dataclass(frozen=True)
class Judgement:
    """P(acute danger), and P(kind) of each kind if it is one."""

    probability: float
    kinds: Mapping[str, float]


@dataclass(frozen=True)
class Classifier:
    """The fitted models. `weigh` are the weights of text, sound and vector scores, then of `features.CUES`."""

    text: PieceModel
    sound: PieceModel
    vector: KernelModel
    weigh: Numbers  # (3 + cues,)
    weigh_intercept: float
    kinds: tuple[str, ...]
    kind_text: PieceModel
    kind_weights: Numbers  # (384, kinds)
    thresholds: Mapping[str, float]

    def judge_kind(self, message: Message, vector: Numbers) -> Mapping[str, float]:
        """P(kind) of each kind, if it is danger at all."""
        return self._kinds(list(text_pieces(message)), vector)

    def threshold(self, level: str, kinds: Mapping[str, float]) -> float:
        """The probability from which `level` (`acute`, `quiet`) holds for a message of these kinds."""
        return self.thresholds[f"{level} {SELF_HARM}" if clear_kind(kinds) == SELF_HARM else level]

    def judge(self, message: Message, seen: Seen, vector: Numbers) -> Judgement:
        """`vector` is the unit sentence vector of `message.written`."""
        pieces = list(text_pieces(message))
        scores = [
            self.text.scores(pieces)[0],
            self.sound.scores(sound_pieces(message))[0],
            self.vector.score(vector),
        ]
        row = np.concatenate([np.array(scores, np.float32), cues(message, seen)])
        odds = float(row @ self.weigh + self.weigh_intercept)
        return Judgement(1.0 / (1.0 + float(np.exp(-odds))), self._kinds(pieces, vector))

    def _kinds(self, pieces: Sequence[str], vector: Numbers) -> Mapping[str, float]:
        logits = self.kind_text.scores(pieces) + (vector - self.vector.mean) @ self.kind_weights
        shares = np.exp(logits - logits.max())
        shares /= shares.sum()
        return dict(zip(self.kinds, map(float, shares)))

    def save(self, path: Path) -> None:
        """As arrays and JSON, with the format's number; no pickle."""
        arrays: dict[str, Any] = {}
        for name in PIECE_MODELS:
            arrays |= {f"{name}_{part}": array for part, array in getattr(self, name).plain().arrays.items()}
        arrays |= {
            "mean": self.vector.mean.astype("<f4"),
            "vectors": self.vector.vectors.astype("<f2"),
            "coefficients": self.vector.coefficients.astype("<f4"),
            "weigh": self.weigh.astype("<f4"),
            "kind_weights": self.kind_weights.astype("<f2"),
        }
        about = {
            "kinds": list(self.kinds),
            "gamma": self.vector.gamma,
            "intercept": self.vector.intercept,
            "weigh_intercept": self.weigh_intercept,
            "thresholds": dict(self.thresholds),
        }
        write_arrays(path, FORMAT, Plain(about, arrays), compressed=True)

    @classmethod
    def load(cls, path: Path) -> Classifier:
        """Raises `ModelUnreadable` with the mend."""
        try:
            plain = read_arrays(path, FORMAT)
            about, arrays = plain.about, plain.arrays
            pieces = {name: _piece_model(arrays, name) for name in PIECE_MODELS}
            numbers = {
                name: arrays[name].astype(np.float32)
                for name in ("mean", "vectors", "coefficients", "weigh", "kind_weights")
            }
        except (FileUnreadable, KeyError) as error:
            raise ModelUnreadable(f"{error} — {MEND}") from error
        kernel = KernelModel(
            numbers["mean"], numbers["vectors"], numbers["coefficients"], about["intercept"], about["gamma"]
        )
        return cls(
            text=pieces["text"],
            sound=pieces["sound"],
            vector=kernel,
            weigh=numbers["weigh"],
            weigh_intercept=about["weigh_intercept"],
            kinds=tuple(about["kinds"]),
            kind_text=pieces["kind_text"],
            kind_weights=numbers["kind_weights"],
            thresholds=about["thresholds"],
        )


CLEAR_FROM = 0.5  # share from which a message is of one kind
SELF_HARM = "self_harm"  # the kind that has thresholds of its own


def clear_kind(kinds: Mapping[str, float]) -> str:
    """The kind that has at least `CLEAR_FROM`, or ""."""
    return next((kind for kind, share in kinds.items() if share >= CLEAR_FROM), "")


MEND = "从版本库取回这个文件，或运行 python -m danger fit"


def _piece_model(arrays: Mapping[str, Any], name: str) -> PieceModel:
    return PieceModel.of({part: arrays[f"{name}_{part}"] for part in ("idf", "coefficients", "intercept", "pieces")})


@lru_cache(maxsize=1)
def shipped_classifier() -> Classifier:
    """The classifier of this folder, loaded at first use. Raises `ModelUnreadable`."""
    return Classifier.load(FILE)
