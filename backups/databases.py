"""Databases as of one moment, while others write: SQLite's online backup, PostgreSQL's `pg_dump`; and putting them back."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine.url import make_url

from backups.errors import BackupError
from backups.manifest import SQLITE, KeptDatabase
from backups.parts import Store

VERSION_TABLES = ("alembic_version", "alembic_version_review")
PAGES = 2048  # 8 MB of a usual file at a time: what the progress is told by
_AS_OURS = ("--schema=public", "--no-owner", "--no-privileges")
ASIDE = "before_restore_"  # schemas of PostgreSQL that hold what was there before


def copies(stores: Sequence[Store], folder: Path, say: Callable[[str], None]) -> dict[str, KeptDatabase]:
    """A copy of each database in a folder, under its path in the archive. Nobody who writes is kept waiting.

    All SQLite files are held at their moments, one right after another, before the first is copied.
    """
    done: dict[str, KeptDatabase] = {}
    with ExitStack() as held:
        there = [store for store in stores if store.kind == SQLITE and store.file.exists()]
        sources = {store: held.enter_context(closing(_at_this_moment(store.file))) for store in there}
        for store, source in sources.items():
            _copy(source, folder / store.path, partial(_tell, say, store.name))
            done[store.name] = KeptDatabase(SQLITE, revisions_of_file(folder / store.path))
    for store in stores:
        if store.kind != SQLITE:
            say(f"pg_dump {store.name}")
            _run("pg_dump", store.url, "--format=custom", f"--exclude-schema={ASIDE}*", f"--file={folder / store.path}")
            done[store.name] = KeptDatabase(store.kind, _revisions_on_server(store.url))
    return done


def _tell(say: Callable[[str], None], name: str, left: int, pages: int) -> None:
    say(f"{name} {1 - left / max(pages, 1):.0%}")


def _at_this_moment(file: Path) -> sqlite3.Connection:
    """What is read over it stays as it is now; in a write-ahead log that keeps nobody from writing."""
    connection = sqlite3.connect(file, timeout=30, isolation_level=None)
    connection.execute("BEGIN")
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return connection


def _copy(source: sqlite3.Connection, path: Path, progress: Callable[[int, int], None]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as copy:
        source.backup(copy, pages=PAGES, progress=lambda _status, left, all_: progress(left, all_))
        copy.execute("PRAGMA journal_mode=DELETE")  # all in one file
    check_file(path)


def check_file(path: Path) -> None:
    """Raises `BackupError` for a file that SQLite finds damaged."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        raise BackupError(f"{path.name}: 数据库已损坏（{found}）/ the database is damaged")


def revisions_of_file(path: Path) -> Mapping[str, str]:
    """Version table → revision, of an SQLite file."""
    with closing(sqlite3.connect(path)) as connection:
        named = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        found = {}
        for table in VERSION_TABLES:
            if table in named:
                for (revision,) in connection.execute(f"SELECT version_num FROM {table}"):  # noqa: S608
                    found[table] = revision
        return found


def _revisions_on_server(url: str) -> Mapping[str, str]:
    engine = create_engine(url, future=True, hide_parameters=True)
    try:
        with engine.connect() as connection:
            named = set(inspect(connection).get_table_names())
            return {
                table: str(connection.scalar(text(f"SELECT version_num FROM {table}")))  # noqa: S608
                for table in VERSION_TABLES
                if table in named
            }
    finally:
        engine.dispose()


def is_used(store: Store) -> bool:
    """Whether another process has it open."""
    if store.kind == SQLITE:
        return store.file.exists() and _file_is_open(store.file)
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    return bool(_asked(store.url, others))


def _file_is_open(file: Path) -> bool:
    try:
        with closing(sqlite3.connect(file, timeout=0.2, isolation_level=None)) as connection:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return True
    except sqlite3.DatabaseError:
        return False  # damaged: nobody works with it
    return False


def holds_data(store: Store) -> bool:
    """Whether there is anything at its place."""
    if store.kind == SQLITE:
        return store.file.exists()
    return bool(_asked(store.url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))


def put_back(store: Store, copy: Path, aside: Path, stamp: str) -> None:
    """A copy takes the database's place; what was there goes aside: a file into the folder, tables into a schema of their own."""
    if store.kind == SQLITE:
        put_file(copy, store.file, aside / store.path)
        return
    before = f"{ASIDE}{stamp.replace('-', '_')}" if holds_data(store) else ""
    if before:
        _done(store.url, f"ALTER SCHEMA public RENAME TO {before}", "CREATE SCHEMA public")
    try:
        _run("pg_restore", store.url, *_AS_OURS, "--single-transaction", "--exit-on-error", str(copy))
    except BackupError:
        if before:
            _done(store.url, "DROP SCHEMA public CASCADE", f"ALTER SCHEMA {before} RENAME TO public")
        raise


def put_file(new: Path, place: Path, aside: Path) -> None:
    """A file takes a place; what was there goes aside."""
    set_aside(place, aside)
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f"{place.name}.part")
    shutil.move(new, part)  # may be another file system
    part.chmod(0o600)
    part.replace(place)


def set_aside(place: Path, aside: Path) -> None:
    """A file goes aside with what SQLite has beside it."""
    for end in ("", "-wal", "-shm", "-journal"):
        there = place.with_name(place.name + end)
        if there.exists():
            aside.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(there, aside.with_name(aside.name + end))


def _asked(url: str, query: str) -> int:
    engine = create_engine(url, future=True, hide_parameters=True)
    try:
        with engine.connect() as connection:
            return int(connection.scalar(text(query)) or 0)
    finally:
        engine.dispose()


def _done(url: str, *statements: str) -> None:
    engine = create_engine(url, future=True, hide_parameters=True)
    try:
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))
    finally:
        engine.dispose()


def _run(program: str, url: str, *arguments: str) -> None:
    """One of PostgreSQL's programs, which gets the password by its environment: others see arguments."""
    at = make_url(url)
    given = {"PGHOST": at.host, "PGPORT": at.port, "PGUSER": at.username, "PGPASSWORD": at.password}
    given |= {"PGDATABASE": at.database, "PGSSLMODE": at.query.get("sslmode")}
    environment = {**os.environ, **{name: str(value) for name, value in given.items() if value}}
    into = ("--dbname", str(at.database)) if program == "pg_restore" else ()
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments
            [program, "--no-password", *into, *arguments], env=environment, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise BackupError(
            f"没有 {program} — 装上 PostgreSQL 的客户端（postgresql-client）/ install PostgreSQL's client programs"
        ) from None
    if done.returncode:
        raise BackupError(f"{program}: {done.stderr.strip()}")
