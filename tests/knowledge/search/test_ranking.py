"""How the weights of the ranking are fitted: of several right answers any one will do, and some questions weigh more."""

from __future__ import annotations

import numpy as np

from knowledge.search.ranking import ChoiceSet, Shortlist, choice, first_right, fit_ranking
from knowledge.search.signals import FEATURES, Floats

VECTOR, TOPIC = FEATURES.index("sample_vector"), FEATURES.index("topic")


def rows_of(*values: tuple[float, float]) -> Floats:
    """Rows of features, of which two say something."""
    found = np.zeros((len(values), len(FEATURES)))
    found[:, [VECTOR, TOPIC]] = values
    return found


def told_by(column: int, count: int, weight: float) -> list[ChoiceSet]:
    """Questions whose right row stands out in one column and is behind in the other."""
    chance = np.random.default_rng(column)
    found = []
    for _ in range(count):
        features = np.zeros((5, len(FEATURES)))
        features[:, [VECTOR, TOPIC]] = chance.normal(0, 0.3, (5, 2))
        features[0, column] += 1.0
        features[0, VECTOR + TOPIC - column] -= 1.0
        found.append(ChoiceSet(features, weight=weight))
    return found


def test_any_right_row_will_do() -> None:
    """A question with two right answers, one of them far behind, teaches the same as with the near one alone."""
    near, far, rival = (1.0, 0.2), (-5.0, 0.1), (0.4, 0.0)
    both = fit_ranking([ChoiceSet(rows_of(near, far, rival), right=2)] * 20)
    assert first_right(both, [ChoiceSet(rows_of(far, near, rival), right=2)]) == 1.0
    assert first_right(both, [ChoiceSet(rows_of(rival, near), right=1)]) == 0.0
    assert both.weights[VECTOR] > 0  # and the one far behind has not turned it around


def test_who_weighs_more_decides() -> None:
    """A hundred questions on one side and ten that weigh a hundred each on the other."""
    many, few = told_by(VECTOR, 100, 1.0), told_by(TOPIC, 10, 100.0)
    model = fit_ranking(many + few)
    assert first_right(model, few) > 0.8 > 0.5 > first_right(model, many)
    alike = fit_ranking([*many, *told_by(TOPIC, 10, 1.0)])
    assert first_right(alike, many) > 0.9


def test_what_is_as_right_is_no_rival() -> None:
    """The right rows come first, those of the shortlist that are as right are left out."""
    shortlist = Shortlist(np.array([7, 3, 9, 4]), rows_of((0.7, 0), (0.3, 0), (0.9, 0), (0.4, 0)))
    asked = choice(rows_of((0.3, 0), (0.1, 0)), {3, 1}, shortlist, 2.5)
    assert (asked.right, asked.weight) == (2, 2.5)
    assert asked.features[:, VECTOR].tolist() == [0.3, 0.1, 0.7, 0.9, 0.4]
