"""Names and homes that no rule announces: a conditional random field over what `masking_features` sees.

Fitted by `python -m evaluation.fit_masking` (docs/decisions/0058), kept as arrays and one JSON text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conversations.masking_features import FEATURES, SeenText, Token, code_of, seen
from conversations.masking_homes import is_office
from conversations.masking_likely import is_somebody_else
from conversations.masking_persons import is_everyday, is_no_name

FILE = Path(__file__).with_name("masking_tagger.npz")
FORMAT = 1
NOTHING, NAME = "O", "name"
_GOES_ON = 0.5  # of what is sure enough: the least for a token beside one that is
_HAN = re.compile(r"[\u4e00-\u9fff]")
_NAMES_A_PLACE = re.compile(r"[\u4e00-\u9fff]|[A-Za-z]{3}")  # a number alone is no home
_QUITE_SURE = 0.75
_SHORTEST = 2  # characters of a name that is looked for elsewhere in the text, too
Numbers = NDArray[np.float32]


@dataclass(frozen=True)
class Tagger:
    """A weight of each feature for each label, one of each step from label to label, and what is sure enough by kind."""

    labels: tuple[str, ...]  # `O`, or `name-B`: begins a name; `name-I`: goes on in one
    rows: Sequence[Mapping[str, int]]  # of each of `FEATURES`: its value → the row of its weights; 0 for all others
    weights: Numbers  # (rows, labels); the first is of what was never seen
    steps: Numbers  # (labels, labels), from → to
    least: Mapping[str, float]  # kind → the probability from which a token is masked

    @classmethod
    def load(cls, path: Path = FILE) -> Tagger:
        """Raises `ValueError` for another format."""
        with np.load(path, allow_pickle=False) as arrays:
            about = json.loads(arrays["about"].tobytes())
            if about["format"] != FORMAT:
                raise ValueError(f"{path.name}: format {about['format']}, not {FORMAT}")
            if about["names"] != list(FEATURES):
                raise ValueError(f"{path.name} was fitted on other features")
            rows, row = list[dict[str, int]](), 0
            for values in about["features"]:
                rows.append({value: row + at for at, value in enumerate(values, 1)})
                row += len(values)
            weights, steps = arrays["weights"].astype(np.float32), arrays["steps"].astype(np.float32)
            return cls(tuple(about["labels"]), rows, weights, steps, about["least"])

    def save(self, path: Path = FILE) -> None:
        """As `load` reads it."""
        about: dict[str, Any] = {"format": FORMAT, "labels": self.labels, "least": self.least, "names": FEATURES}
        about["features"] = [list(known) for known in self.rows]
        arrays: dict[str, Any] = {
            "about": np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), np.uint8),
            "weights": self.weights.astype(np.float16),
            "steps": self.steps,
        }
        np.savez_compressed(path, **arrays)

    def found(self, text: str, numbers: Sequence[tuple[int, int, str]]) -> Iterator[tuple[str, int, int]]:
        """Kind, start and end of what is sure enough; `numbers` are those that the rules have found."""
        if not _HAN.search(text):  # the lexical reader knows Chinese only
            return
        looked = seen(text, numbers)
        likely = self.probabilities(looked)
        names = set[str]()
        for kind, columns in self._columns().items():
            for start, end, share in _runs(looked.tokens, likely[:, columns].sum(axis=1).tolist(), self.least[kind]):
                if _is_ruled_out(kind, text, start, end, share):
                    continue
                yield kind, start, end
                if kind == NAME and end - start >= _SHORTEST:
                    names.add(text[start:end])
        for name in sorted(names):
            at = text.find(name)
            while at >= 0:
                yield NAME, at, at + len(name)
                at = text.find(name, at + len(name))

    def probabilities(self, looked: SeenText) -> NDArray[np.float64]:
        """(tokens, labels): of each token, how likely each label is, given the whole text."""
        codes = looked.codes
        places = np.searchsorted(self._codes, codes)
        rows = np.where(self._codes[places] == codes, self._rows[places], 0)
        scores = self.weights[rows].sum(axis=0, dtype=np.float64)
        local = np.exp(scores - scores.max(axis=1, keepdims=True))
        steps = np.exp(self.steps.astype(np.float64))
        forward, backward = np.empty_like(local), np.empty_like(local)
        forward[0] = local[0] / local[0].sum()
        for at in range(1, len(local)):
            reached = (forward[at - 1] @ steps) * local[at]
            forward[at] = reached / reached.sum()
        backward[-1] = 1.0
        for at in range(len(local) - 2, -1, -1):
            reached = steps @ (local[at + 1] * backward[at + 1])
            backward[at] = reached / reached.sum()
        likely = forward * backward
        return np.asarray(likely / likely.sum(axis=1, keepdims=True))

    @cached_property
    def _coded(self) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """The codes of all that has a weight, in order, and the row of each; the last is beyond any."""
        pairs = [
            (code, row)
            for number, values in enumerate(self.rows)
            for words, row in values.items()
            if (code := code_of(number, words)) is not None
        ]
        pairs = [*sorted(pairs), (2**64 - 1, 0)]
        return np.array([code for code, _ in pairs], np.uint64), np.array([row for _, row in pairs], np.int64)

    @property
    def _codes(self) -> NDArray[np.uint64]:
        return self._coded[0]

    @property
    def _rows(self) -> NDArray[np.int64]:
        return self._coded[1]

    def _columns(self) -> dict[str, list[int]]:
        kinds = dict.fromkeys(label.split("-")[0] for label in self.labels if label != NOTHING)
        return {kind: [at for at, label in enumerate(self.labels) if label.startswith(f"{kind}-")] for kind in kinds}


def _runs(tokens: Sequence[Token], shares: Sequence[float], least: float) -> Iterator[tuple[int, int, float]]:
    """Where tokens stand next to each other of which one is sure enough and none is much less so; how sure that one is."""
    goes_on, at = least * _GOES_ON, 0
    while at < len(tokens):
        first = at
        while at < len(tokens) and shares[at] >= goes_on:
            at += 1
        share = max(shares[first:at], default=0.0)
        part = list(tokens[first:at]) if share >= least else []
        while part and part[-1].is_edge:
            part.pop()
        while part and part[0].is_edge:
            part.pop(0)
        if part:
            yield part[0].start, part[-1].end, share
        at += 1


def _is_ruled_out(kind: str, text: str, start: int, end: int, share: float) -> bool:
    """Whether it is an office's address, no name or somebody else's, or two characters that begin as a word does and are not quite sure."""
    if kind != NAME:
        return is_office(text, start, end) or not _NAMES_A_PLACE.search(text, start, end)
    name = text[start:end]
    is_slight = end - start <= _SHORTEST and is_everyday(text[start])
    return is_no_name(name) or is_somebody_else(name) or (is_slight and share < _QUITE_SURE)


@lru_cache(maxsize=1)
def tagger() -> Tagger:
    """The one of this process; loaded when it is first asked for."""
    return Tagger.load()
