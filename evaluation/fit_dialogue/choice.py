"""Fits which reading of a turn holds, and says how well it does on dialogues that nothing was fitted on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from actions.dialogue.choosing import ChoiceModel
from evaluation.dialogues import group_of
from evaluation.fit_dialogue.folds import FOLDS
from evaluation.fit_dialogue.reading import ReadOption, ReadTurn

PENALTY = 0.003  # L2 of the choice, per turn; flat between 0.001 and 0.01 out of fold


def fit_choice(turns: Sequence[ReadTurn], penalty: float = PENALTY) -> ChoiceModel:
    """Weights under which the right options are the most probable, of all turns that have one."""
    usable = [each for each in turns if each.could_be and not all(option.right for option in each.options)]
    names = sorted({name for each in usable for option in each.options for name in option.features})
    place = {name: column for column, name in enumerate(names)}
    sizes = [len(each.options) for each in usable]
    table = np.zeros((sum(sizes), len(names)))
    for row, option in enumerate(option for each in usable for option in each.options):
        for name, value in option.features.items():
            table[row, place[name]] = value
    scale = np.maximum(np.sqrt((table**2).mean(axis=0)), 1e-6)
    rows = table / scale
    right = np.array([option.right for each in usable for option in each.options])
    starts = np.cumsum([0, *sizes[:-1]])
    owner = np.repeat(np.arange(len(usable)), sizes)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        utilities = rows @ weights
        utilities -= np.maximum.reduceat(utilities, starts)[owner]
        shares = np.exp(utilities)
        among_right = np.where(right, shares, 0.0)
        totals, rights = np.add.reduceat(shares, starts), np.add.reduceat(among_right, starts)
        gradient = rows.T @ (shares / totals[owner] - among_right / rights[owner])
        value = float(np.log(totals / rights).sum())
        n = len(usable)
        return value / n + penalty * float(weights @ weights), np.asarray(gradient / n + 2 * penalty * weights)

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 1000})
    return ChoiceModel(dict(zip(names, (found.x / scale).tolist())))


def held_out_choice(turns: Sequence[ReadTurn]) -> list[tuple[ReadTurn, ReadOption]]:
    """Each turn with what is chosen by weights that never saw its dialogue."""
    chosen = []
    folds = np.array([each.dialogue for each in turns]) % FOLDS
    for fold in range(FOLDS):
        model = fit_choice([each for each, own in zip(turns, folds) if own != fold])
        chosen += [(each, model.choose(each.options)) for each, own in zip(turns, folds) if own == fold]
    return chosen


def report(chosen: Sequence[tuple[ReadTurn, ReadOption]]) -> list[str]:
    """Lines: the share right of all turns, and of each kind how many are, how many could be, and how many show a passage."""
    groups: dict[str, list[tuple[ReadTurn, ReadOption]]] = {"全部 all": list(chosen)}
    for read, option in chosen:
        groups.setdefault(group_of(read.turn), []).append((read, option))
    return [_line(name, found) for name, found in sorted(groups.items())]


def _line(name: str, found: Sequence[tuple[ReadTurn, ReadOption]]) -> str:
    n = len(found)
    right = sum(option.right for _, option in found) / n
    could = sum(read.could_be for read, _ in found) / n
    wrong = sum(option.shown and not option.right for _, option in found) / n
    return f"{name} {n}：对 right {right:.1%}，有对的选项 could be {could:.1%}，错误出示 wrong {wrong:.1%}"
