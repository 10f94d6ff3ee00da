"""Words end after their time; only counts remain."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

from sqlalchemy import select

from conversations.database import Database
from conversations.erasure import BATCH
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
    assert log.erase_session("s-now") == 1
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
    log.record(turn(asked_at=datetime(2026, 1, 5, 16, 40, tzinfo=timezone.utc), topic="housing", citations=[]))
    log.erase_session("s-0")
    assert [(day, topic, turns) for day, topic, _, turns in counts(url)] == [
        ("2026-01-05", "housing", 1),
        ("2026-01-06", "", 1),
        ("2026-01-06", "housing", 2),
    ]
