"""`python -m conversations` in the terminal."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from conversations.__main__ import main
from conversations.requests import RequestBook, StaffRequest
from conversations.turn_log import TurnLog
from tests.conversations.conftest import EVERY_DATABASE
from tests.conversations.turns import EXAMPLE, turn


@pytest.fixture(autouse=True)
def here(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands find the test's database."""
    monkeypatch.setenv("CONVERSATIONS_URL", url)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a command prints; it must succeed."""
    assert main(list(arguments)) == 0
    return capsys.readouterr().out


@EVERY_DATABASE
def test_requests_are_listed_noted_closed_and_exported(
    url: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """From open to done, with a note, which is masked; the contact is shown only where it is asked for."""
    book = RequestBook(url)
    book.record(StaffRequest("QP1", "handoff", "s-0", "=要人工", answer_id="a-1", topic="housing"))
    book.add_contact("a-1", "13800001234")
    listed = run(capsys, "requests")
    assert "QP1" in listed and "13800001234" not in listed
    assert "13800001234" in run(capsys, "requests", "show", "QP1")
    run(capsys, "requests", "note", "QP1", "已致电13800001234，约周五")
    assert "in_progress" in run(capsys, "requests", "list")
    run(capsys, "requests", "close", "QP1")
    assert run(capsys, "requests") == ""
    run(capsys, "requests", "export", "--out", str(tmp_path / "r.csv"))
    (row,) = csv.DictReader(io.StringIO((tmp_path / "r.csv").read_text(encoding="utf-8-sig")))
    assert (row["status"], row["note"], row["text"]) == ("done", "已致电〔手机号〕，约周五", "'=要人工")
    assert main(["requests", "close", "QP9"]) == 1 and "QP9" in capsys.readouterr().err


@EVERY_DATABASE
def test_csv_holds_the_days_asked_for(log: TurnLog, capsys: pytest.CaptureFixture[str]) -> None:
    """Whole days in Shanghai, the last one included; no cell is a formula."""
    for day, hour in ((19, 15), (19, 16), (20, 15), (20, 16)):
        log.record(
            turn(
                danger="fire",
                question=f"={day}-{hour}",
                asked_at=datetime(2026, 11, day, hour, 30, tzinfo=timezone.utc),
            )
        )
    rows = list(
        csv.DictReader(
            io.StringIO(run(capsys, "export", "--from", "2026-11-20", "--to", "2026-11-20").lstrip("\ufeff"))
        )
    )
    assert [row["question"] for row in rows] == ["'=19-16", "'=20-15"]
    assert rows[0]["asked_at"] == "2026-11-20T00:30:00+08:00" and rows[0]["citations"] == "c-1 c-2"
    assert rows[0]["danger"] == "fire"


@EVERY_DATABASE
def test_json_lines_hold_everything(log: TurnLog, capsys: pytest.CaptureFixture[str]) -> None:
    """Every field of a turn, one object a line."""
    log.record(EXAMPLE)
    log.record(turn())
    lines = [json.loads(line) for line in run(capsys, "export", "--format", "jsonl").splitlines()]
    assert len(lines) == 2 and lines[0]["candidates"][0] == {
        "commitment_id": "c-1",
        "probability": 0.7,
        "signals": {"keywords": 3.2},
    }
    assert set(EXAMPLE.__dataclass_fields__) <= set(lines[0]) and lines[0]["asked_at"] == "2026-11-20T15:30:00+00:00"


@EVERY_DATABASE
def test_stories_follow_conversations(log: TurnLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One story a talk, entities marked in the understood words; what passed no NLU is left out, and so is danger."""
    year = {"entity": "year", "value": "2025年", "start": 1, "end": 6}
    place = {"entity": "place", "value": "徐泾镇", "start": 1, "end": 3}
    said = [
        turn(understood="到2025年有多少床位", entities=[year]),
        turn(understood="那徐泾呢", entities=[place], intents={"follow_up": 0.8}, asked_at=EXAMPLE.asked_at + timedelta(minutes=5)),
        turn(understood="谢谢", entities=[], intents={"thanks": 0.9}, asked_at=EXAMPLE.asked_at + timedelta(minutes=30)),
        turn(understood="", intents={}, outcome="out_of_scope"),
        turn(understood="心口闷怎么办", outcome="not_in_plan", danger="medical"),
    ]  # fmt: skip
    for one in said:
        log.record(one)
    run(capsys, "export", "--format", "stories", "--out", str(tmp_path / "s.yml"))
    data = YAML(typ="safe").load((tmp_path / "s.yml").read_text(encoding="utf-8"))
    assert [story["steps"] for story in data["stories"]] == [
        [
            {"user": "到[2025年](year)有多少床位", "intent": "ask_elderly_care"},
            {"action": "action_answer"},
            {"user": '那[徐泾]{"entity": "place", "value": "徐泾镇"}呢', "intent": "follow_up"},
            {"action": "action_answer"},
        ],
        [{"user": "谢谢", "intent": "thanks"}, {"action": "action_answer"}],
    ]


@EVERY_DATABASE
def test_erasing_needs_to_know_what(
    log: TurnLog, tracker: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By session key or by age; nothing is erased by accident."""
    monkeypatch.setenv("TRACKER_URL", f"sqlite:///{tracker}")
    log.record(turn(asked_at=datetime.now(timezone.utc)))
    log.record(turn(session="s-9", asked_at=datetime.now(timezone.utc) - timedelta(days=40)))
    with pytest.raises(SystemExit):
        main(["erase"])
    assert main(["erase", "--older-than", "-1"]) == 1
    assert "1 轮" in run(capsys, "erase", "--older-than", "30")
    assert "1 轮" in run(capsys, "erase", "--session", "s-0")


def test_masking_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    """Both sets, every kind."""
    printed = run(capsys, "masking")
    assert "held_out" in printed and "id_number" in printed


@EVERY_DATABASE
def test_migrating_twice_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """It says which schema there is."""
    assert run(capsys, "migrate") == run(capsys, "migrate")
