"""The console's tables leave the log's file for a file of their own, once (docs/decisions/0038).

Killed at any moment and started again, it goes on where it was: each step leaves a state that `_left_to_do` reads off the
two files.

1. In the log's file the tables are set aside under other names: from then on nobody can write to them, an older version
   of the console neither. What residents' answers read keeps its name, so that nothing is taken back meanwhile.
2. They are copied, in the schema that they have, into a file `….part`, which takes its place when it is whole.
3. What is left in the log's file goes piece by piece, so that the bot never waits long for its turn to write.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy.engine.url import make_url

from conversations.database import engine_for
from review.database.migrating import VERSION_TABLE, migrate_to
from review.errors import SettingError

ASIDE = "moved_"  # before the name of a table that has been set aside
OWN, PUBLISHED = "review_", "published_"
PIECE = 500  # rows deleted in one transaction, for which the bot may have to wait: as many as triage places in one
BESIDE = ("-wal", "-shm", "-journal")


def move_out(moved_from: str, url: str, say: Callable[[str], None] = print) -> None:
    """Move the console's tables from the log's file to their own, if they stand there. Several processes may ask at once.

    Raises `SettingError` where both files have such tables: nobody but a person knows which count.
    """
    log, own = _file_of(moved_from), _file_of(url)
    if log is None or own is None or log == own or not log.exists():
        return
    try:
        if _left_to_do(log):
            with _alone(own):
                _move(log, own, say)
    except (sqlite3.Error, OSError) as error:
        raise SettingError(
            f"{own}: 审核台的表没有搬完（{error}）— 看看磁盘空间和权限，再启动一次就接着搬；什么也没有丢"
            " / the move did not end: look at disk and permissions and start again, nothing is lost"
        ) from error


def _move(log: Path, own: Path, say: Callable[[str], None]) -> None:
    with closing(_opened(log)) as connection:
        names = _tables(connection)
        if VERSION_TABLE in names:
            _refuse_two(log, own)
            _set_aside(connection)
        elif ASIDE + VERSION_TABLE not in names:
            return  # another process has just done it
        if not _has_tables(own):
            say(f"审核台的表搬到自己的文件 {own}… / the console's tables move to a file of their own")
            _copy(connection, log, own)
        _clear(connection)
        say(f"搬好了 / moved: {own}")


def _left_to_do(log: Path) -> bool:
    with closing(_opened(log)) as connection:
        names = _tables(connection)
    return VERSION_TABLE in names or ASIDE + VERSION_TABLE in names


def _refuse_two(log: Path, own: Path) -> None:
    if _has_tables(own):
        raise SettingError(
            f"{log} 和 {own} 里都有审核台的表（中间用过旧版本？）— 设 REVIEW_URL 为其中一个，"
            f"或把不要的那个文件移走 / both files have the console's tables: set REVIEW_URL to one of them"
        )


def _set_aside(connection: sqlite3.Connection) -> None:
    """All at once, and only names change: it takes no time, however much there is."""
    with _writing(connection):
        for name in _tables(connection):
            if name.startswith(OWN) or name == VERSION_TABLE:
                connection.execute(f'ALTER TABLE "{name}" RENAME TO "{ASIDE}{name}"')


def _copy(connection: sqlite3.Connection, log: Path, own: Path) -> None:
    part = own.with_name(f"{own.name}.part")
    _remove(part)
    (revision,) = connection.execute(f'SELECT version_num FROM "{ASIDE}{VERSION_TABLE}"').fetchone()  # noqa: S608
    _make_tables(part, revision)
    with closing(_opened(part)) as copy:
        copy.execute("PRAGMA synchronous=OFF")  # the file counts from its renaming on, and is written out before
        copy.execute("PRAGMA foreign_keys=OFF")
        copy.execute("ATTACH ? AS log", (str(log),))
        for name in sorted(_tables(copy) - {VERSION_TABLE}):
            _copy_table(copy, name, name if name.startswith(PUBLISHED) else ASIDE + name)
        copy.execute("DETACH log")
        copy.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    _put_in_place(part, own)


def _make_tables(part: Path, revision: str) -> None:
    engine = engine_for(f"sqlite:///{part}")
    try:
        migrate_to(engine, revision)
    finally:
        engine.dispose()


def _copy_table(copy: sqlite3.Connection, name: str, source: str) -> None:
    """Rows in, then the indexes: so they are written in order, several times faster."""
    indexes = copy.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = ?", (name,)
    ).fetchall()
    columns = ", ".join(f'"{column}"' for column in _columns(copy, f'log."{source}"'))
    with _writing(copy):
        for index, _ in indexes:
            copy.execute(f'DROP INDEX "{index}"')
        copy.execute(f'INSERT INTO main."{name}" ({columns}) SELECT {columns} FROM log."{source}"')  # noqa: S608
        for _, sql in indexes:
            copy.execute(sql)


def _put_in_place(part: Path, own: Path) -> None:
    for path in (part, part.parent):
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
    for end in BESIDE:
        own.with_name(own.name + end).unlink(missing_ok=True)
    part.replace(own)


def _clear(connection: sqlite3.Connection) -> None:
    """The version table goes last: as long as it is there, something may be left."""
    names = _tables(connection)
    theirs = [name for name in names if name.startswith((PUBLISHED, ASIDE + OWN))]
    for name in [*sorted(theirs), ASIDE + VERSION_TABLE]:
        for kind in ("trigger", "index"):
            for made in _made_on(connection, kind, name):
                connection.execute(f'DROP {kind} "{made}"')
        piece = f'DELETE FROM "{name}" WHERE rowid IN (SELECT rowid FROM "{name}" LIMIT {PIECE})'  # noqa: S608
        while connection.execute(piece).rowcount:
            pass
        connection.execute(f'DROP TABLE "{name}"')
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _made_on(connection: sqlite3.Connection, kind: str, table: str) -> Sequence[str]:
    found = "SELECT name FROM sqlite_master WHERE type = ? AND tbl_name = ? AND sql IS NOT NULL"
    return [name for (name,) in connection.execute(found, (kind, table))]


def _columns(connection: sqlite3.Connection, table: str) -> Sequence[str]:
    return [name for name, *_ in connection.execute(f"SELECT * FROM {table} LIMIT 0").description]  # noqa: S608


def _tables(connection: sqlite3.Connection) -> set[str]:
    """Those of the console, wherever they stand."""
    names = {name for (name,) in connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")}
    ours = (OWN, PUBLISHED, ASIDE)
    return {name for name in names if name.startswith(ours) or name == VERSION_TABLE}


def _has_tables(path: Path) -> bool:
    if not path.exists():
        return False
    with closing(_opened(path)) as connection:
        return VERSION_TABLE in _tables(connection)


def _opened(path: Path) -> sqlite3.Connection:
    """As `conversations.database` opens it, each statement its own transaction."""
    connection = sqlite3.connect(path, timeout=30, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA foreign_keys=OFF")  # tables go one after another
    connection.execute("PRAGMA secure_delete=ON")
    return connection


@contextmanager
def _writing(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


@contextmanager
def _alone(own: Path) -> Iterator[None]:
    """While no other process moves; who comes later finds it done."""
    own.parent.mkdir(parents=True, exist_ok=True)
    path = own.with_name(f"{own.name}.lock")
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
        path.unlink(missing_ok=True)


def _remove(path: Path) -> None:
    for each in (path, *(path.with_name(path.name + end) for end in BESIDE)):
        each.unlink(missing_ok=True)


def _file_of(url: str) -> Path | None:
    """The file of an SQLite URL; None for another database, or for one in memory."""
    if not url.startswith("sqlite"):
        return None
    name = make_url(url).database
    return Path(name) if name and name != ":memory:" else None
