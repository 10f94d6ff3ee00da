"""The map fitted by contrast: what it learns, that it is the same each time, and that it never saw what is left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from knowledge.building import contrast
from knowledge.building.contrast import (
    MIN_CLASSES,
    QUOTE_WEIGHT,
    SHARPNESS,
    SQUARES_WEIGHT,
    SpaceStarts,
    fit_projections,
)
from knowledge.encoder.text_encoder import Vectors
from knowledge.search.folds import text_keys
from knowledge.search.projection import FOLDS, SampleIndex, Space, Vectored

SENTENCES, ASKED = 300, 3  # with a fold left out there are enough to fit on
SUBJECT, WORDING = 12, 36  # dimensions: what a text is about, and how it is put, which weighs more


def a_plan(sentences: int = SENTENCES) -> Vectored:
    """Each commitment with a subject of its own; three questions, a headline and a sentence, worded at random."""
    chance = np.random.default_rng(5)
    subjects = chance.normal(size=(sentences, SUBJECT))

    def texts(owners: np.ndarray) -> Vectors:
        wording = 0.6 * chance.normal(size=(len(owners), WORDING))
        rows = np.concatenate([subjects[owners], wording], axis=1).astype(np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    every = np.arange(sentences)
    owners = np.repeat(every, ASKED)
    asked = tuple(f"{owner} {number}" for number, owner in enumerate(owners))
    return Vectored(SampleIndex(asked, owners, texts(owners)), texts(every), texts(every))


def alone(count: int) -> list[frozenset[int]]:
    """Nothing is as right as anything else."""
    return [frozenset({row}) for row in range(count)]


def test_a_question_left_out_finds_its_headline_more_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the folds that a map never saw: the subject counts more and the wording less than in the plain vectors."""
    monkeypatch.setattr(contrast, "STEPS", 50)
    plan, sentences = a_plan(), np.arange(SENTENCES)
    plain = np.argmax(plan.samples.vectors @ plan.headlines.T, axis=1) == plan.samples.owners
    found = np.zeros(len(plain), bool)
    for fold, projection in enumerate(fit_projections(plan, sentences, sentences % FOLDS, alone(SENTENCES))[1:]):
        space, rows = Space.of(projection, plan), plan.samples.owners % FOLDS == fold
        found[rows] = np.argmax(space.samples[rows] @ space.headlines.T, axis=1) == plan.samples.owners[rows]
    assert found.mean() > plain.mean() + 0.15


def test_what_is_left_out_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other questions, headlines and sentences in a fold give its own map the same bytes, and every other map others."""
    monkeypatch.setattr(contrast, "STEPS", 10)
    plan, sentences = a_plan(), np.arange(SENTENCES)
    kept, kept_samples = sentences % FOLDS != 2, plan.samples.owners % FOLDS != 2
    changed = Vectored(
        replace(plan.samples, vectors=np.where(kept_samples[:, None], plan.samples.vectors, plan.samples.vectors[::-1])),
        np.where(kept[:, None], plan.headlines, plan.headlines[::-1]),
        np.where(kept[:, None], plan.quotes, plan.quotes[::-1]),
    )  # fmt: skip
    before, after = (fit_projections(each, sentences, sentences % FOLDS, alone(SENTENCES)) for each in (plan, changed))
    same = [bytes_of(old) == bytes_of(new) for old, new in zip(before, after)]
    assert same == [False, False, False, True, False, False]  # the first one knows all folds


def bytes_of(projection: contrast.Projection) -> bytes:
    """All of its numbers."""
    return b"".join(np.ascontiguousarray(each).tobytes() for each in vars(projection).values())


def test_the_same_plan_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chance has a seed, and no sum depends on how many threads there are."""
    monkeypatch.setattr(contrast, "STEPS", 20)
    sentences = np.arange(SENTENCES)
    first, second = (fit_projections(a_plan(), sentences, sentences % FOLDS, alone(SENTENCES)) for _ in range(2))
    assert [bytes_of(each) for each in first] == [bytes_of(each) for each in second]


def test_a_fit_goes_on_from_an_earlier_one_that_knew_the_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Near where it began, in each fold from the maps that never saw the fold; of other samples it begins anew."""
    monkeypatch.setattr(contrast, "STEPS", 50)
    monkeypatch.setattr(contrast, "STEPS_ON", 3)
    plan, sentences = a_plan(), np.arange(SENTENCES)
    folds = sentences % FOLDS
    first = SpaceStarts()
    cold = fit_projections(plan, sentences, folds, alone(SENTENCES), starts=first)
    again = SpaceStarts(first.ended, text_keys(plan.samples.texts))
    warm = fit_projections(plan, sentences, folds, alone(SENTENCES), starts=again)
    for fold, (before, after) in enumerate(zip(cold, warm), start=-1):
        moved = np.abs(after.question_matrix - before.question_matrix).max()
        assert 0 < moved < 0.02, fold
        assert np.array_equal(again.ended[fold].basis, first.ended[fold].basis)
    strange = SpaceStarts(first.ended, text_keys(plan.samples.texts[: int(0.8 * len(plan.samples.texts))]))
    anew = fit_projections(plan, sentences, folds, alone(SENTENCES), starts=strange)
    assert [bytes_of(each) for each in anew] == [bytes_of(each) for each in cold]


def test_too_few_sentences_keep_their_plain_vectors() -> None:
    """The means are taken away and nothing else; without any question too."""
    plan = a_plan(MIN_CLASSES - 1)
    nothing = Vectored(SampleIndex((), np.empty(0, np.int64), plan.samples.vectors[:0]), plan.headlines, plan.quotes)
    for each in (plan, nothing):
        sentences = np.arange(MIN_CLASSES - 1)
        for projection in fit_projections(each, sentences, sentences % FOLDS, alone(MIN_CLASSES - 1)):
            assert np.array_equal(projection.question_matrix, np.eye(SUBJECT + WORDING))
            assert np.array_equal(projection.passage_matrix, np.eye(SUBJECT + WORDING))


def test_a_partner_is_another_sample_of_the_same_commitment() -> None:
    """Any of the others, and the sample itself only where it stands alone."""
    owners = np.array([0, 0, 0, 1, 3, 3])
    chance, seen = np.random.default_rng(1), set()
    for _ in range(50):
        drawn = contrast._draw(owners, chance)
        assert sorted(drawn.rows) == [0, 1, 2, 3, 4, 5]
        seen |= set(zip(drawn.rows.tolist(), drawn.partners.tolist()))
    assert seen == {(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1), (3, 3), (4, 5), (5, 4)}


def test_the_slopes_are_those_of_the_loss() -> None:
    """Against differences of the loss as it is written in the literature, with commitments that are alike."""
    chance = np.random.default_rng(2)
    task, maps, drawn = a_small_task(chance)
    slopes = contrast._slopes(task, maps, drawn)
    for at, each in enumerate(maps):
        for _ in range(5):
            place = tuple(chance.integers(size) for size in each.shape)
            step = np.zeros_like(each)
            step[place] = 1e-5
            up, down = ([*maps[:at], each + sign * step, *maps[at + 1 :]] for sign in (1, -1))
            difference = (loss(task, up, drawn) - loss(task, down, drawn)) / 2e-5
            assert slopes[at][place] == pytest.approx(difference, rel=1e-4, abs=1e-6)


def a_small_task(chance: np.random.Generator) -> tuple[contrast._Task, contrast.Maps, contrast._Drawn]:
    """Eight commitments, of which the first two are alike, two samples each; in double precision."""
    owners = np.repeat(np.arange(8), 2)
    alike = np.eye(8, dtype=bool)
    alike[0, 1] = alike[1, 0] = True
    vectors = [chance.normal(size=(rows, 6)) for rows in (16, 8, 8)]
    maps = [chance.normal(0, 0.3, shape) for shape in ((6, 4), (4, 6)) * 2]
    return contrast._Task(vectors[0], owners, vectors[1], vectors[2], alike), maps, contrast._draw(owners, chance)


def loss(task: contrast._Task, maps: contrast.Maps, drawn: contrast._Drawn) -> float:
    """The mean cross entropies, weighted, and the squares."""

    def mapped(rows: np.ndarray, down: np.ndarray, up: np.ndarray) -> np.ndarray:
        moved = rows + rows @ down @ up
        return moved / np.linalg.norm(moved, axis=1, keepdims=True)

    def entropy(others: np.ndarray, right: np.ndarray, alike: np.ndarray) -> float:
        total = 0.0
        for question, own, beside in zip(questions, right, alike):
            powers = np.exp(SHARPNESS * (others @ question))
            powers[[at for at in np.flatnonzero(beside) if at != own]] = 0.0
            total -= np.log(powers[own] / powers.sum())
        return total / len(questions)

    owners = task.owners[drawn.rows]
    questions, partners = (mapped(task.samples[rows], *maps[:2]) for rows in drawn)
    headlines, quotes = (mapped(rows, *maps[2:]) for rows in (task.headlines, task.quotes))
    alike = task.alike[owners]
    return float(
        entropy(headlines, owners, alike)
        + QUOTE_WEIGHT * entropy(quotes, owners, alike)
        + entropy(partners, np.arange(len(owners)), alike[:, owners])
        + SQUARES_WEIGHT * sum((each**2).sum() for each in maps)
    )
