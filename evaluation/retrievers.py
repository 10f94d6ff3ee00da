"""What simpler systems return for the same questions: BM25, vectors, and the rank fusion of both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from evaluation.questions import EvaluationQuestion
from knowledge.catalogue.commitments import Commitment
from knowledge.search.finder import Finder
from knowledge.search.signals import FEATURES, Floats

FUSED = ("keywords", "headline_vector")
RANK_CONSTANT = 60  # of reciprocal rank fusion (Cormack et al. 2009)
KEPT = 3


@dataclass(frozen=True)
class Returned:
    """Commitments, best first (at most `KEPT`), the first one's score, and whether the system would refuse."""

    found: tuple[Commitment, ...]
    score: float
    refused: bool


class Retriever(Protocol):
    """A system to compare with. It sees the last message of a conversation only."""

    @property
    def name(self) -> str:
        """For the report."""

    def find(self, text: str) -> Returned:
        """What it returns for a question."""


@dataclass(frozen=True)
class RankingRetriever:
    """All commitments in the order of a score; a first one below `threshold` is a refusal."""

    name: str
    finder: Finder
    score: Callable[[Floats], Floats]
    threshold: float

    def find(self, text: str) -> Returned:
        """The best three by the score."""
        if not self.finder.normalizer.normalise(text).text:
            return Returned((), 0.0, refused=True)
        scores = self.score(self.finder.features(text))
        best = np.argsort(-scores, kind="stable")[:KEPT]
        found = tuple(self.finder.computer.commitments[row] for row in best)
        return Returned(found, float(scores[best[0]]), refused=bool(scores[best[0]] < self.threshold))


def ranking_retrievers(finder: Finder, tuning: Sequence[EvaluationQuestion]) -> list[RankingRetriever]:
    """The three, each with the threshold that judges most of the tuning questions rightly."""
    scores: dict[str, Callable[[Floats], Floats]] = {
        "BM25": _column("keywords"),
        "句向量 vectors（条目 headline）": _column("headline_vector"),
        "名次合并 rank fusion": fused,
    }
    asked = [q for q in tuning if not q.before and q.outcome in ("answered", "not_in_plan", "out_of_scope")]
    features = [finder.features(q.question) for q in asked]
    answerable = np.array([q.outcome == "answered" for q in asked])
    return [
        RankingRetriever(name, finder, score, _best_threshold(np.array([score(f).max() for f in features]), answerable))
        for name, score in scores.items()
    ]


def _best_threshold(scores: Floats, answerable: np.ndarray) -> float:
    """Where answering above and refusing below is right most often."""
    candidates = np.append(np.sort(scores), np.inf)
    right = [np.sum((scores >= t) == answerable) for t in candidates]
    return float(candidates[int(np.argmax(right))])


def _column(name: str) -> Callable[[Floats], Floats]:
    index = FEATURES.index(name)
    return lambda features: features[:, index]


def fused(features: Floats) -> Floats:
    """Reciprocal rank fusion of BM25 and the headline's vector, a score for each commitment."""
    score = np.zeros(len(features))
    for name in FUSED:
        order = np.argsort(-features[:, FEATURES.index(name)], kind="stable")
        score[order] += 1.0 / (RANK_CONSTANT + np.arange(1, len(order) + 1))
    return score
