"""Words end after their time; only counts remain."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select

from conversations.database import Database
from conversations.erasure import BATCH
from conversations.errors import LogUnavailable
from conversations.models import TurnCountRow
from conversations.requests import RequestBook, StaffRequest
from conversations.turn_log import TurnLog
from tests.conversations.conftest import EVERY_DATABASE
from tests.conversations.turns import turn

NOW = datetime.now(timezone.utc)


def counts(url: str) -> list[tuple[str, str, str, int]]:
    """Day, topic, feedback and number of what remains of erased turns."""
    database = Database(url)
    with database.session() as session:
        rows = session.scalars(select(TurnCountRow).order_by(TurnCountRow.day, TurnCountRow.topic)).all()
    database.close()
    return [(row.day.isoformat(), row.topic, row.feedback, row.turns) for row in rows]


@EVERY_DATABASE
def test_what_is_older_is_gone(log: TurnLog, url: str, tracker: Path, stored: Callable[[], bytes]) -> None:
    """Question, reply, comment, request, contact and tracker; what is younger stays, the old lives on as counts."""
    old, young = NOW - timedelta(days=181), NOW - timedelta(days=179)
    with sqlite3.connect(tracker) as rasa:
        rasa.execute("create table events (id integer primary key, sender_id varchar(255), timestamp float, data text)")
        for at, words in ((old, "旧话旧话"), (young, "新话新话")):
            rasa.execute(
                "insert into events (sender_id, timestamp, data) values ('s-0', ?, ?)", (at.timestamp(), words)
            )
    rasa.close()
    for number in range(BATCH + 20):
        log.record(turn(question=f"旧话旧话{number}", reply=[{"text": "旧话旧话"}], asked_at=old, feedback="down",
                        feedback_comment="旧话旧话"))  # fmt: skip
    log.record(turn(question="新话新话", asked_at=young))
    book = RequestBook(url)
    book.record(StaffRequest("QP1", "handoff", "s-0", "旧话旧话", created_at=old, answer_id="a-x"))
    book.add_contact("a-x", "13800001234")
    book.record(StaffRequest("QP2", "handoff", "s-0", "新话新话", created_at=young))
    assert "旧话旧话".encode() in stored()
    erased = log.erase_older_than(180)
    assert (erased.turns, erased.requests, erased.events) == (BATCH + 20, 1, 1)
    assert log.tidy()
    rasas = b"".join(path.read_bytes() for path in tracker.parent.glob("tracker.sqlite*"))
    assert "旧话旧话".encode() not in stored() + rasas and book.contact("QP1") == ""
    book.close()
    assert [t.question for t in log.history("s-0")] == ["新话新话"] and "新话新话".encode() in tracker.read_bytes()
    assert [kind[-2:] for kind in counts(url)] == [("down", BATCH + 20)]
    again = log.erase_older_than(180)
    assert (again.turns, again.requests, again.events) == (0, 0, 0)


@EVERY_DATABASE
def test_danger_is_erased_like_everything_else(log: TurnLog, url: str, stored: Callable[[], bytes]) -> None:
    """By session and by age nothing is left of what was said, nor of which danger it was; the count says only that it was one."""
    words = {
        "question": "我不想活了我不想活了",
        "reply": [{"text": "请马上拨打"}],
        "understood": "",
        "headline": "请马上拨打",
    }
    danger = {"outcome": "danger", "danger": "self_harm", "topic": None, "citations": [], "candidates": [], **words}
    old, young = NOW - timedelta(days=181), NOW - timedelta(days=1)
    log.record(turn(asked_at=old, **danger))
    log.record(turn(asked_at=young, session="s-now", **danger))
    assert log.history("s-now")[0].danger == "self_harm"
    assert "我不想活了".encode() in stored() and b"self_harm" in stored()
    assert log.erase_older_than(180).turns == 1 and len(log.history("s-now")) == 1
    assert log.erase_session("s-now") == 1 and log.tidy()
    left = stored()
    for gone in ("我不想活了", "请马上拨打", "self_harm"):
        assert gone.encode() not in left, gone
    database = Database(url)
    with database.session() as session:
        assert [(row.outcome, row.turns) for row in session.scalars(select(TurnCountRow))] == [("danger", 1)] * 2
    database.close()


@EVERY_DATABASE
def test_counts_add_up_over_days_of_china(log: TurnLog, url: str) -> None:
    """Half past midnight in Shanghai is the new day; a second erasure adds to the first."""
    for hour, topic in ((15, "housing"), (16, "housing"), (17, None)):
        log.record(turn(asked_at=datetime(2026, 1, 5, hour, 30, tzinfo=timezone.utc), topic=topic, citations=[]))
    log.erase_session("s-0")
    at = datetime(2026, 1, 5, 16, 40, tzinfo=timezone.utc)
    log.record(turn(session="s-1", asked_at=at, topic="housing", citations=[]))
    log.erase_session("s-1")
    assert [(day, topic, turns) for day, topic, _, turns in counts(url)] == [
        ("2026-01-05", "housing", 1),
        ("2026-01-06", "", 1),
        ("2026-01-06", "housing", 2),
    ]


@EVERY_DATABASE
def test_what_was_under_way_is_not_written_any_more(log: TurnLog, url: str, tracker: Path) -> None:
    """A turn and a request from before the erasure come late: nobody sees them; what is said later is kept."""
    asked_at = datetime.now(timezone.utc)
    assert log.erase_session("s-0") == 0
    book = RequestBook(url)
    assert not log.record(turn(asked_at=asked_at))
    book.record(StaffRequest("QP1", "handoff", "s-0", "找人工", created_at=asked_at))
    assert log.history("s-0") == [] and book.open_requests() == []
    assert log.was_erased("s-0", asked_at) and not log.was_erased("s-1", asked_at)
    later = datetime.now(timezone.utc)
    assert not log.was_erased("s-0", later) and log.record(turn(asked_at=later))
    book.record(StaffRequest("QP2", "handoff", "s-0", "找人工", created_at=later))
    assert len(log.history("s-0")) == 1 and [r.reference for r in book.open_requests()] == ["QP2"]
    book.close()


def test_events_that_come_late_are_swept(log: TurnLog, tracker: Path) -> None:
    """Rasa saves a turn when it ends; what was said before the erasure goes with the next cleaning, later words stay."""
    with sqlite3.connect(tracker) as rasa:
        rasa.execute("create table events (id integer primary key, sender_id varchar(255), timestamp float, data text)")
    log.erase_session("s-0")
    now = datetime.now(timezone.utc).timestamp()
    with sqlite3.connect(tracker) as rasa:
        rows = [("s-0", now - 5, "旧话旧话"), ("s-0", now + 5, "新话新话"), ("s-1", now - 5, "别人的话")]
        rasa.executemany("insert into events (sender_id, timestamp, data) values (?, ?, ?)", rows)
    rasa.close()
    assert log.tidy()
    with sqlite3.connect(tracker) as rasa:
        assert [row[0] for row in rasa.execute("select data from events order by id")] == ["新话新话", "别人的话"]
    rasa.close()


def test_nobody_waits_for_a_cleaning_that_a_reader_holds_back(log: TurnLog, tmp_path: Path, tracker: Path) -> None:
    """Erased at once, cleaned when the reader has gone; the cleaning that finds it there gives way at once."""
    log.record(turn(question="旧话旧话"))
    reader = sqlite3.connect(tmp_path / "conversations.sqlite", isolation_level=None)
    reader.execute("begin")
    assert reader.execute("select count(*) from turn").fetchone() == (1,)
    assert log.erase_session("s-0") == 1 and log.history("s-0") == []
    assert not log.tidy(), "the reader still sees what is gone"
    assert log.record(turn(session="s-1", question="新话"))
    reader.execute("rollback")
    reader.close()
    assert log.tidy() and log.tidy(), "the second finds nothing to do"
    assert "旧话旧话".encode() not in b"".join(p.read_bytes() for p in tmp_path.glob("conversations.sqlite*"))


@EVERY_DATABASE
def test_where_nothing_was_erased_nothing_is_cleaned(
    log: TurnLog, tracker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No vacuum and no checkpoint a minute."""
    cleaned: list[object] = []
    monkeypatch.setattr("conversations.erasure._forget_freed", lambda *given: bool(cleaned.append(given)) or True)
    log.record(turn())
    assert log.tidy() and cleaned == []
    log.erase_session("s-0")
    log.erase_session("s-0")
    assert log.tidy() and log.tidy() and len(cleaned) == 1, "two erasures, one cleaning"


def test_a_tracker_that_nobody_named_is_not_forgotten(
    log: TurnLog, tracker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the log on a server and no TRACKER_URL the words would stay there, and nobody would be told."""
    log.record(turn())
    monkeypatch.setenv("CONVERSATIONS_URL", "postgresql+psycopg2://127.0.0.1:1/none")
    with pytest.raises(LogUnavailable, match="TRACKER_URL"):
        log.erase_session("s-0")


def test_looking_for_a_tracker_makes_none(log: TurnLog, tracker: Path) -> None:
    """An erasure before the first conversation leaves no empty file."""
    log.erase_session("s-0")
    assert log.tidy() and not tracker.exists()
