"""The log of turns."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select

from conversations.database import Database
from conversations.models import TurnCountRow
from conversations.requests import RequestBook, StaffRequest
from conversations.turn_log import TurnLog
from tests.conversations.conftest import EVERY_DATABASE
from tests.conversations.turns import EXAMPLE, turn

pytestmark = EVERY_DATABASE


def test_what_is_recorded_is_read_back_whole(log: TurnLog) -> None:
    """Every field, by another process as well."""
    log.record(EXAMPLE)
    assert log.turn("a-0") == EXAMPLE
    assert log.turn("a-unknown") is None


def test_a_message_is_logged_once(log: TurnLog) -> None:
    """The first stays, whatever its answer's id; the reply is found by session and message."""
    assert log.record(EXAMPLE)
    assert not log.record(turn(message_id="m-0", question="另一句"))
    assert [t.question for t in log.history("s-0")] == [EXAMPLE.question]
    assert log.reply_to("s-0", "m-0") == EXAMPLE.reply
    assert log.reply_to("s-1", "m-0") is None and log.reply_to("s-0", "m-1") is None


def test_a_failed_turn_gets_the_reply_that_was_sent(log: TurnLog) -> None:
    """The broker logged it without one; the channel apologised after that. An answer is never replaced."""
    failed = turn(id="a-f", outcome="error", reply=[], headline="")
    log.record(failed)
    assert log.reply_to("s-0", failed.message_id) is None
    log.record(
        turn(id="a-f", message_id=failed.message_id, outcome="error", reply=[{"text": "对不起"}], headline="对不起")
    )
    assert log.reply_to("s-0", failed.message_id) == [{"text": "对不起"}]
    log.record(turn(id="a-f", message_id=failed.message_id, outcome="error", reply=[{"text": "别的"}]))
    assert log.reply_to("s-0", failed.message_id) == [{"text": "对不起"}]


def test_history_is_the_latest_oldest_first(log: TurnLog) -> None:
    """Of one session only."""
    for minute in range(5):
        log.record(turn(question=str(minute), asked_at=EXAMPLE.asked_at + timedelta(minutes=minute)))
    log.record(turn(session="s-other"))
    assert [t.question for t in log.history("s-0", limit=3)] == ["2", "3", "4"]


def test_feedback_is_masked_and_the_second_vote_replaces_the_first(log: TurnLog) -> None:
    """An unknown answer is said to be unknown, another value is refused."""
    log.record(EXAMPLE)
    assert log.give_feedback("a-0", "up")
    assert log.give_feedback("a-0", "down", "不对，打我电话13812345678")
    kept = log.turn("a-0")
    assert kept and (kept.feedback, kept.feedback_comment) == ("down", "不对，打我电话〔手机号〕") and kept.feedback_at
    assert not log.give_feedback("a-unknown", "up")
    with pytest.raises(ValueError, match="up"):
        log.give_feedback("a-0", "maybe")


def test_often_asked_counts_sessions_not_turns(log: TurnLog) -> None:
    """Nobody can push a question by asking it again, and what few asked stays private."""
    now = datetime.now(timezone.utc)
    for session in ("s-1", "s-2", "s-3", "s-3", "s-3"):
        log.record(turn(session=session, asked_at=now))
    for _ in range(9):
        log.record(turn(session="s-1", citations=["c-9"], asked_at=now))
    for session in ("s-1", "s-2", "s-3"):
        log.record(turn(session=session, citations=["c-old"], asked_at=now - timedelta(days=31)))
    assert [(a.commitment_id, a.topic, a.sessions) for a in log.most_asked()] == [("c-1", "elderly_care", 3)]


def test_erasing_a_session_leaves_only_a_count(
    log: TurnLog, url: str, tracker: Path, stored: Callable[[], bytes]
) -> None:
    """Its words are neither in the log nor in Rasa's tracker any more; others' are."""
    with sqlite3.connect(tracker) as rasa:
        rasa.execute("create table events (id integer primary key, sender_id varchar(255), timestamp float, data text)")
        rasa.execute("insert into events (sender_id, data) values ('s-0', '删我删我'), ('s-1', '留我留我')")
    rasa.close()
    log.record(turn(question="删我删我", reply=[{"text": "删我删我"}], asked_at=EXAMPLE.asked_at))
    log.record(turn(session="s-1", question="留我留我"))
    book = RequestBook(url)
    book.record(StaffRequest("QP1", "handoff", "s-0", "删我删我", note="删我删我"))
    assert "删我删我".encode() in stored()
    assert log.erase_session("s-0") == 1 and log.tidy()
    held, rasas = stored(), b"".join(path.read_bytes() for path in tracker.parent.glob("tracker.sqlite*"))
    assert "删我删我".encode() not in held + rasas
    assert "留我留我".encode() in held and "留我留我".encode() in rasas
    assert [(r.reference, r.session) for r in book.open_requests()] == [("QP1", "")]
    book.close()
    assert counts(url) == [("2026-11-20", "answered", "elderly_care", "c-1", 1)]


def counts(url: str) -> list[tuple[str, str, str, str, int]]:
    """What remains of erased turns."""
    database = Database(url)
    with database.session() as session:
        rows = session.scalars(select(TurnCountRow)).all()
    database.close()
    return [(row.day.isoformat(), row.outcome, row.topic, row.commitment_id, row.turns) for row in rows]


def test_times_are_utc_and_have_a_zone(log: TurnLog) -> None:
    """A time in China's zone is the same moment; one without a zone is refused."""
    china = timezone(timedelta(hours=8))
    log.record(turn(id="a-china", asked_at=datetime(2026, 11, 20, 23, 30, tzinfo=china)))
    kept = log.turn("a-china")
    assert kept and kept.asked_at == datetime(2026, 11, 20, 15, 30, tzinfo=timezone.utc)
    with pytest.raises(Exception, match="时区"):
        log.record(turn(asked_at=datetime(2026, 11, 20)))
