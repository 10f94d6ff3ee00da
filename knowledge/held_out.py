"""How well the ranking and the outcomes do on questions that they were not fitted on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from sklearn.model_selection import StratifiedKFold

from knowledge.answerability import FOLDS, SEED, SILENT_SHARE, Booleans, fit_outcomes, weighted_to
from knowledge.ranking import Choice, first_right, fit_ranking
from knowledge.signals import Floats


def held_out_ranking(choices: Sequence[Choice], owners: np.ndarray) -> float:
    """Share right first over folds by commitment: weights never saw a question of the same commitment."""
    shares, sizes = [], []
    groups = owners % FOLDS
    for fold in range(FOLDS):
        test = [c for c, group in zip(choices, groups) if group == fold]
        model = fit_ranking([c for c, group in zip(choices, groups) if group != fold])
        shares.append(first_right(model, test) * len(test))
        sizes.append(len(test))
    return round(sum(shares) / max(1, sum(sizes)), 4)


def held_out_outcomes(
    rows: Sequence[Mapping[str, float]], right: Booleans, silent: Booleans, known: Booleans
) -> dict[str, float]:
    """Out of fold: calibration error of both probabilities, and the shares of silent and other questions held for silent."""
    answerable, silence = np.zeros(len(rows)), np.zeros(len(rows))
    for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(rows, silent):
        first, nothing = fit_outcomes([rows[i] for i in train], right[train], silent[train], known[train])
        for i in test:
            silence[i] = nothing.probability(rows[i])
            answerable[i] = (1 - silence[i]) * first.probability(rows[i])
    return {
        "calibration_error_answerable": calibration_error(
            answerable[known], right[known], weighted_to(SILENT_SHARE, silent[known])
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
