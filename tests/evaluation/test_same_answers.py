"""Two recordings of the product's answers against each other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from actions.dialogue.conversation import Conversation
from actions.dialogue.reply import Reply
from evaluation.questions import DEV, FROZEN, load_questions
from evaluation.recorded_answers import LEANING, conversations, record_of
from evaluation.same_answers import DIFFERENT, NOT_READ, SAME, main
from knowledge.reply.answer import Answer, Outcome

TURN = {"id": "dev/a#1", "message": "床位", "outcome": "answered", "commitments": ["c-1"], "text": "9500张"}


def recording(path: Path, *turns: dict[str, Any]) -> str:
    """A file of turns; its path."""
    path.write_text("".join(json.dumps(turn, ensure_ascii=False) + "\n" for turn in turns), encoding="utf-8")
    return str(path)


def test_the_same_answers_are_the_same_whichever_step_gave_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who spoke is counted, not compared, also where the older recording did not know it."""
    old = recording(tmp_path / "old", TURN)
    new = recording(tmp_path / "new", {**TURN, "step": "weighed"})
    assert main([old, new]) == SAME
    assert "1  weighed" in capsys.readouterr().out


@pytest.mark.parametrize("change", [{"outcome": "not_in_plan"}, {"commitments": []}, {"text": "8278张"}])
def test_a_turn_that_differs_is_listed_with_both_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: dict[str, Any]
) -> None:
    """Whatever of it differs; a turn beside it that does not is left out."""
    other = {**TURN, "id": "dev/b#1"}
    old, new = recording(tmp_path / "old", TURN, other), recording(tmp_path / "new", {**TURN, **change}, other)
    assert main([old, new]) == DIFFERENT
    told = capsys.readouterr().out
    assert "dev/a#1" in told and "dev/b#1" not in told
    assert all(str(value) in told for value in change.values())


def test_a_turn_that_one_recording_lacks_differs(tmp_path: Path) -> None:
    """In either direction."""
    both, one = recording(tmp_path / "both", TURN, {**TURN, "id": "x"}), recording(tmp_path / "one", TURN)
    assert main([both, one]) == main([one, both]) == DIFFERENT


def test_a_file_that_is_no_recording_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 1 and the command that records."""
    old = recording(tmp_path / "old", TURN)
    assert main([old, str(tmp_path / "none")]) == NOT_READ
    assert "recorded_answers" in capsys.readouterr().err


@pytest.mark.slow  # reads both sets
def test_every_question_is_recorded_with_what_leans_on_it() -> None:
    """Each of both sets once, after its own turns before; no leaning turn is forgotten."""
    asked = list(conversations())
    questions = [q for path in (DEV, FROZEN) for q in load_questions(path)]
    assert len({each.name for each in asked}) == len(asked) == len(questions)
    assert all(each.messages[: len(q.before) + 1] == (*q.before, q.question) for each, q in zip(asked, questions))
    assert {message for each in asked for message in each.messages} >= set(LEANING)


def test_a_reference_number_is_no_difference() -> None:
    """It is drawn anew for each request."""
    replies = [
        Reply(Answer(f"编号 {n}", Outcome.HANDOFF, n), Conversation()) for n in ("QP261120-ABCDE", "QP261121-FGHJK")
    ]
    first, second = (record_of("x", "我要投诉", reply) for reply in replies)
    assert first == second
