"""What a build keeps for the finder: plain numbers and words that predict the same to the last bit, or a refusal."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from knowledge.encoder.vectors import FORMAT as VECTORS_FORMAT
from knowledge.encoder.vectors import load_vectors
from knowledge.groundwork.errors import FileUnreadable
from knowledge.groundwork.kept_files import Plain, read_arrays, read_json, write_arrays, write_json
from knowledge.language.vocabulary import Vocabulary
from knowledge.search.answerability import OutcomeModel, OutcomeModels, Worded, fit_wording
from knowledge.search.aspects import fit_aspects
from knowledge.search.finder_models import FinderModels
from knowledge.search.intents import fit_intents
from knowledge.search.kept_models import FORMAT, KeptModels
from knowledge.search.known import KnownIntents, KnownQuestions
from knowledge.search.projection import Projection
from knowledge.search.ranking import RankingModel
from knowledge.search.signals import FEATURES
from knowledge.search.unanswered import UnansweredQuestions

DIMENSIONS = 24  # of the vectors here
THINGS = ("养老 床位", "托班 费用", "小学 学位", "公租房 申请")
ASKED = ("有 多少", "怎么 办理", "在 哪里", "到 2025年 呢")
CHANCE = np.random.default_rng(3)


def vectors(count: int) -> np.ndarray:
    """Unit vectors."""
    rows = CHANCE.normal(size=(count, DIMENSIONS)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def worded() -> list[Worded]:
    """Eighty questions."""
    skeletons = [f"{thing} {asked}" for thing in THINGS for asked in ASKED] * 5
    return [Worded(s, s.replace(" ", "") + "？", v) for s, v in zip(skeletons, vectors(len(skeletons)))]


def outcome() -> OutcomeModel:
    """Some model of an outcome."""
    return OutcomeModel(("lead", "length"), CHANCE.normal(size=2), 0.1 + 0.2, CHANCE.normal(size=2), np.array([1.0, 3]))


@pytest.fixture(scope="module")
def kept() -> KeptModels:
    """Models as a build fits them, on few questions."""
    questions = worded()
    wording, _ = fit_wording(questions, [at % 4 == 1 for at in range(len(questions))])
    aspects, _ = fit_aspects(wording, questions, [("fee", "how", "where")[at % 3] for at in range(len(questions))])
    words = [each.skeleton.split() for each in questions]
    labels = [("ask_housing", "ask_school", "greet")[at % 3] for at in range(len(questions))]
    stacked = np.stack([each.vector for each in questions])
    intents, _ = fit_intents(words, stacked, labels, np.arange(len(labels)) % 5)
    ranking = RankingModel(*(CHANCE.normal(size=len(FEATURES)) for _ in range(3)))
    unanswered = UnansweredQuestions(vectors(5), vectors(4), vectors(3))
    outcomes = OutcomeModels(wording, unanswered, outcome(), outcome(), outcome())
    known = KnownQuestions(
        {"养老床位": "c-1"}, frozenset({"托班"}), {"电话": "contact"}, KnownIntents({"你好": "greet"})
    )
    projection = Projection(*vectors(2), vectors(DIMENSIONS)[:, :7], vectors(DIMENSIONS)[:, :7])
    models = FinderModels(projection, ranking, outcomes, aspects, intents, {"first_right": 0.1 + 0.2})
    return KeptModels("print", models, known)


def test_what_comes_back_predicts_the_same_to_the_last_bit(kept: KeptModels, tmp_path: Path) -> None:
    """Wording, aspect, intents, outcomes, projection, ranking and likeness of questions, seen and unseen."""
    kept.save(tmp_path / "models.npz")
    back = KeptModels.load(tmp_path / "models.npz")
    old, new = kept.models, back.models
    assert old.outcomes and new.outcomes and old.aspects and new.aspects and old.outcomes.outside
    unseen = [Worded("养老 院 收费 2035年", "养老院 ，收费2035年吗", vectors(1)[0]), Worded("", "", vectors(1)[0])]
    for question in [*worded(), *unseen]:
        assert new.outcomes.wording.probability(question) == old.outcomes.wording.probability(question)
        assert new.aspects.likeliest(question) == old.aspects.likeliest(question)
        asked = question.skeleton.split(), question.vector
        assert new.intent_probabilities(*asked) == old.intent_probabilities(*asked) != {}
        likeness = question.vector
        assert new.outcomes.unanswered.likeness(likeness) == old.outcomes.unanswered.likeness(likeness)
    row = {"lead": 0.3, "length": 7.0}
    assert new.outcomes.probabilities(row) == old.outcomes.probabilities(row)
    features = CHANCE.normal(size=(6, len(FEATURES)))
    assert np.array_equal(new.ranking.scores(features), old.ranking.scores(features))
    asked = vectors(3)
    assert np.array_equal(new.projection.questions(asked), old.projection.questions(asked))
    assert np.array_equal(new.projection.passages(asked), old.projection.passages(asked))
    assert (back.fingerprint, back.known, new.held_out) == (kept.fingerprint, kept.known, old.held_out)


def test_one_question_is_read_as_scikit_learn_reads_many(kept: KeptModels) -> None:
    """To the last bit, whatever is not known, empty or repeated in it."""
    wording, aspects, intents = kept.models.outcomes.wording, kept.models.aspects, kept.models.intents
    unseen = [Worded("养老 院 收费 2035年 养老 养老", "养老院 ，收费2035年吗 养老", vectors(1)[0])]
    for question in [*worded(), *unseen, Worded("", "", vectors(1)[0]), Worded("甲", "乙", np.zeros(DIMENSIONS))]:
        assert wording.probability(question) == wording.model.predict_proba(wording.rows([question]))[0, 1]
        shares = aspects.model.predict_proba(wording.narrow_rows([question]))[0]
        assert aspects.likeliest(question) == (aspects.model.classes_[shares.argmax()], shares.max())
        words = question.skeleton.split()
        rows = intents.rows([words], question.vector[None, :])
        assert (
            list(intents.probabilities(words, question.vector).values())
            == intents.model.predict_proba(rows)[0].tolist()
        )


def test_the_first_day_of_a_district_is_kept_too(kept: KeptModels, tmp_path: Path) -> None:
    """A ranking and nothing else: no outcomes, no aspects, no intents."""
    bare = replace(
        kept,
        models=FinderModels(kept.models.projection, kept.models.ranking, None, None, None, {}),
        known=KnownQuestions(),
    )
    bare.save(tmp_path / "models.npz")
    back = KeptModels.load(tmp_path / "models.npz")
    assert (back.models.outcomes, back.models.aspects, back.models.intents) == (None, None, None)
    assert back.known == KnownQuestions()


def test_the_same_models_give_the_same_bytes(kept: KeptModels, tmp_path: Path) -> None:
    """No time and no order of a set stands in the file."""
    kept.save(tmp_path / "one.npz")
    KeptModels.load(tmp_path / "one.npz").save(tmp_path / "two.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_another_number_is_refused(kept: KeptModels, tmp_path: Path) -> None:
    """With the file, its number and the one that is read; the same in every kind of file."""
    path = tmp_path / "models.npz"
    kept.save(path)
    write_arrays(path, FORMAT + 1, read_arrays(path, FORMAT))
    with pytest.raises(FileUnreadable, match=rf"models\.npz: 格式是 {FORMAT + 1}，这个版本只读 {FORMAT}"):
        KeptModels.load(path)
    (tmp_path / "vocabulary.json").write_text('{"counts": {}, "terms": []}', encoding="utf-8")
    with pytest.raises(FileUnreadable, match=r"vocabulary\.json: 格式是 没有写明的"):
        Vocabulary.load(tmp_path / "vocabulary.json")
    write_arrays(tmp_path / "vectors.npz", VECTORS_FORMAT + 1, Plain(arrays={"steps": np.zeros((1, 384), np.int8)}))
    with pytest.raises(FileUnreadable, match=r"vectors\.npz: 格式是"):
        load_vectors(tmp_path / "vectors.npz")


def test_models_for_other_signals_are_refused(kept: KeptModels, tmp_path: Path) -> None:
    """Somebody added a signal and forgot the number: said, not ranked wrongly."""
    path = tmp_path / "models.npz"
    kept.save(path)
    plain = read_arrays(path, FORMAT)
    ranking = {"features": [*FEATURES[1:], FEATURES[0]]}
    write_arrays(path, FORMAT, Plain({**plain.about, "ranking": ranking}, plain.arrays))
    with pytest.raises(FileUnreadable, match="信号"):
        KeptModels.load(path)


@pytest.mark.parametrize("harm", ["missing", "cut", "flipped", "pickle", "objects"])
def test_a_damaged_file_is_refused(kept: KeptModels, tmp_path: Path, harm: str) -> None:
    """Missing, cut short, a bit flipped, a pickle, an array of objects: the file is named, and nothing in it is run."""
    path = tmp_path / "models.npz"
    kept.save(path)
    data = bytearray(path.read_bytes())
    if harm == "missing":
        path.unlink()
    elif harm == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif harm == "flipped":
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
    elif harm == "pickle":
        path.write_bytes(pickle.dumps({"fingerprint": "print"}))
    else:
        with path.open("wb") as stream:
            np.savez(stream, about=np.array([{"format": FORMAT}], dtype=object))
    with pytest.raises(FileUnreadable, match=r"models\.npz 读不出"):
        KeptModels.load(path)


def test_json_comes_back_under_its_number_only(tmp_path: Path) -> None:
    """What was written, without the number; anything that is no object is refused."""
    path = tmp_path / "kept.json"
    write_json(path, 2, {"b": "乙", "a": [1]})
    assert read_json(path, 2) == {"a": [1], "b": "乙"}
    for text in ("[1]", "{", '{"format": 1}'):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(FileUnreadable, match=r"kept\.json"):
            read_json(path, 2)
