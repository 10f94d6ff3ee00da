"""`python -m evaluation.paraphrases`: how near two questions must be to be taken for one, for `knowledge/live/matching.py`.

Measured on the catalogue's sample questions: each in turn is the question that a person linked, all others are asked.
Those that ask for the same (`knowledge.live.matching.same_demands`) and whose cosine is at least the threshold are
taken for it: rightly where they belong to the same sentence of the plan. Identical texts are left out; they need no
threshold.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.finder import Finder
from knowledge.live.matching import same_demands
from knowledge.question import Question, read_question

THRESHOLDS = (0.94, 0.95, 0.955, 0.96, 0.965, 0.97, 0.975, 0.98, 0.985, 0.99)
BLOCK = 500  # questions compared at a time
WANTED = 0.98  # share of pairs taken for one that must be of the same sentence


@dataclass(frozen=True)
class Row:
    """A threshold, the pairs taken for one, how many of them rightly, and the share of questions with any such pair."""

    threshold: float
    pairs: int
    right: int
    reached: float

    @property
    def precision(self) -> float:
        """Share of the pairs that are of the same sentence."""
        return self.right / max(1, self.pairs)


def measure(finder: Finder, thresholds: Sequence[float] = THRESHOLDS) -> list[Row]:
    """One row for each threshold, over all ordered pairs of different sample questions."""
    samples = finder.computer.samples
    questions = [read_question(text, finder.stored.meta["places"]) for text in samples.texts]
    sentences = np.unique([finder.computer.commitments[o].quote for o in samples.owners], return_inverse=True)[1]
    cosines, right, linked = _near_pairs(questions, samples.vectors, sentences, min(thresholds))
    rows = []
    for threshold in thresholds:
        taken = cosines >= threshold
        reached = len(np.unique(linked[taken & right])) / max(1, len(questions))
        rows.append(Row(threshold, int(taken.sum()), int((taken & right).sum()), reached))
    return rows


def _near_pairs(
    questions: Sequence[Question], vectors: np.ndarray, sentences: np.ndarray, least: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cosine, whether of the same sentence, and the linked question of every pair that demands the same."""
    found: list[tuple[float, bool, int]] = []
    for start in range(0, len(questions), BLOCK):
        near = vectors[start : start + BLOCK] @ vectors.T
        for i, j in zip(*np.nonzero(near >= least)):
            one, other = questions[start + i], questions[j]
            if one.bare != other.bare and same_demands(one, other):
                found.append((float(near[i, j]), bool(sentences[start + i] == sentences[j]), start + int(i)))
    cosines, right, linked = zip(*found)
    return np.array(cosines), np.array(right), np.array(linked)


def main() -> None:
    """Print the table, and the lowest threshold that is precise enough."""
    argparse.ArgumentParser(prog="python -m evaluation.paraphrases", description=__doc__).parse_args()
    rows = measure(Finder.open())
    print(f"{'cosine':>8}{'pairs':>9}{'precision':>11}{'reached':>9}")
    for row in rows:
        print(f"{row.threshold:>8.3f}{row.pairs:>9}{row.precision:>11.2%}{row.reached:>9.1%}")
    enough = [row.threshold for row in rows if row.precision >= WANTED]
    print(f"最低可用 lowest that is precise enough: {min(enough) if enough else '—'}")


if __name__ == "__main__":
    main()
