"""`python -m evaluation.paraphrases`: how near two questions must be to be taken for one, for `knowledge/search/matching.py`.

Measured on the catalogue's sample questions: each in turn is asked, and each other one is what a person linked. It is
taken for it where both ask for the same (`same_demands`), neither is a bare name, the cosine is at least the threshold
and no third question that belongs to another sentence is nearer; rightly where both belong to one sentence of the plan.
Questions of the same words are left out; they need no threshold.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.search.finder import Finder
from knowledge.search.matching import same_demands

THRESHOLDS = (0.94, 0.95, 0.955, 0.96, 0.965, 0.97, 0.975, 0.98, 0.985, 0.99)
BLOCK = 500  # questions compared at a time
WANTED = 0.98  # share of pairs taken for one that must be of the same sentence


@dataclass(frozen=True)
class ThresholdResult:
    """A threshold, the pairs taken for one, how many of them rightly, and the share of questions with any such pair."""

    threshold: float
    pairs: int
    right: int
    reached: float

    @property
    def precision(self) -> float:
        """Share of the pairs that are of the same sentence."""
        return self.right / max(1, self.pairs)


def measure(finder: Finder, thresholds: Sequence[float] = THRESHOLDS) -> list[ThresholdResult]:
    """One row for each threshold, over all ordered pairs of different sample questions."""
    pairs = list(_near_pairs(finder, min(thresholds)))
    cosines, right, asked = (np.array(column) for column in zip(*pairs))
    rows = []
    for threshold in thresholds:
        taken = cosines >= threshold
        reached = len(np.unique(asked[taken & right])) / len(finder.computer.samples.texts)
        rows.append(ThresholdResult(threshold, int(taken.sum()), int((taken & right).sum()), reached))
    return rows


def _near_pairs(finder: Finder, least: float) -> Iterator[tuple[float, bool, int]]:
    """Cosine, whether of one sentence, and the number of the question asked, of every pair taken for one."""
    computer = finder.computer
    vectors, owners = computer.samples.vectors, computer.samples.owners
    questions = [finder.read(text) for text in computer.samples.texts]
    sentences = np.unique([c.quote for c in computer.commitments], return_inverse=True)[1][owners]
    names = [computer.is_name(question.bare) for question in questions]
    for start in range(0, len(questions), BLOCK):
        near = vectors[start : start + BLOCK] @ vectors.T
        near[np.arange(len(near)), np.arange(start, start + len(near))] = 0.0
        for row, linked in zip(*np.nonzero(near >= least)):
            asked = start + int(row)
            if names[asked] or names[linked] or questions[asked].bare == questions[linked].bare:
                continue
            nearest = int(near[row].argmax())
            passed = sentences[nearest] != sentences[linked] and near[row, nearest] > near[row, linked]
            if not passed and same_demands(questions[asked], questions[linked]):
                yield float(near[row, linked]), bool(sentences[asked] == sentences[linked]), asked


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
