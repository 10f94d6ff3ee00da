"""What a question asks for that the plan does not say: how to apply, fees, an address …

A logistic regression on words of the skeleton and the sentence vector, fitted
on the labels of `knowledge/sources/training/not_in_plan.yml`. It only chooses the words of a refusal, never whether to refuse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from knowledge.search.answerability import FOLDS, Worded, WordingModel
from knowledge.search.cross_validation import fit_and_hold_out
from knowledge.search.folds import folds_of
from knowledge.search.one_row import RowRegression
from knowledge.search.plain_parts import FittedRegression

NAMED_FROM = 0.6  # probability from which an aspect is named; below, the refusal stays general
ASPECT_C = 3.0


@dataclass
class AspectModel:
    """Question → aspect."""

    wording: WordingModel
    model: FittedRegression

    def aspect(self, question: Worded) -> str:
        """The aspect, or "" if none is probable enough."""
        name, share = self.likeliest(question)
        return name if share >= NAMED_FROM else ""

    def likeliest(self, question: Worded) -> tuple[str, float]:
        """The likeliest aspect and its probability, however small: where a question that is taught has to go."""
        shares = self._regression.shares(self.wording.narrow_row(question)[0])
        best = int(np.argmax(shares))
        return str(self.model.classes_[best]), float(shares[best])

    @cached_property
    def _regression(self) -> RowRegression:
        return RowRegression(self.model)


def fit_aspects(
    wording: WordingModel, questions: Sequence[Worded], aspects: Sequence[str]
) -> tuple[AspectModel | None, dict[str, float]]:
    """The model, with its held-out shares: of questions for which an aspect is named, and of those rightly named.

    None where an aspect has too few questions to hold any out.
    """
    from sklearn.linear_model import LogisticRegression

    labels = np.array(aspects)
    model = LogisticRegression(C=ASPECT_C, max_iter=200, class_weight="balanced")
    folds = folds_of([question.text for question in questions], FOLDS)
    shares = fit_and_hold_out(model, wording.narrow_rows(questions), labels, folds)
    if shares is None:
        return None, {}
    named = shares.max(axis=1) >= NAMED_FROM
    right = np.unique(labels)[shares.argmax(axis=1)] == labels
    held_out = {
        "aspect_named": round(float(named.mean()), 4),
        "aspect_right_where_named": round(float(right[named].mean()), 4) if named.any() else 0.0,
    }
    return AspectModel(wording, model), held_out
