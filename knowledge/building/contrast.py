"""Fits the space in which a question lies close to what answers it: a linear map of the sentence vectors, by contrast.

Each sample question is to find its own headline, its own sentence and another sample of the same commitment among those
of all others (InfoNCE, van den Oord et al. 2018). Questions and passages have a map each, (v - mean) · basis · (1 + down ·
up), of low rank so that what is seldom asked keeps its plain vector. Docs: decisions/0037.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge.encoder.text_encoder import Vectors
from knowledge.groundwork.parallel import in_threads
from knowledge.search.folds import text_keys
from knowledge.search.projection import FOLDS, Projection, Vectored, centred
from knowledge.search.starts import WHOLE

DIRECTIONS = (
    192  # of the vectors' 384, those in which the samples differ most: half the work, for the fit and for a search
)
RANK = 64  # of what a map adds to a vector
STEPS, BATCH = 200, 384
STEPS_ON, RATE_ON = 40, 1e-3  # from the maps of an earlier build, which have come nearly all the way
KNOWN_FROM = 0.9  # share of the samples that these maps must have been fitted on
RATE, WARM_UP, RATE_LEFT = 5e-3, 10, 0.05  # Adam's; falling to this share of it
MEAN_DECAY, SQUARE_DECAY, TINY = 0.9, 0.98, 1e-8
SHARPNESS = 1 / 0.05  # of the soft maximum over cosines
QUOTE_WEIGHT = 0.5  # of finding the sentence, where finding the headline and another sample count 1
SQUARES_WEIGHT = 1e-3  # of the numbers of the map
START = 0.05  # standard deviation of `down`; `up` starts at 0, so a map starts as the plain vector
MIN_CLASSES = 200  # fewer sentences with questions do not tell directions apart: vectors are then only centred
SEED = 0
SHUT_OUT = np.float32(-1e9)

Maps = list[Vectors]  # down and up of questions, down and up of passages
Rows = NDArray[np.int64]


class FittedMaps(NamedTuple):
    """What a fit found: the directions `(384, DIRECTIONS)` and the maps in them."""

    basis: Vectors
    maps: Maps


class SpaceStarts:
    """The maps of an earlier build by fold, the keys of the samples that they know, and where this build's fits ended."""

    def __init__(self, kept: Mapping[int, FittedMaps] | None = None, known: NDArray[np.uint32] | None = None) -> None:
        self._kept, self._known = kept or {}, known if known is not None else np.zeros(0, np.uint32)
        self.ended: dict[int, FittedMaps] = {}

    def of(self, fold: int, samples: Sequence[str]) -> FittedMaps | None:
        """Where the fit begins that holds `fold` out; None where the earlier build knew too few of the samples."""
        known = np.isin(text_keys(samples), self._known).mean() if samples else 0.0
        return self._kept.get(fold) if known >= KNOWN_FROM else None


def fit_projections(
    vectored: Vectored,
    sentences: Rows,
    folds: Rows,
    same: Sequence[frozenset[int]],
    progress: Callable[[int], None] | None = None,
    starts: SpaceStarts | None = None,
) -> list[Projection]:
    """The map fitted on all commitments, and for each of `FOLDS` folds of the sentences the one that knows the others only.

    `sentences` numbers each commitment's sentence and `folds` says in which it is held out; `same` says what is as right
    as each commitment. `starts`: where the fits begin, and are told to have ended.
    """
    found: dict[int, Projection] = {}
    starts = starts or SpaceStarts()

    def fit(left_out: int) -> None:
        begin = starts.of(left_out, vectored.samples.texts)
        found[left_out], ended = fit_projection(vectored, sentences, same, folds != left_out, begin)
        if ended:
            starts.ended[left_out] = ended

    in_threads([partial(fit, left_out) for left_out in range(WHOLE, FOLDS)], progress)
    return [found[left_out] for left_out in range(WHOLE, FOLDS)]


def fit_projection(
    vectored: Vectored,
    sentences: Rows,
    same: Sequence[frozenset[int]],
    used: NDArray[np.bool_],
    begin: FittedMaps | None = None,
) -> tuple[Projection, FittedMaps | None]:
    """The map fitted on those commitments that are `used`, and on their samples; what it is made of, where it is fitted."""
    samples = vectored.samples
    of_used = used[samples.owners]
    plain = centred(samples.vectors[of_used], vectored.headlines[used])
    if len(np.unique(sentences[samples.owners[of_used]])) < MIN_CLASSES:
        return plain, None
    basis = begin.basis if begin else _basis(samples.vectors[of_used] - plain.question_mean)
    kept = np.flatnonzero(used)
    place = np.full(len(used), -1)
    place[kept] = np.arange(len(kept))
    alike = np.zeros((len(used), len(used)), bool)
    for row, others in enumerate(same):
        alike[row, list(others)] = True
    task = _Task(
        (samples.vectors[of_used] - plain.question_mean) @ basis,
        place[samples.owners[of_used]],
        (vectored.headlines[used] - plain.passage_mean) @ basis,
        (vectored.quotes[used] - plain.passage_mean) @ basis,
        alike[np.ix_(kept, kept)],
    )
    maps = _fitted(task, begin.maps if begin else None)
    down, up, passage_down, passage_up = maps
    projection = Projection(
        plain.question_mean, plain.passage_mean, basis + basis @ down @ up, basis + basis @ passage_down @ passage_up
    )
    return projection, FittedMaps(basis, maps)


def _basis(rows: Vectors) -> Vectors:
    """The `DIRECTIONS` in which the rows differ most, as columns."""
    _, directions = np.linalg.eigh(rows.T.astype(np.float64) @ rows)
    return np.asarray(directions[:, -DIRECTIONS:], dtype=np.float32)


@dataclass(frozen=True)
class _Task:
    """Samples with their owners, headlines and quotes of the commitments, and which commitments are alike."""

    samples: Vectors
    owners: Rows
    headlines: Vectors
    quotes: Vectors
    alike: NDArray[np.bool_]


class _Drawn(NamedTuple):
    """Of one step: rows of samples, and for each another sample of the same commitment."""

    rows: Rows
    partners: Rows


def _fitted(task: _Task, begin: Maps | None) -> Maps:
    """Adam on the maps, each step on samples drawn anew."""
    chance = np.random.default_rng(SEED)
    maps = list(begin) if begin else _plain_maps(task.samples.shape[1], chance)
    steps, highest = (STEPS_ON, RATE_ON) if begin else (STEPS, RATE)
    means, squares = [np.zeros_like(each) for each in maps], [np.zeros_like(each) for each in maps]
    for step in range(1, steps + 1):
        rate = highest * min(1.0, step / WARM_UP) * (1 - (1 - RATE_LEFT) * step / steps)
        for at, slope in enumerate(_slopes(task, maps, _draw(task.owners, chance))):
            means[at] = MEAN_DECAY * means[at] + (1 - MEAN_DECAY) * slope
            squares[at] = SQUARE_DECAY * squares[at] + (1 - SQUARE_DECAY) * slope**2
            mean, square = means[at] / (1 - MEAN_DECAY**step), squares[at] / (1 - SQUARE_DECAY**step)
            maps[at] = maps[at] - rate * mean / (np.sqrt(square) + TINY)
    return maps


def _plain_maps(dimensions: int, chance: np.random.Generator) -> Maps:
    maps: Maps = []
    for _ in range(2):
        maps.append(chance.normal(0, START, (dimensions, RANK)).astype(np.float32))
        maps.append(np.zeros((RANK, dimensions), np.float32))
    return maps


def _draw(owners: Rows, chance: np.random.Generator) -> _Drawn:
    """Samples stand by owner: the partner is drawn from the others of its run, or is the sample itself where it has none."""
    rows = chance.choice(len(owners), min(BATCH, len(owners)), replace=False)
    first, last = np.searchsorted(owners, owners[rows]), np.searchsorted(owners, owners[rows], side="right")
    count = last - first
    ahead = 1 + (chance.random(len(rows)) * np.maximum(count - 1, 0)).astype(np.int64)
    return _Drawn(rows, first + (rows - first + ahead) % count)


def _slopes(task: _Task, maps: Maps, drawn: _Drawn) -> Maps:
    """The gradient of the loss, in the order of `maps`."""
    down, up, passage_down, passage_up = maps
    owners = task.owners[drawn.rows]
    count = len(owners)
    asked = _Mapped.of(np.concatenate([task.samples[drawn.rows], task.samples[drawn.partners]]), down, up)
    passages = _Mapped.of(np.concatenate([task.headlines, task.quotes]), passage_down, passage_up)
    questions, partners = asked.unit[:count], asked.unit[count:]
    headlines, quotes = passages.unit[: len(task.headlines)], passages.unit[len(task.headlines) :]
    alike = task.alike[owners]
    to_headlines = _pull(questions, headlines, alike, owners)
    to_quotes = QUOTE_WEIGHT * _pull(questions, quotes, alike, owners)
    to_partners = _pull(questions, partners, alike[:, owners], np.arange(count))
    by_question = to_headlines @ headlines + to_quotes @ quotes + to_partners @ partners
    found = [
        *asked.slopes(np.concatenate([by_question, to_partners.T @ questions])),
        *passages.slopes(np.concatenate([to_headlines.T @ questions, to_quotes.T @ questions])),
    ]
    return [slope + 2 * SQUARES_WEIGHT * each for slope, each in zip(found, maps)]


def _pull(questions: Vectors, others: Vectors, alike: NDArray[np.bool_], right: Rows) -> Vectors:
    """How the mean cross entropy of finding `right` changes with each cosine; what is `alike` and not it does not count."""
    at = np.arange(len(questions))
    scores = questions @ others.T
    scores *= SHARPNESS
    wanted = scores[at, right]
    scores[alike] = SHUT_OUT
    scores[at, right] = wanted
    scores -= scores.max(axis=1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=1, keepdims=True)
    scores[at, right] -= 1
    scores *= SHARPNESS / len(questions)
    return scores


@dataclass(frozen=True)
class _Mapped:
    """Rows, what `down` made of them, and where the map puts them, to unit length."""

    rows: Vectors
    low: Vectors
    unit: Vectors
    lengths: Vectors
    up: Vectors

    @classmethod
    def of(cls, rows: Vectors, down: Vectors, up: Vectors) -> _Mapped:
        low = rows @ down
        mapped = rows + low @ up
        lengths = np.maximum(np.linalg.norm(mapped, axis=1, keepdims=True), 1e-9)
        return cls(rows, low, mapped / lengths, lengths, up)

    def slopes(self, by_unit: Vectors) -> tuple[Vectors, Vectors]:
        """Of `down` and `up`, from the gradient by the unit rows."""
        along = (self.unit * by_unit).sum(axis=1, keepdims=True)
        by_mapped = (by_unit - self.unit * along) / self.lengths
        return self.rows.T @ (by_mapped @ self.up.T), self.low.T @ by_mapped
