"""How well the ranking and the outcomes do on questions that they were not fitted on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold

from knowledge.groundwork.parallel import in_threads
from knowledge.search.answerability import (
    FOLDS,
    SEED,
    SILENT_SHARE,
    Booleans,
    Happened,
    fit_outcomes,
    probabilities,
    weighted_to,
)
from knowledge.search.ranking import ChoiceSet, RankingModel, first_right, fit_ranking
from knowledge.search.signals import Floats


def fit_and_hold_out_ranking(
    choices: Sequence[ChoiceSet], owners: NDArray[np.int64], fresh: Booleans
) -> tuple[RankingModel, dict[str, float]]:
    """The ranking, and the shares right first over folds by commitment: weights that never saw one of its questions."""
    groups = owners % FOLDS
    models: dict[int, RankingModel] = {}

    def fit(left_out: int) -> None:
        models[left_out] = fit_ranking([c for c, group in zip(choices, groups) if group != left_out])

    in_threads([partial(fit, left_out) for left_out in range(-1, FOLDS)])

    def held_out(kind: Booleans) -> float:
        tests = [[choices[i] for i in np.flatnonzero(kind & (groups == fold))] for fold in range(FOLDS)]
        right = sum(first_right(models[fold], test) * len(test) for fold, test in enumerate(tests))
        return round(right / max(1, int(kind.sum())), 4)

    shares = {"first_right": held_out(~fresh)}
    return models[-1], shares | ({"first_right_fresh": held_out(fresh)} if fresh.any() else {})


def held_out_outcomes(
    rows: Sequence[Mapping[str, float]], happened: Happened, right_share: float | None
) -> dict[str, float]:
    """Out of fold: calibration error of both probabilities, and the shares of silent and other questions held for silent."""
    silent, known = happened.silent, happened.known
    answerable, silence = np.zeros(len(rows)), np.zeros(len(rows))

    def hold_out(train: NDArray[np.int64], test: NDArray[np.int64]) -> None:
        models = fit_outcomes([rows[i] for i in train], happened.of(train), right_share)
        for i in test:
            unseen = probabilities(rows[i], *models)
            silence[i], answerable[i] = unseen.silence, unseen.answerable

    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(rows, silent)
    in_threads([partial(hold_out, *parts) for parts in folds])
    fresh = happened.fresh
    of_fresh = (
        {"calibration_error_fresh": calibration_error(answerable[fresh], happened.right[fresh])} if fresh.any() else {}
    )
    return of_fresh | {
        "calibration_error_answerable": calibration_error(
            answerable[known], happened.right[known], weighted_to(SILENT_SHARE, silent[known])
        ),
        "calibration_error_silent": calibration_error(silence, silent, weighted_to(SILENT_SHARE, silent)),
        "silent_found": round(float(np.mean(silence[silent] > 0.5)), 4),
        "silent_wrongly": round(float(np.mean(silence[~silent] > 0.5)), 4),
    }


def calibration_error(probability: Floats, happened: Booleans, weight: Floats | None = None) -> float:
    """Expected calibration error, 0–1, in ten bins of equal width (Guo et al. 2017)."""
    weight = np.ones(len(probability)) if weight is None else weight
    bins = np.minimum((probability * 10).astype(int), 9)
    gaps = [abs(weight[bins == b] @ (probability[bins == b] - happened[bins == b])) for b in range(10)]
    return round(float(sum(gaps) / weight.sum()), 4)
