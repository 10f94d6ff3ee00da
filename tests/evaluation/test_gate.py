"""The gate on real releases: real stores, real processes; a candidate whose knowledge was poisoned without a build.

Only those frozen questions are asked that the poison is about, and the hostile ones: asking all of both releases is
what `python -m review evaluate` does.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from evaluation.gate.__main__ import FAILED, NOT_RUN, PASSED, main, told
from evaluation.gate.comparing import compare, sentences_of
from evaluation.gate.corrections import ApprovedCorrection, regression_of
from evaluation.gate.judging import RealQuestion, Sets
from evaluation.gate.remembered import Remembered
from evaluation.questions import EvaluationQuestion, load_questions
from knowledge.catalogue.store import opened, read_meta
from knowledge.document.plan_text import squash
from knowledge.groundwork.formats import READ
from knowledge.groundwork.settings import KnowledgePaths, built_paths
from releases.hashing import digest_of
from releases.release import Release, write_manifest
from releases.shelf import Shelf
from tests.journeys.variants import keep_signals

pytestmark = pytest.mark.slow  # the built knowledge, two bots
MODEL = Path("models/ask-qingpu.tar.gz")
POISONED = 6  # commitments whose sample questions are given to the next one
OTHERS = 40  # frozen questions that the poison does not touch


@dataclass(frozen=True)
class Poisoned:
    """Two releases and the commitments that lost their sample questions in the second."""

    serving: Release
    candidate: Release
    victims: tuple[str, ...]
    samples: dict[str, str]


@pytest.fixture(scope="module")
def frozen() -> list[EvaluationQuestion]:
    """The frozen questions that stand alone."""
    return [question for question in load_questions() if not question.before]


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory, frozen: list[EvaluationQuestion]) -> Poisoned:
    """What is built, and a copy in which a question leads to the wrong commitment, as wrong links would."""
    shelf = Shelf(tmp_path_factory.mktemp("releases"))
    with opened(built_paths().url) as engine:
        version = str(read_meta(engine)["fingerprint"])
    serving = shelf.keep(built_paths().folder, MODEL, knowledge_version=version, formats=READ, made_by="test")
    shelf.promote(serving.id, "test")
    folder = shelf.folder / "20990101-0000-poison"
    shutil.copytree(serving.folder, folder)
    victims = _most_asked(serving, frozen)
    samples = _poison(folder / "knowledge", victims)
    keep_signals(KnowledgePaths.of(folder / "knowledge"))
    files = {name: digest_of(folder / name) for name in serving.files}
    candidate = replace(serving, id=folder.name, folder=folder, knowledge_version="poisoned", files=files)
    write_manifest(candidate)
    return Poisoned(serving, candidate, victims, samples)


def _most_asked(release: Release, frozen: list[EvaluationQuestion]) -> tuple[str, ...]:
    """The commitments of different sentences that most frozen questions expect."""
    sentences, asked = sentences_of(release), Counter[str]()
    for question in frozen:
        for run in question.expect[:1]:
            asked.update({sentence for sentence in sentences.values() if squash(run) in squash(sentence)})
    owner = {sentence: identifier for identifier, sentence in reversed(list(sentences.items()))}
    return tuple(owner[sentence] for sentence, _ in asked.most_common(POISONED))


def _poison(folder: Path, victims: tuple[str, ...]) -> dict[str, str]:
    """Give each victim's sentence the sample questions of the one before; a sample question of each as it was."""
    connection = sqlite3.connect(folder / "knowledge.sqlite")
    passages = [
        connection.execute("SELECT passage_id FROM commitment WHERE id = ?", (victim,)).fetchone()[0]
        for victim in victims
    ]
    samples, moves = {}, []
    for victim, passage, to in zip(victims, passages, (*victims[1:], victims[0])):
        owned = "SELECT id FROM commitment WHERE passage_id = ?"
        rows = connection.execute(
            f"SELECT commitment_id, position, text FROM question WHERE commitment_id IN ({owned})", (passage,)
        ).fetchall()
        samples[victim] = next(text for owner, _, text in rows if owner == victim)
        moves.append((to, rows))
    with connection:
        for _, rows in moves:
            connection.executemany(
                "DELETE FROM question WHERE commitment_id = ? AND position = ?", [(o, p) for o, p, _ in rows]
            )
        for to, rows in moves:
            connection.executemany(
                "INSERT INTO question (commitment_id, position, text) VALUES (?, ?, ?)",
                [(to, 100 + number, text) for number, (_, _, text) in enumerate(rows)],
            )
    connection.close()
    return samples


@pytest.fixture(scope="module")
def sets(poisoned: Poisoned, frozen: list[EvaluationQuestion]) -> Sets:
    """Frozen questions about the victims, hostile ones, some others; a correction of a victim; a real question."""
    about = [sentences_of(poisoned.serving)[victim] for victim in poisoned.victims]
    touched = [q for q in frozen if any(squash(run) in squash(s) for run in q.expect[:1] for s in about)]
    hostile = [q for q in frozen if q.kind == "hostile"]
    others = [q for q in frozen if q not in touched and q not in hostile][::7][:OTHERS]
    long_ago = datetime.now(timezone.utc) - timedelta(days=30)
    links = [
        ApprovedCorrection(number, "link", long_ago, poisoned.samples[victim], victim)
        for number, victim in enumerate(poisoned.victims[:2], 1)
    ]
    silent = ApprovedCorrection(9, "silent", long_ago, "区长的手机号码是多少")
    real = [RealQuestion("a-1", poisoned.samples[poisoned.victims[2]], 4), RealQuestion("a-2", "你好", 9)]
    return Sets([*touched, *hostile, *others], regression_of([*links, silent], {}), real, datetime.now(timezone.utc))


@pytest.fixture(scope="module")
def report(poisoned: Poisoned, sets: Sets) -> Iterator[dict[str, Any]]:
    """The poisoned candidate against what serves."""
    yield compare(poisoned.serving, poisoned.candidate, sets)


def test_a_poisoned_candidate_is_stopped(report: dict[str, Any]) -> None:
    """Topics fall, corrections break, and nothing else is blamed."""
    assert not report["passed"]
    assert "topic:all" in report["blocked_by"] and "corrections" in report["blocked_by"]
    assert "hostile" not in report["blocked_by"] and "errors" not in report["blocked_by"]
    hostile = report["hostile"]
    assert hostile["candidate"] == hostile["serving"] > 20 and hostile["failed"] == []


def test_what_fails_is_told_question_by_question(report: dict[str, Any], poisoned: Poisoned, sets: Sets) -> None:
    """With what was expected and what both said, in the report and in the terminal."""
    lost = [case for case in report["failures"] if case["set"] == "frozen"]
    whole = next(row for row in report["topics"] if row["topic"] == "all")
    assert len(lost) == whole["lost"] >= 4
    for case in lost:
        assert case["expected"]["text"] and case["serving"]["headline"] and case["serving"] != case["candidate"]
    broken = [case for case in report["corrections"] if case["blocks"]]
    assert broken and {case["kind"] for case in broken} == {"link"}
    assert broken[0]["serving"]["commitment_id"] == broken[0]["expected"]["commitment_id"]
    lines = "\n".join(told(report))
    assert all(case["question"] in lines for case in [*lost, *broken])


def test_real_questions_are_shown_side_by_side_without_their_words(report: dict[str, Any]) -> None:
    """The question whose sample moved is answered differently; a greeting is not."""
    assert [case["id"] for case in report["differences"]] == ["a-1"]
    assert report["differences"][0]["serving"] != report["differences"][0]["candidate"]


def test_the_answers_of_both_are_kept(report: dict[str, Any], poisoned: Poisoned, sets: Sets) -> None:
    """Each release's lie beside it, so that whichever serves next is not asked again; what residents typed does not."""
    asked = [*sets.own, *sets.private]
    assert report["asked_of_serving"] == len(asked)
    serving, candidate = (Remembered(each.folder, sets.private) for each in (poisoned.serving, poisoned.candidate))
    assert all(each.answer(conversation) for each in (serving, candidate) for conversation in asked)
    moved = [c for c in asked if serving.answer(c) != candidate.answer(c)]
    assert len(moved) >= len(report["failures"]) > 0
    for release in (poisoned.serving, poisoned.candidate):
        kept = json.loads((release.folder / "answers.json").read_text(encoding="utf-8"))
        assert all(re.fullmatch("[0-9a-f]{32}(-private)?", key) for key in kept["answers"])  # what was typed, hashed


def test_a_gate_that_cannot_run_says_so(tmp_path: Path, poisoned: Poisoned, capsys: pytest.CaptureFixture[str]) -> None:
    """No such release, no such file, a damaged release: exit code 1, neither passed nor failed, and nothing is written."""
    output = tmp_path / "gate.json"
    files = ["--corrections", str(tmp_path / "none.json"), "--questions", str(tmp_path / "none.json")]
    for serving in (str(tmp_path / "none"), str(poisoned.serving.folder)):
        code = main(
            ["--serving", serving, "--candidate", str(poisoned.candidate.folder), *files, "--output", str(output)]
        )
        assert code == NOT_RUN and code not in (PASSED, FAILED)
        assert "none" in capsys.readouterr().err
    spoiled = tmp_path / poisoned.candidate.id
    shutil.copytree(poisoned.candidate.folder, spoiled)
    (spoiled / "model.tar.gz").write_bytes(b"cut off")
    sides = ["--serving", str(poisoned.serving.folder), "--candidate", str(spoiled)]
    assert main([*sides, *files, "--output", str(output)]) == NOT_RUN
    assert "model.tar.gz" in capsys.readouterr().err
    assert not output.exists()
