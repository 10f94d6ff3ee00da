"""Questions from standard input, without Rasa: one line in, one answer out."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from actions.asking import MAX_LINE_BYTES, MAX_MESSAGE_CHARS, Asker, ask_lines, read_lines
from bot.channels.bodies import MAX_BODY_BYTES
from bot.channels.turns import MAX_MESSAGE_CHARS as CHANNELS_MAX_CHARS
from tests.training.project import command, environment

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def asker() -> Asker:
    """On the built knowledge."""
    return Asker.opened()


def rows(lines: bytes) -> tuple[int, list[dict[str, Any]], str]:
    """Exit code, the objects and the complaints for some input."""
    out, complaints = io.StringIO(), io.StringIO()
    code = ask_lines(io.BytesIO(lines), out, complaints, as_json=True)
    return code, [json.loads(line) for line in out.getvalue().splitlines()], complaints.getvalue()


def test_lines_are_read_whatever_they_hold() -> None:
    """A question, nothing, another encoding and a line that is far too long; the one after it is read as it stands."""
    long = "长".encode() * MAX_LINE_BYTES
    lines = list(read_lines(io.BytesIO(b"\xef\xbb\xbf" + "有托班吗\r\n".encode() + b" \n\xb5\xbd\n" + long + b"\nend")))
    assert [line.number for line in lines] == [1, 2, 3, 4, 5]
    assert lines[0].question == "有托班吗" and lines[4].question == "end"
    assert ["空行" in lines[1].fault, "GB18030" in lines[2].fault, "64 KB" in lines[3].fault] == [True] * 3


def test_limits_are_those_of_the_channels() -> None:
    """What the bot refuses as too long is too long here."""
    assert (MAX_MESSAGE_CHARS, MAX_LINE_BYTES) == (CHANNELS_MAX_CHARS, MAX_BODY_BYTES)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        ("到2025年养老院床位有多少张", "answered"),
        ("家庭医生的电话是多少", "not_in_plan"),
        ("今天天气怎么样", "out_of_scope"),
        ("学校", "clarify"),
        ("你好", "chat"),
        ("我要找人工", "handoff"),
        ("着火了，我被困在楼上", "danger"),
        ("/restart", "out_of_scope"),
        ("托" * (MAX_MESSAGE_CHARS + 1), "out_of_scope"),
    ],
)
def test_each_kind_of_answer(asker: Asker, question: str, outcome: str) -> None:
    """Answers, refusals, choices and danger, as the bot's."""
    answer = asker.answer(question)
    assert answer.outcome.value == outcome
    assert bool(answer.citations) == (outcome == "answered") and bool(answer.hotlines) == (outcome == "danger")
    if outcome == "clarify":
        assert len(answer.related) >= 2
    if len(question) > MAX_MESSAGE_CHARS:
        assert str(MAX_MESSAGE_CHARS + 1) in answer.text


@pytest.mark.slow
def test_lines_out_match_lines_in() -> None:
    """An object a line, in order, also for a line without a question; the exit code says that one was left."""
    code, found, complaints = rows("小孩两岁有托班吗\n\n公租房\n".encode())
    assert code == 3 and [row.get("question") for row in found] == ["小孩两岁有托班吗", None, "公租房"]
    assert found[0]["schema"] == "answer/1" and found[0]["citations"][0]["quote"] and found[0]["text"]
    assert found[1] == {"line": 2, "error": "空行 — 一行写一个问题"} and "第 2 行" in complaints


def asking_in(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """`python -m knowledge ask` on the store in `folder`, with open pipes."""
    environment = {**os.environ, "KNOWLEDGE_DIR": str(folder)}
    environment.pop("KNOWLEDGE_URL", None)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen([sys.executable, "-m", "knowledge", "ask", *arguments], cwd=ROOT, env=environment, **pipes)  # type: ignore[call-overload,no-any-return]


@pytest.mark.slow
def test_an_answer_comes_before_the_next_question_is_written() -> None:
    """A program may write a line, wait for its answer, and write the next; what stops reading ends the command quietly."""
    with asking_in(Path("var/knowledge"), "--json") as process:
        assert process.stdin and process.stdout
        for question in ("养老院有多少床位", "今天天气怎么样"):
            process.stdin.write(f"{question}\n".encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["question"] == question
        process.stdin.close()
        assert process.wait(60) == 0


@pytest.mark.slow
def test_without_a_store_it_says_what_to_do(tmp_path: Path) -> None:
    """One line on standard error, nothing on standard output."""
    with asking_in(tmp_path / "nothing") as process:
        out, err = process.communicate("有托班吗\n".encode(), timeout=120)
    assert process.returncode == 1 and out == b"" and "错误：" in err.decode() and "Traceback" not in err.decode()


@pytest.mark.slow
@pytest.mark.timeout(900)  # the small project is trained, minutes on a busy machine
def test_a_small_store_is_asked_as_readable_text(project: Path) -> None:
    """The store of a few sentences answers from those alone."""
    questions = project / "questions.txt"
    questions.write_text("养老床位有多少张\n我要找人工\n", encoding="utf-8")
    asking = command("knowledge", ["ask"])
    with questions.open("rb") as asked:
        done = subprocess.run(asking, cwd=project, env=environment(project), stdin=asked, capture_output=True)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "问：养老床位有多少张" in done.stdout.decode() and "没有登记" in done.stdout.decode()
