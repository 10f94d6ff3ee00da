"""The parts of fitting: the regressions, the work on all cores, what is said on the way, the overview of topics."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix, hstack, random
from sklearn.linear_model import LogisticRegression

from knowledge.building.asked import HeldOutIntents
from knowledge.building.topics.measuring import interval, measure_topics
from knowledge.building.topics.overview import Measured, TopicsOverview
from knowledge.catalogue.training_data import LabelledQuestion
from knowledge.groundwork import parallel, progress_lines
from knowledge.groundwork.parallel import PART, in_processes, in_threads
from knowledge.groundwork.progress_bar import STAGES, progress_of
from knowledge.search.cross_validation import fit_and_hold_out
from knowledge.search.regression import SplitRows, fit_logistic


def words_and_vectors(rows: int = 300) -> tuple[csr_matrix, np.ndarray]:
    """Rows as those of questions: few words each, and vectors that share most of their length."""
    chance = np.random.default_rng(3)
    words = random(rows, 120, density=0.04, random_state=3, format="csr")
    vectors = chance.normal(size=(rows, 24)) + 5.0
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    empty = csr_matrix((rows, 3))
    return hstack([words, csr_matrix(vectors * 4.5), empty]).tocsr(), chance.permutation(np.arange(rows) % 4)


@pytest.mark.parametrize("classes", [2, 4])
def test_the_regression_is_that_of_scikit_learn(classes: int) -> None:
    """Where both are given time to arrive, two classes or more, they arrive at the same probabilities."""
    rows, labels = words_and_vectors()
    labels = np.array(["养老", "住房", "教育", "托育"])[labels % classes]
    ours = LogisticRegression(C=3.0, max_iter=2000, class_weight="balanced")
    theirs = LogisticRegression(C=3.0, max_iter=20000, tol=1e-8, class_weight="balanced").fit(rows, labels)
    fit_logistic(SplitRows(rows), labels, ours)
    assert ours.classes_.tolist() == theirs.classes_.tolist()
    assert np.abs(ours.predict_proba(rows) - theirs.predict_proba(rows)).max() < 2e-3


def test_what_is_held_out_was_not_learned_from() -> None:
    """Labels without any sense are learned by heart, and guessed no better than by chance when held out."""
    rows, labels = words_and_vectors()
    model = LogisticRegression(C=1000.0, max_iter=500, class_weight="balanced")
    shares = fit_and_hold_out(model, rows, labels, np.arange(len(labels)) % 3)
    assert shares is not None
    assert (model.predict(rows) == labels).mean() > 0.95
    assert (shares.argmax(axis=1) == labels).mean() < 0.45
    assert np.allclose(shares.sum(axis=1), 1.0)


def test_a_class_too_small_to_hold_out_is_still_learned() -> None:
    """One example of a class: the model knows it, and nothing is held out."""
    rows, labels = words_and_vectors()
    labels[labels == 3] = 2
    labels[0] = 3
    model = LogisticRegression(max_iter=50, class_weight="balanced")
    assert fit_and_hold_out(model, rows, labels, np.arange(len(labels)) % 3) is None
    assert model.classes_.tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("cores", [1, 2, 3])
def test_the_result_does_not_depend_on_the_cores(monkeypatch: pytest.MonkeyPatch, cores: int) -> None:
    """Every piece once, in order, with progress to the end, in as many processes as there are cores."""
    monkeypatch.setattr(parallel, "cores", lambda: cores)
    done: list[int] = []
    total = 3 * PART + 5
    found = list(in_processes(lambda start, stop: [(i, os.getpid()) for i in range(start, stop)], total, done.append))
    assert [i for i, _ in found] == list(range(total)) and sum(done) == total
    assert (os.getpid() in {pid for _, pid in found}) == (cores == 1)


def test_what_goes_wrong_in_a_process_or_a_thread_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    """A build must not go on without part of its work."""
    monkeypatch.setattr(parallel, "cores", lambda: 2)

    def fail(start: int, stop: int) -> list[int]:
        raise ValueError(f"part {start}")

    with pytest.raises(ValueError, match="part 0"):
        list(in_processes(fail, 2 * PART))
    with pytest.raises(ZeroDivisionError):
        in_threads([lambda: None, lambda: 1 // 0])


def test_progress_for_a_program(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """First and last are always said; what comes fast between them is not."""
    monkeypatch.setenv("PROGRESS_LINES", "1")
    with progress_of("ranking", 1000, quiet=True) as count:
        for _ in range(1000):
            count(1)
    assert capsys.readouterr().out.splitlines() == ["PROGRESS ranking 0 1000", "PROGRESS ranking 1000 1000"]


def test_progress_without_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Lines for people, with the place among the stages, how much is done and what comes; the log has them with the time."""
    monkeypatch.delenv("PROGRESS_LINES", raising=False)
    monkeypatch.setenv("PROGRESS_LOG", str(tmp_path / "training.log"))
    monkeypatch.setattr(progress_lines, "LINE_EVERY_S", 0.0)
    with progress_of("outcomes", 40) as count:
        count(10)
        count(30)
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "[7/8] 拟合可答性 outcomes：0/40 问；之后 then 主题概览 topics"
    assert said[1].startswith("[7/8] 拟合可答性 outcomes：10/40 问，25 %，约还要 about ")
    assert said[2].startswith("[7/8] 拟合可答性 outcomes：完成 done，") and len(said) == 3
    logged = (tmp_path / "training.log").read_text(encoding="utf-8").splitlines()
    assert [line.split(" ", 1)[1] for line in logged] == said


def test_what_comes_fast_is_said_once(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A stage of a moment has a first line and a last one, and what was not needed counts as done."""
    monkeypatch.delenv("PROGRESS_LINES", raising=False)
    with progress_of("topics", 1000) as count:
        for _ in range(900):
            count(1)
    assert len(capsys.readouterr().out.splitlines()) == 2
    monkeypatch.setenv("PROGRESS_LINES", "1")
    with progress_of("topics", 1000) as count:
        count(900)
    assert capsys.readouterr().out.splitlines()[-1] == "PROGRESS topics 1000 1000"


def test_no_lines_unless_asked_for(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """People see a bar, and a quiet build says nothing."""
    monkeypatch.delenv("PROGRESS_LINES", raising=False)
    for stage in STAGES:
        with progress_of(stage, 2, quiet=True) as count:
            count(2)
    said = capsys.readouterr()
    assert said.out == said.err == ""


def test_a_share_of_the_overview_has_four_digits() -> None:
    """With its interval; nothing is known of none."""
    assert interval(8, 10) == Measured(0.8, 0.4902, 0.9433)
    assert interval(0, 0) == Measured(0.0, 0.0, 0.0)


def held_out() -> HeldOutIntents:
    """Two clusters of eight; one example stands in the other's midst, another is only doubted."""
    around = np.array([[1.0, 0.0], [0.0, 1.0]], np.float32)
    examples, vectors, shares = [], [], []
    for topic, label in enumerate(("ask_housing", "ask_schooling")):
        for number in range(8):
            examples.append(LabelledQuestion(f"{label} {number}", label, file=f"data/nlu/{label}.yml"))
            vectors.append(around[topic] + 0.02 * number * around[1 - topic])
            shares.append([0.9, 0.1] if topic == 0 else [0.1, 0.9])
    vectors[0], shares[0] = around[1] + 0.01 * around[0], [0.2, 0.8]  # lies among the schools, and is taken for one
    shares[15] = [0.6, 0.4]  # taken for housing, but its neighbours all agree with it
    rows = np.array(vectors, np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return HeldOutIntents(examples, rows, ["ask_housing", "ask_schooling"], np.array(shares))


def test_topics_by_hand(tmp_path: Path) -> None:
    """Precision, recall, F1, confusions; only what the neighbours speak against too pulls the wrong way."""
    overview = measure_topics(held_out(), quiet=True)
    housing = next(t for t in overview.topics if t.intent == "ask_housing")
    assert (housing.topic, housing.examples, housing.predicted, housing.found) == ("housing", 8, 8, 7)
    assert housing.precision.value == housing.recall.value == housing.f1.value == 0.875
    assert housing.f1.low < 0.875 < housing.f1.high
    assert overview.right == 14
    assert {(c.intent, c.taken_for, c.count) for c in overview.confusions} == {
        ("ask_housing", "ask_schooling", 1),
        ("ask_schooling", "ask_housing", 1),
    }
    (found,) = overview.wrong_way
    assert (found.example.text, found.taken_for, found.share, found.against) == (
        "ask_housing 0", "ask_schooling", 0.8, 5,
    )  # fmt: skip
    assert found.example.file == "data/nlu/ask_housing.yml"
    assert "ask_housing 0" not in {near.example.text for near in found.neighbours}
    overview.save(tmp_path / "topics.json")
    assert TopicsOverview.load(tmp_path / "topics.json") == overview


def test_no_overview_where_there_is_none_to_read(tmp_path: Path) -> None:
    """A missing file, a broken one and one of another shape are all no overview."""
    path = tmp_path / "topics.json"
    assert TopicsOverview.load(path) is None
    for text in ("{", "{}", '{"topics": [{"x": 1}], "confusions": [], "wrong_way": []}'):
        path.write_text(text, encoding="utf-8")
        assert TopicsOverview.load(path) is None
    assert measure_topics(None, quiet=True).examples == 0
