"""Where fits begin: at an earlier build's weights, by name and fold, and never at what has seen what is held out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from knowledge.search.cross_validation import fit_and_hold_out
from knowledge.search.folds import folds_of
from knowledge.search.starts import WHOLE, KeptWeights, Starts

ROWS, COLUMNS = 400, 60
NAMES = [f"词{at}" for at in range(COLUMNS)]
TEXTS = [f"第 {at} 问" for at in range(ROWS)]


def questions(classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows `(400, 60)` of a few words each, and a class that some of them speak for."""
    chance = np.random.default_rng(4)
    rows = (chance.random((ROWS, COLUMNS)) < 0.1) * chance.random((ROWS, COLUMNS))
    labels = (rows[:, :classes] + 0.2 * chance.random((ROWS, classes))).argmax(axis=1)
    return rows, np.array(["养老", "住房", "教育"])[labels] if classes > 2 else labels


def fitted(
    rows: np.ndarray, labels: np.ndarray, starts: Starts, names: list[str]
) -> tuple[LogisticRegression, np.ndarray]:
    """The model and what it says of what was held out."""
    model = LogisticRegression(C=10.0, max_iter=500, class_weight="balanced")
    starts.name_columns(names)
    shares = fit_and_hold_out(model, csr_matrix(rows), labels, folds_of(TEXTS[: len(rows)], 5), starts=starts)
    assert shares is not None
    return model, shares


def test_a_text_is_held_out_in_the_same_fold_whatever_joins_it() -> None:
    """All folds are used, about alike."""
    folds = folds_of(TEXTS, 5)
    assert np.array_equal(folds_of(["新的一问", *TEXTS[::2]], 5)[1:], folds[::2])
    assert np.bincount(folds, minlength=5).min() > ROWS / 5 * 0.6


@pytest.mark.parametrize("classes", [2, 3])
def test_it_arrives_where_it_would_have_in_a_part_of_the_steps(classes: int) -> None:
    """From an earlier fit on most of the questions, in another order of columns, with words that come and go."""
    rows, labels = questions(classes)
    earlier = Starts()
    fitted(rows[:380, :-2], labels[:380], earlier, NAMES[:-2])
    kept = earlier.kept()
    assert kept is not None
    order = np.random.default_rng(1).permutation(
        np.delete(np.arange(COLUMNS), 30)
    )  # one word is gone, the last two are new
    cold, cold_shares = fitted(rows[:, order], labels, Starts(), [NAMES[at] for at in order])
    warm, warm_shares = fitted(
        rows[:, order], labels, Starts(KeptWeights.of(kept.plain())), [NAMES[at] for at in order]
    )
    again, _ = fitted(rows[:380, :-2], labels[:380], Starts(kept), NAMES[:-2])
    assert again.n_iter_[0] <= 3 < warm.n_iter_[0] < cold.n_iter_[0]
    assert np.abs(warm_shares - cold_shares).max() < 0.01
    assert np.abs(warm.predict_proba(rows[:, order]) - cold.predict_proba(rows[:, order])).max() < 0.01


def test_a_class_that_is_new_begins_at_nothing() -> None:
    """And is learned as from nothing; a class that is gone is left out."""
    rows, labels = questions(3)
    old = np.flatnonzero(labels != "教育")
    earlier = Starts()
    fitted(rows[old], np.where(rows[old, 3] > 0.5, "托育", labels[old]), earlier, NAMES)
    (warm, _), (cold, _) = (fitted(rows, labels, starts, NAMES) for starts in (Starts(earlier.kept()), Starts()))
    assert warm.classes_.tolist() == ["住房", "养老", "教育"]
    assert np.abs(warm.predict_proba(rows) - cold.predict_proba(rows)).max() < 0.01


def test_what_is_held_out_stays_unseen_by_what_it_starts_from() -> None:
    """Labels without any sense: learned by heart, and held out no better than chance, though the start knew them all."""
    rows, _ = questions(2)
    labels = np.random.default_rng(9).permutation(np.arange(ROWS) % 2)
    earlier = Starts()
    fitted(rows, labels, earlier, NAMES)
    _, shares = fitted(rows, labels, Starts(earlier.kept()), NAMES)
    assert (shares.argmax(axis=1) == labels).mean() < 0.6


def test_without_an_earlier_fit_it_begins_at_nothing() -> None:
    """Nor where the earlier one held nothing out, or where it knew none of the folds."""
    assert Starts().of(WHOLE, ["甲", "乙"]) is None and Starts().kept() is None
