"""The schema of the log."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from conversations import migrations
from conversations.database import Database, engine_for
from conversations.errors import LogUnavailable
from conversations.migrations import bring_up_to_date
from conversations.models import Base
from conversations.requests import RequestBook
from conversations.turn_log import TurnLog
from tests.conversations.conftest import EVERY_DATABASE
from tests.conversations.turns import turn
from tests.services import Postgres

OLD_TABLE = """create table staff_request (
    reference varchar(32) primary key, kind varchar(16) not null, session varchar(255) not null,
    channel varchar(32) not null, text text not null, about varchar(16) not null, status varchar(16) not null,
    created_at datetime not null)"""


@EVERY_DATABASE
def test_migrations_and_models_agree(url: str) -> None:
    """What Alembic makes is what the models say: nothing is left to add or to drop."""
    database = Database(url)
    database.ensure_ready()
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_an_earlier_version_s_requests_are_kept(url: str, tmp_path: Path) -> None:
    """A file from before the schema was versioned is migrated with what is in it."""
    with sqlite3.connect(tmp_path / "conversations.sqlite") as old:
        old.execute(OLD_TABLE)
        old.execute(
            "insert into staff_request values ('QP1','handoff','s','rest','要人工','','open','2026-01-01 00:00:00')"
        )
    old.close()
    kept = RequestBook(url).open_requests()
    assert [(r.reference, r.text, r.topic) for r in kept] == [("QP1", "要人工", "")]


@EVERY_DATABASE
def test_turns_from_before_danger_and_step_are_kept_and_both_can_be_taken_back(url: str) -> None:
    """Up from 0005 they have no kind of danger and no step; down again only the columns go; up once more, and all works."""
    engine = engine_for(url)
    bring_up_to_date(engine)
    log = TurnLog(url)
    log.record(turn(id="a-new", danger="fire", step="weighed", outcome="danger"))
    _move(engine, "downgrade", "0005")
    with engine.connect() as connection:
        assert not {"danger", "step"} & {column["name"] for column in inspect(connection).get_columns("turn")}
        before = connection.execute(text("SELECT * FROM turn")).mappings().all()
        assert [row["outcome"] for row in before] == ["danger"]
    _move(engine, "upgrade", "head")
    with engine.connect() as connection:
        after = connection.execute(text("SELECT * FROM turn")).mappings().all()
        assert [dict(row) for row in after] == [{**row, "danger": "", "step": None} for row in before]
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    log.record(turn(id="a-next", danger="gas", step="weighed", outcome="danger"))
    assert [(t.danger, t.step) for t in log.history("s-0")] == [("", None), ("gas", "weighed")]
    with pytest.raises(IntegrityError), engine.execution_options(sqlite_writes=True).begin() as connection:
        connection.execute(text("INSERT INTO turn SELECT * FROM turn"))  # the keys and indexes came along
    log.close()
    engine.dispose()


def _move(engine: Engine, direction: str, revision: str) -> None:
    """Migrate to a revision as `bring_up_to_date` migrates to the newest."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with engine.execution_options(sqlite_writes=True).begin() as connection:
        config.attributes["connection"] = connection
        getattr(command, direction)(config, revision)


def test_a_migration_that_fails_changes_nothing(url: str, tmp_path: Path) -> None:
    """All steps or none: the file is as it was, and the next try can succeed."""
    with sqlite3.connect(tmp_path / "conversations.sqlite") as old:
        old.execute("create table turn (x integer)")
    old.close()
    log = TurnLog(url)
    with pytest.raises(LogUnavailable, match="turn"):
        log.record(turn())
    with sqlite3.connect(tmp_path / "conversations.sqlite") as old:
        assert [name for (name,) in old.execute("select name from sqlite_master where type = 'table'")] == ["turn"]
        old.execute("drop table turn")
    old.close()
    assert log.record(turn())


@pytest.mark.slow  # starts processes
def test_several_processes_may_start_at_once(url: str) -> None:
    """All migrate the same new file, none fails, and all can write."""
    program = (
        "import sys; from conversations.turn_log import TurnLog; from tests.conversations.turns import turn;"
        "sys.exit(not TurnLog(sys.argv[1]).record(turn(id=sys.argv[2], message_id=sys.argv[2])))"
    )

    def start(number: int) -> int:
        return subprocess.run([sys.executable, "-c", program, url, f"a-{number}"], timeout=120).returncode

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(start, range(4))) == [0, 0, 0, 0]
    assert len(TurnLog(url).history("s-0")) == 4


@EVERY_DATABASE
def test_threads_write_at_once(log: TurnLog) -> None:
    """Two hundred turns from eight threads, none lost."""
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(log.record, [turn() for _ in range(200)]))
    assert len(log.history("s-0", limit=1000)) == 200


def test_a_shared_database_is_migrated_by_command_only(server: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty one is refused with the command that mends it; two that migrate at once do no harm."""
    monkeypatch.setenv("CONVERSATIONS_URL", server.new_database())
    log = TurnLog()
    with pytest.raises(LogUnavailable, match="conversations migrate"):
        log.record(turn())
    command = [sys.executable, "-m", "conversations", "migrate"]
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda _: subprocess.run(command, timeout=120).returncode, range(2))) == [0, 0]
    assert log.record(turn())
    log.close()
