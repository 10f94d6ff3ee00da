"""What search costs as plans grow: the generated plans, exact search, and the index beside it."""

from __future__ import annotations

import numpy as np
import pytest

from bench.scale import ENOUGH, WANTED, best_of, compared, generated, recall_of


def test_an_index_finds_what_exact_search_finds_or_says_how_much() -> None:
    """In a small generated plan: more lists find more, until enough is found; nothing is measured of time here."""
    real = np.random.default_rng(7).standard_normal((300, 24)).astype(np.float32)
    real /= np.linalg.norm(real, axis=1, keepdims=True)
    passages = generated(real, 4000)
    assert np.linalg.norm(passages, axis=1) == pytest.approx(1, abs=1e-5)
    assert (passages == generated(real, 4000)).all()
    best = best_of(passages, real[0])
    assert list(best) == list(np.argsort(-(passages @ real[0]))[:WANTED])
    exact, *index = compared(passages, real[:20])
    assert exact.recall == 1 and exact.memory_mb == passages.nbytes / 1e6
    recalls = [cost.recall for cost in index]
    assert recalls == sorted(recalls) and recalls[-1] >= ENOUGH > max(recalls[:-1], default=0)


def test_recall_counts_what_both_found() -> None:
    """Whatever the order."""
    ten, other = np.arange(WANTED), np.arange(5, 5 + WANTED)
    assert recall_of([ten[::-1]], [ten]) == 1 and recall_of([other], [ten]) == 0.5
