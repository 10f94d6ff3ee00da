"""The console's tables move from the log's file to their own: once, with all that is in them, whatever ends it halfway."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, OperationalError

from conversations.database import engine_for
from conversations.migrations import bring_up_to_date
from knowledge.published.progress import PublishedProgress
from review.database import moving
from review.database.engine import connected, migrate, reading, transaction
from review.database.migrating import VERSION_TABLE, migrate_to
from review.database.moving import move_out
from review.database.people import AccountRow
from review.errors import SettingError
from settings.review import beside_the_log
from tests.filling import EARLY, fill

COMMITMENT = "1·commitment_id·文字"  # the first that `fill` writes
KILLED_AT = 8  # moments, besides the first and the last of what changes the files


@dataclass
class Place:
    """An installation's two addresses."""

    url: str
    moved_from: str


def place_in(folder: Path) -> Place:
    """The default ones."""
    log_url = f"sqlite:///{folder}/conversations.sqlite"
    return Place(beside_the_log(log_url), log_url)


@pytest.fixture(scope="module", params=["0006", "head"])
def before(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an earlier version: one file, both schemas, rows everywhere."""
    folder = tmp_path_factory.mktemp("before")
    engine = engine_for(place_in(folder).moved_from)
    bring_up_to_date(engine)
    migrate_to(engine, request.param)
    fill(engine)
    engine.dispose()
    return folder


@pytest.fixture
def place(before: Path, tmp_path: Path) -> Iterator[Place]:
    """A copy of it for the test."""
    shutil.copytree(before, tmp_path, dirs_exist_ok=True)
    yield place_in(tmp_path)


Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def rows_at(url: str) -> Rows:
    """All that a file holds, as it is stored."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        connection.row_factory = sqlite3.Row
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {name: sorted(map(dict, connection.execute(f"SELECT * FROM {name}")), key=repr) for (name,) in tables}


def of_console(rows: Rows) -> Rows:
    """The console's tables."""
    return {name: found for name, found in rows.items() if name.startswith(("review_", "published_"))}


def of_log(rows: Rows) -> Rows:
    """The log's."""
    return {name: found for name, found in rows.items() if name not in of_console(rows) and name != VERSION_TABLE}


def test_everything_moves_once_and_nothing_stays(place: Place) -> None:
    """The same rows at the same version, triggers and indexes with them; the log's tables as they were; a second start does nothing."""
    before, said = rows_at(place.moved_from), list[str]()
    assert len(of_console(before)) > 10
    move_out(place.moved_from, place.url, said.append)
    after, own = rows_at(place.moved_from), rows_at(place.url)
    assert of_console(own) == of_console(before) and own[VERSION_TABLE] == before[VERSION_TABLE]
    assert after == of_log(before)
    engine = engine_for(place.url)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        assert connection.exec_driver_sql("PRAGMA integrity_check").all() == [("ok",)]
    with pytest.raises(DatabaseError, match="append-only"), transaction(engine) as session:
        session.execute(text("DELETE FROM review_audit"))
    engine.dispose()
    assert len(said) == 2
    move_out(place.moved_from, place.url, said.append)
    assert len(said) == 2 and rows_at(place.url) == own
    assert sorted(path.suffix for path in Path(engine.url.database).parent.iterdir()) == [".sqlite", ".sqlite"]


def test_a_command_moves_migrates_and_works_on(place: Place) -> None:
    """As the console starts: the file of its own is at this version, and is written."""
    with connected(place, migrate) as engine, transaction(engine) as session:
        session.add(AccountRow(name="新来的", role="viewer", created_at=EARLY))
    with connected(place) as engine, reading(engine) as session:
        assert {row.name for row in session.query(AccountRow)} >= {"新来的", "1·name·文字"}


@pytest.mark.slow  # some twenty processes that are killed
@pytest.mark.parametrize("before", ["0006"], indirect=True)
def test_killed_at_any_moment_it_is_complete_after_the_next_start(before: Path, tmp_path: Path) -> None:
    """Before each kind of statement and at moments between: residents keep what is published, and no row is lost."""
    whole = place_in(shutil.copytree(before, tmp_path / "whole"))
    rows, published = rows_at(whole.moved_from), _progress(whole)
    assert published is not None
    statements = _traced(lambda: move_out(whole.moved_from, whole.url, lambda _: None))
    for moment in _moments(statements):
        cut = place_in(shutil.copytree(before, tmp_path / str(moment)))
        _killed_before(moment, cut)
        assert _progress(cut) == published, statements[moment]
        move_out(cut.moved_from, cut.url, lambda _: None)
        assert of_console(rows_at(cut.url)) == of_console(rows), statements[moment]
        assert rows_at(cut.moved_from) == of_log(rows), statements[moment]
        assert _progress(cut) == published
        shutil.rmtree(tmp_path / str(moment))


def test_an_older_version_that_runs_meanwhile_cannot_write_what_would_be_lost(place: Place) -> None:
    """From the first step on its tables are not there under their names: its changes fail, and are not forgotten later."""
    older = engine_for(place.moved_from)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(moving, "_copy", _full_disk)
        with pytest.raises(SettingError, match="再启动一次"):
            move_out(place.moved_from, place.url, lambda _: None)
    with pytest.raises(OperationalError, match="no such table"), older.begin() as connection:
        connection.exec_driver_sql("UPDATE review_account SET full_name = 'lost'")
    older.dispose()
    move_out(place.moved_from, place.url, lambda _: None)
    assert {row["full_name"] for row in rows_at(place.url)["review_account"]} == {
        f"{n}·full_name·文字" for n in (1, 2, 3)
    }


def test_two_sets_of_tables_are_a_persons_to_decide(place: Place) -> None:
    """An older version that ran in between made tables anew in the log's file: neither set is thrown away."""
    move_out(place.moved_from, place.url, lambda _: None)
    engine = engine_for(place.moved_from)
    migrate(engine)
    engine.dispose()
    before = rows_at(place.url), rows_at(place.moved_from)
    with pytest.raises(SettingError, match="REVIEW_URL"):
        move_out(place.moved_from, place.url)
    assert (rows_at(place.url), rows_at(place.moved_from)) == before


def test_processes_that_start_at_once_move_once(place: Place) -> None:
    """The console and its commands: the second waits, and finds it done."""
    before, failed = of_console(rows_at(place.moved_from)), list[BaseException]()

    def start() -> None:
        try:
            move_out(place.moved_from, place.url, lambda _: None)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == [] and of_console(rows_at(place.url)) == before


def test_a_new_installation_and_a_server_move_nothing(tmp_path: Path) -> None:
    """There is nothing, or it stays where it is."""
    new = place_in(tmp_path)
    move_out(new.moved_from, new.url)
    assert list(tmp_path.iterdir()) == []
    server = "postgresql+psycopg2://127.0.0.1:1/none"
    assert beside_the_log(server) == server
    move_out(server, server)


def _full_disk(*_: object) -> None:
    raise OSError("No space left on device")


def _progress(place: Place) -> object:
    """What residents' answers read now."""
    board = PublishedProgress(place.url, moved_from=place.moved_from)
    try:
        return board.current().get(COMMITMENT)
    finally:
        board.close()


def _traced(work: Callable[[], None], on: Callable[[str], None] = lambda _: None) -> Sequence[str]:
    """The statements that `work` gives SQLite; `on` is told each before it runs."""
    statements, connect = list[str](), sqlite3.connect

    def note(statement: str) -> None:
        on(statement)
        statements.append(statement)

    def watched(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*arguments, **options)
        connection.set_trace_callback(note)
        return connection

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sqlite3, "connect", watched)
        patched.setattr(sqlite3.dbapi2, "connect", watched)
        patched.setattr(moving, "PIECE", 2)
        work()
    return statements


def _moments(statements: Sequence[str]) -> Sequence[int]:
    """Where to kill: before the first and the last of each kind that changes a file or joins two, and evenly between."""
    kinds = [statement.split()[0] for statement in statements]
    steps = ("ALTER", "COMMIT", "ATTACH", "DETACH", "INSERT", "DROP", "DELETE")
    first = [kinds.index(kind) for kind in steps]
    last = [len(kinds) - 1 - kinds[::-1].index(kind) for kind in steps]
    return sorted({*first, *last, *range(0, len(kinds), len(kinds) // KILLED_AT)})


def _killed_before(moment: int, place: Place) -> None:
    """A process that moves is killed before its statement of that number."""
    child = os.fork()
    if child == 0:
        left = [moment]

        def count(_statement: str) -> None:
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)

        _traced(lambda: move_out(place.moved_from, place.url, lambda _: None), count)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def test_what_is_no_database_is_said(tmp_path: Path) -> None:
    """A damaged log is named with what to do, and stays as it is."""
    new = place_in(tmp_path)
    Path(tmp_path / "conversations.sqlite").write_bytes(b"no database " * 200)
    with pytest.raises(SettingError, match="再启动一次"):
        move_out(new.moved_from, new.url)
