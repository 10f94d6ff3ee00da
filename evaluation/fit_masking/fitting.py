"""The weights of the tagger, by python-crfsuite, out of lines on which it is marked what is personal data."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pycrfsuite

from conversations.masking import by_rules, numbers_among
from conversations.masking_features import FEATURES, SeenText, seen
from conversations.masking_numbers import digits_of
from conversations.masking_quality import AnnotatedLine
from conversations.masking_signs import visible_places
from conversations.masking_tagger import NOTHING, Tagger

KINDS = ("name", "address")  # numbers are the rules'
LABELS = (NOTHING, *(f"{kind}-{place}" for kind in KINDS for place in "BI"))
_OPTIONS = {"c1": 0.02, "c2": 0.05, "max_iterations": 100, "feature.possible_transitions": True, "feature.minfreq": 2}


@dataclass(frozen=True)
class TaggedLine:
    """A line as the tagger sees it, and the label of each token."""

    seen: SeenText
    labels: Sequence[str]


def example(line: AnnotatedLine) -> TaggedLine:
    """A line of `masking_lines` as the tagger would see it after the rules."""
    places = list(visible_places(line.text))
    plain = digits_of("".join(line.text[place] for place in places))
    looked = seen(plain, numbers_among(by_rules(plain)))
    labels = [NOTHING] * len(looked.tokens)
    for kind, start, end in line.pieces:
        if kind in KINDS:
            place = "B"
            for at, token in enumerate(looked.tokens):
                if places[token.start] < end and start < places[token.end - 1] + 1:
                    labels[at] = f"{kind}-{place}"
                    place = "I"
    return TaggedLine(looked, labels)


def fit(examples: Iterable[TaggedLine], least: Mapping[str, float], **options: float) -> Tagger:
    """The tagger that holds the examples likeliest, but for what is paid for each weight."""
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params({**_OPTIONS, **options})
    for one in examples:
        if one.labels:
            trainer.append(_named(one.seen.features), list(one.labels))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model"
        trainer.train(str(path))
        tagger = pycrfsuite.Tagger()
        tagger.open(str(path))
        return _plain(tagger.info(), least)


def _named(features: Sequence[Sequence[str]]) -> list[list[str]]:
    """Feature by feature → token by token, each with the number of its feature."""
    return [[f"{number}:{value}" for number, value in enumerate(values)] for values in zip(*features)]


def _plain(info: pycrfsuite._dumpparser.ParsedDump, least: Mapping[str, float]) -> Tagger:
    columns = {label: column for column, label in enumerate(LABELS)}
    by_value: list[dict[str, dict[int, float]]] = [defaultdict(dict) for _ in FEATURES]
    for (name, label), weight in info.state_features.items():
        number, value = name.split(":", 1)
        by_value[int(number)][value][columns[label]] = weight
    rows, weights = list[dict[str, int]](), [np.zeros(len(LABELS), np.float32)]
    for values in by_value:
        rows.append({})
        for value in sorted(values):
            rows[-1][value] = len(weights)
            row = np.zeros(len(LABELS), np.float32)
            for column, weight in values[value].items():
                row[column] = weight
            weights.append(row)
    steps = np.full((len(LABELS), len(LABELS)), -8.0, np.float32)
    for (before, after), weight in info.transitions.items():
        steps[columns[before], columns[after]] = weight
    return Tagger(LABELS, rows, np.array(weights, np.float32), steps, dict(least))
