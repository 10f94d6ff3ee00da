"""Which commitment answers: a conditional logit over the signals, fitted on the catalogue's sample questions.

Each question is a choice among the commitments that look most like it: those that answer it are right, the rest
are hard negatives. Every signal of a sample question is computed with that question left out (`signals.py`), and no
signal knows a fresh one, so the weights are those of unseen questions. The model is one weight a feature:
`ranking.json` shows them.

Source: McFadden (1974), conditional logit; fitted by L-BFGS (scipy) with an L2 penalty.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.catalogue.commitments import Commitment
from knowledge.search.signals import FEATURES, SIGNALS, Floats

CANDIDATES = 30  # hard negatives a question: beyond the 30 nearest nothing changes the fit
PENALTY = 0.002  # L2, per choice; chosen on held-out groups among 0.0005–0.05 (flat)
MAX_BEHIND = 500.0  # utility by which a right row may lie behind: far from where an exponential ends
_RETRIEVERS = (
    "sample_vector",
    "headline_vector",
    "quote_vector",
    "samples_projected",
    "headline_projected",
    "pieces_covered",
    "document_characters",
    "keywords",
)
# Signals that may count against a commitment. All others only ever speak for it: a catalogue's authors
# word the questions of one commitment apart from each other, so an unbounded fit would learn that being
# like a sample question is a bad sign.
# BM25 finds candidates that nothing else finds, but in the order it only repeats, less well, what the n-grams say:
# with a weight of its own it cost 4 points on the development questions (docs/quality.md).
_RETRIEVES_ONLY = frozenset({"keywords"})
_FREE = frozenset({"past_unasked", "indicator_unasked", "definition_unasked", "curated"})


@dataclass(frozen=True)
class RankingModel:
    """`score = weights · (features - mean) / scale`; a softmax over commitments gives probabilities."""

    mean: Floats
    scale: Floats
    weights: Floats

    def scores(self, features: Floats) -> Floats:
        """Utility of each row of `features`, shape `(n,)`."""
        return np.asarray(((features - self.mean) / self.scale) @ self.weights)

    def as_dict(self) -> dict[str, dict[str, float]]:
        """Feature → weight on the standardised scale, mean and scale, for people to read."""
        return {
            name: {"weight": round(float(w), 6), "mean": round(float(m), 6), "scale": round(float(s), 6)}
            for name, w, m, s in zip(FEATURES, self.weights, self.mean, self.scale)
        }


def candidates(features: Floats, limit: int = CANDIDATES) -> NDArray[np.int64]:
    """Rows that any retriever puts near the top: an equal share each, then the rest by reciprocal rank."""
    fused = np.zeros(len(features))
    for name in _RETRIEVERS:
        order = _first(-features[:, SIGNALS.index(name)], 2 * limit)
        fused[order] += 1.0 / (10 + np.arange(len(order)))
    return np.argsort(-fused, kind="stable")[:limit]


def _first(values: Floats, count: int) -> NDArray[np.int64]:
    """The places of the `count` smallest, smallest first, of equal ones the earlier: a stable sort of those alone."""
    if count >= len(values):
        return np.argsort(values, kind="stable")
    near = np.flatnonzero(values <= np.partition(values, count - 1)[count - 1])
    return near[np.argsort(values[near], kind="stable")][:count]


@dataclass(frozen=True)
class Shortlist:
    """The candidates of a question: rows of the commitments and their features, `(n, len(FEATURES))`."""

    rows: NDArray[np.int64]
    features: Floats


def shortlisted(features: Floats) -> Shortlist:
    """The candidates among all commitments."""
    rows = candidates(features)
    return Shortlist(rows, np.ascontiguousarray(features[rows]))


@dataclass(frozen=True)
class Ranked:
    """A shortlist, best first: its rows and features, their utilities, and these as shares of one (softmax)."""

    rows: NDArray[np.int64]
    features: Floats
    utilities: Floats
    shares: Floats


def rank(model: RankingModel, found: Shortlist) -> Ranked:
    """Put the candidates of a question in order."""
    utilities = model.scores(found.features)
    order = np.argsort(-utilities, kind="stable")
    exponentials = np.exp(utilities[order] - utilities.max())
    shares = exponentials / exponentials.sum()
    return Ranked(found.rows[order], found.features[order], utilities[order], shares)


def interchangeable(commitments: Sequence[Commitment]) -> list[frozenset[int]]:
    """For each commitment the positions that are as right as it: same sentence, or the same quantity twice."""
    by_passage: dict[str, set[int]] = {}
    by_quantity: dict[tuple[str, str, str], set[int]] = {}
    for position, commitment in enumerate(commitments):
        by_passage.setdefault(commitment.quote, set()).add(position)
        for figure in commitment.figures[:1]:
            by_quantity.setdefault((figure.label, figure.printed_value, figure.unit), set()).add(position)
    groups = []
    for commitment in commitments:
        same = set(by_passage[commitment.quote])
        for figure in commitment.figures[:1]:
            same |= by_quantity[(figure.label, figure.printed_value, figure.unit)]
        groups.append(frozenset(same))
    return groups


@dataclass(frozen=True)
class ChoiceSet:
    """One training example: rows of features, of which the first `right` answer, and what it weighs beside others."""

    features: Floats
    right: int = 1
    weight: float = 1.0


def choice(own: Floats, same: Collection[int], found: Shortlist, weight: float = 1.0) -> ChoiceSet:
    """Of a question: the row or rows of what answers it, then those of the shortlist that are not as right (`same`)."""
    rivals = [i for i, row in enumerate(found.rows) if row not in same]
    right = np.atleast_2d(own)
    return ChoiceSet(np.vstack([right, found.features[rivals]]), len(right), weight)


def fit_ranking(choices: Sequence[ChoiceSet], penalty: float = PENALTY) -> RankingModel:
    """Weights under which the right rows of each choice are the most probable, whichever of them."""
    from scipy.optimize import minimize

    stacked = np.vstack([choice.features for choice in choices])
    mean, scale = stacked.mean(axis=0), stacked.std(axis=0)
    scale = np.where(scale < 1e-9, 1.0, scale)
    rows = (stacked - mean) / scale
    starts = np.cumsum([0] + [len(choice.features) for choice in choices[:-1]])
    owner = np.repeat(np.arange(len(choices)), [len(choice.features) for choice in choices])
    is_right = np.arange(len(owner)) - starts[owner] < np.array([choice.right for choice in choices])[owner]
    share = np.array([choice.weight for choice in choices])
    share = share / share.sum()

    def loss(weights: Floats) -> tuple[float, Floats]:
        utilities = rows @ weights
        highest = np.maximum.reduceat(
            np.where(is_right, utilities, -np.inf), starts
        )  # so that none that is right vanishes
        exponentials = np.exp(np.minimum(utilities - highest[owner], MAX_BEHIND))
        among_right = np.where(is_right, exponentials, 0.0)
        totals, rights = np.add.reduceat(exponentials, starts), np.add.reduceat(among_right, starts)
        gradient = (share[owner] * (exponentials / totals[owner] - among_right / rights[owner])) @ rows
        value = share @ (np.log(totals) - np.log(rights)) + penalty * weights @ weights
        return float(value), gradient + 2 * penalty * weights

    bounds = [_bounds(name.removesuffix("_below_best")) for name in FEATURES]
    start = np.zeros(len(FEATURES))
    result = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500})
    return RankingModel(mean, scale, result.x)


def _bounds(signal: str) -> tuple[float | None, float | None]:
    if signal in _RETRIEVES_ONLY:
        return 0.0, 0.0
    return (None, None) if signal in _FREE else (0.0, None)


def first_right(model: RankingModel, choices: Sequence[ChoiceSet]) -> float:
    """Share of choices of which a right row scores highest."""
    first = [int(np.argmax(model.scores(choice.features))) < choice.right for choice in choices]
    return float(np.mean(first)) if choices else 0.0
