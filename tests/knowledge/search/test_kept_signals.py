"""What a build keeps for the signals: the same numbers to the last bit, mapped, and nothing of another build."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from knowledge.encoder.text_encoder import stack_vectors
from knowledge.encoder.vectors import load_vectors
from knowledge.groundwork.errors import StoreUnavailable
from knowledge.groundwork.settings import KnowledgePaths, built_paths
from knowledge.language.question import read_question
from knowledge.search.finder import Finder
from knowledge.search.finder_models import vectored
from knowledge.search.kept_signals import KeptSignals
from knowledge.search.signals import SignalComputer

pytestmark = pytest.mark.slow
ASKED = ("养老院床位有多少", "小孩两岁有没有托班可以上", "公租房以后会多建一点吗", "空气质量优良率", "")


def test_signals_that_were_kept_are_those_worked_out_anew(finder: Finder, tmp_path: Path) -> None:
    """Every feature of every commitment, after writing and mapping; vectors are shared, not copied."""
    commitments, samples = finder.computer.commitments[::20], finder.computer.samples
    index = vectored(commitments, finder.normalizer, load_vectors(built_paths().vectors))
    fresh = SignalComputer(commitments, index, finder.normalizer.vocabulary, finder.computer.projection)
    KeptSignals.of("print", fresh).save(tmp_path / "signals.npz")
    back = KeptSignals.load(tmp_path / "signals.npz", fresh.projection)
    kept = SignalComputer(
        commitments, back.vectored, finder.normalizer.vocabulary, fresh.projection, indexed=back.indexed
    )
    assert back.fingerprint == "print" and kept.samples.texts == fresh.samples.texts
    assert not kept.samples.vectors.flags.owndata and len(samples.texts) > len(kept.samples.texts) > 0
    questions = [read_question(text, finder.stored.meta["places"]) for text in ASKED]
    asked = stack_vectors([finder.vector_of(text or "空") for text in ASKED])
    views = [{"ask_elderly_care": 0.7}] * len(ASKED)
    for one, other in zip(fresh.features_of(questions, asked, views), kept.features_of(questions, asked, views)):
        assert np.array_equal(one, other)


def test_signals_of_another_build_are_refused(finder: Finder, tmp_path: Path) -> None:
    """A finder never looks up in one build what it ranks with another's models."""
    built = built_paths()
    shutil.copytree(built.folder, tmp_path / "knowledge", copy_function=os.link)
    paths = KnowledgePaths.of(tmp_path / "knowledge")
    kept = KeptSignals.load(paths.signals, finder.computer.projection)
    replace(kept, fingerprint="other").save(paths.signals)
    with pytest.raises(StoreUnavailable, match="不是同一次构建"):
        Finder.open(paths, encoder=finder.encoder)
