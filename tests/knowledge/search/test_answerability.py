"""How the probabilities of silence are fitted and joined."""

from __future__ import annotations

import numpy as np

from knowledge.search.answerability import (
    FRESH_SHARE,
    OUTSIDE_FEATURES,
    RIGHT_FEATURES,
    SILENT_FEATURES,
    Happened,
    OutcomeModel,
    fit_outcomes,
    importance_of,
    probabilities,
    weighted_to,
)

NAMES = (*RIGHT_FEATURES, *SILENT_FEATURES, *OUTSIDE_FEATURES)
ANSWERED, SILENT, ELSEWHERE = 0, 1, 2


def rows_of(kinds: np.ndarray) -> list[dict[str, float]]:
    """Rows whose wording tells silence, and whose nearest question tells what is none of our business."""
    chance = np.random.default_rng(5)
    rows = [dict.fromkeys(NAMES, 0.0) | {"probability": 0.9, "nearest": 0.9, "wording": -2.0} for _ in kinds]
    for row, kind in zip(rows, kinds):
        row.update({"wording": 2.0} if kind == SILENT else {})
        row.update({"nearest": 0.7, "probability": 0.2} if kind == ELSEWHERE else {})
        row.update({name: row[name] + chance.normal(0, 0.1) for name in ("wording", "nearest", "lead")})
    return rows


def fitted(kinds: np.ndarray, fresh_from: int = 1000) -> tuple[OutcomeModel, OutcomeModel, OutcomeModel | None]:
    """The models of such rows; every tenth answered question finds another passage first, of the fresh ones every other."""
    nothing, places = kinds != ANSWERED, np.arange(len(kinds))
    fresh = places >= fresh_from
    right = ~nothing & (places % np.where(fresh, 2, 10) != 0)
    known = np.ones(len(kinds), bool)
    return fit_outcomes(rows_of(kinds), Happened(right, nothing, kinds == ELSEWHERE, known, fresh))


def test_what_is_none_of_our_business_is_silence_whatever_its_wording() -> None:
    """Worded as an answered question and near to none: silence is likely, and for an answered one it is not."""
    kinds = np.arange(300) % 3
    right, silent, outside = fitted(kinds)
    rows = rows_of(np.array([ANSWERED, SILENT, ELSEWHERE]))
    assert outside is not None
    answered, unanswered, elsewhere = (probabilities(row, right, silent, outside).silence for row in rows)
    assert answered < 0.25 and unanswered > 0.5 and elsewhere > 0.8
    assert elsewhere > silent.probability(rows[2])


def test_without_an_example_from_outside_silence_is_that_of_the_plan() -> None:
    """A district's first day: nobody has written what is out of scope."""
    kinds = np.arange(200) % 2
    right, silent, outside = fitted(kinds)
    row = rows_of(np.array([SILENT]))[0]
    assert outside is None
    assert probabilities(row, right, silent, outside).silence == silent.probability(row)


def test_fresh_questions_say_how_often_the_first_is_right() -> None:
    """Of the samples nine in ten are; where every other fresh question is, that is what is expected of the next one."""
    kinds, answered = np.zeros(400, int), rows_of(np.array([ANSWERED]))[0]
    of_samples, of_both = (fitted(kinds, fresh_from)[0].probability(answered) for fresh_from in (1000, 300))
    assert of_samples > 0.9
    assert abs(of_both - 0.5) < 0.06


def test_fresh_questions_make_up_their_share_whatever_their_number() -> None:
    """Also within those that are chosen and within the others; without any, each weighs the same."""
    fresh, chosen = np.arange(50) >= 40, np.arange(50) % 2 == 0
    weight = weighted_to(0.25, chosen, importance_of(fresh))
    assert np.isclose(weight.sum(), 1) and np.isclose(weight[chosen].sum(), 0.25)
    assert np.isclose(weight[fresh].sum(), FRESH_SHARE)
    assert np.allclose(weighted_to(0.25, chosen, importance_of(fresh & False)), weighted_to(0.25, chosen))
