"""docs/privacy.md knows every column and every file; what it says is erased is erased."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Date, Float, Integer, Table
from sqlalchemy.engine import Engine

from conversations.models import Base as Conversations
from conversations.models import UtcDateTime
from conversations.spool import Spool, Spooled
from conversations.turn_log import TurnLog
from danger.published import PUBLISHED as DANGER_REPLIES
from knowledge.published.progress import PUBLISHED as PROGRESS
from knowledge.published.tables import CORRECTIONS
from review.database.columns import Utc
from review.database.engine import engine_for, migrate
from review.database.tables import Base as Review
from review.triage.reader import TriageReader
from settings.kinds import DATABASE, FILE
from settings.table import TABLE
from tests.docs.test_everything_is_named import rows, section

PAGE = Path("docs/privacy.md").read_text(encoding="utf-8")
WORDS = "忘川的话"
SESSION, TURN = "s-of-the-forgotten", "a-of-the-forgotten"
WORDLESS = {"REVIEW_REGRESSION_QUESTIONS", "REVIEW_SOURCES", "BOT_ENDPOINTS"}  # files of the checkout
OF_STAFF = {
    "review_account",
    "review_session",
    "review_audit",
    "review_browser",
    "review_guess",
    "review_recovery_code",
    "review_filter",
    "notice",
    "review_job",
    "review_schedule",
}
OF_STAFF |= {"review_commitment", "review_progress", "erased_session"}


def tables() -> Iterator[Table]:
    """Every table of the log and of the console."""
    for metadata in (
        Conversations.metadata,
        Review.metadata,
        *(t.metadata for t in (CORRECTIONS, PROGRESS, DANGER_REPLIES)),
    ):
        yield from metadata.tables.values()


def personal() -> set[tuple[str, str]]:
    """(table, column) of what the page calls personal."""
    cells = [row[0] for row in rows(section(PAGE, "库里的 In the databases"))]
    return {(table, column) for cell in cells for table, column in re.findall(r"`(\w+)\.(\w+)`", cell)}


def of_residents() -> set[tuple[str, str]]:
    """Of these, what is a resident's and not one of the staff's."""
    cells = [row[0] for row in rows(section(PAGE, "库里的 In the databases")) if not row[1].startswith("哪位工作人员")]
    found = {(table, column) for cell in cells for table, column in re.findall(r"`(\w+)\.(\w+)`", cell)}
    return {(table, column) for table, column in found if table not in OF_STAFF}


def plain() -> set[tuple[str, str]]:
    """(table, column) of what the page calls not personal."""
    cells = rows(section(PAGE, "库里没有个人信息的列 Columns without personal data"))
    return {(row[0].strip("`"), column) for row in cells for column in re.findall(r"`(\w+)`", row[1])}


def test_every_column_is_in_one_of_the_two_tables() -> None:
    """A new one has to be thought about; one that is gone does not stay on the page."""
    there = {(table.name, column.name) for table in tables() for column in table.columns}
    assert personal() & plain() == set()
    assert personal() | plain() == there


def test_every_personal_row_says_why_how_long_and_by_what_law() -> None:
    """No cell is empty."""
    for row in rows(section(PAGE, "库里的 In the databases")):
        assert len(row) == 5 and all(row) and "条" in row[4], row


def test_every_file_of_the_installation_is_named() -> None:
    """Each setting that says where one lies."""
    named = set(re.findall(r"`([A-Z_]+)`", section(PAGE, "文件 Files")))
    files = {setting.name for setting in TABLE.values() if setting.kind is FILE or setting.kind is DATABASE}
    assert files - WORDLESS == named


def value(column: Column[Any], *, of_person: bool) -> Any:
    """Something that a column takes: the words where it holds what a person said."""
    kind = column.type
    if column.name == "session":
        return SESSION
    if column.name in ("turn_id", "answer_id") or (column.table.name, column.name) == ("turn", "id"):
        return TURN
    for sort, given in ((Boolean, False), (Integer, 1), (Float, 0.5), (Date, date(2026, 1, 1))):
        if isinstance(kind, sort):
            return given
    if isinstance(kind, (UtcDateTime, Utc)):
        return datetime.now(timezone.utc)
    if type(kind).__name__ == "JSON":
        return [WORDS] if of_person else []
    if (column.table.name, column.name) == ("review_correction", "status"):
        return "pending"
    return WORDS if of_person else "x"


def fill(engine: Engine, table: Table) -> None:
    """One row of somebody who will be forgotten."""
    of_person = of_residents()
    given = {column.name: value(column, of_person=(table.name, column.name) in of_person) for column in table.columns}
    with engine.execution_options(sqlite_writes=True).begin() as connection:
        connection.execute(table.insert(), [given])


def test_one_erasure_reaches_every_personal_column(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the log, the tracker and the console nothing of a resident is left, in no free place of a file either."""
    url, tracker = f"sqlite:///{tmp_path}/c.sqlite", tmp_path / "tracker.sqlite"
    monkeypatch.setenv("TRACKER_DB", str(tracker))
    monkeypatch.delenv("TRACKER_URL", raising=False)
    with sqlite3.connect(tracker) as rasa:
        rasa.execute("create table events (id integer primary key, sender_id varchar(255), timestamp float, data text)")
        rasa.execute("insert into events (sender_id, timestamp, data) values (?, 1, ?)", (SESSION, WORDS))
    rasa.close()
    log = TurnLog(url)
    log.check()
    log_engine, engine = engine_for(url), engine_for(f"sqlite:///{tmp_path}/c-review.sqlite")
    migrate(engine)
    filled = {table for table, _ in of_residents()}
    for table in tables():
        if table.name in filled:
            fill(log_engine if table.metadata is Conversations.metadata else engine, table)
    Spool.of(url).append(Spooled("turn", SESSION, datetime.now(timezone.utc), {"id": TURN, "question": WORDS}))
    assert (
        len(filled) == 8
        and WORDS.encode() in (tmp_path / "c.spool").read_bytes()
        and WORDS.encode() in _bytes(tmp_path)
    )

    log.erase_session(SESSION)
    TriageReader.forget_erased(_reader(log_engine, engine))
    assert log.tidy()
    for each in (log_engine, engine):
        with each.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        each.dispose()
    log.close()
    left = _bytes(tmp_path)
    assert WORDS.encode() not in left and TURN.encode() not in left
    with sqlite3.connect(tmp_path / "c.sqlite") as database:
        (tombstone,) = database.execute("select session from erased_session").fetchall()
        assert tombstone == (SESSION,)
    database.close()


def _reader(log: Engine, review: Engine) -> Any:
    reader = TriageReader.__new__(TriageReader)  # what it forgets needs no vocabulary
    reader.log, reader.review = log, review
    return reader


def _bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())
