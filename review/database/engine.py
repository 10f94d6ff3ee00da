"""The connection to the console's tables, and bringing them up to date."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from conversations.database import engine_for
from review.errors import SettingError

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
VERSION_TABLE = "alembic_version_review"  # the log has a version table of its own, in the same database
_LOCK = 50_80_2025  # any number, the same in every process: PostgreSQL's name of the migration lock

__all__ = ["connected", "engine_for", "migrate", "prepare", "reading", "transaction"]


def prepare(engine: Engine) -> None:
    """Bring an SQLite file to this version's schema; another database is migrated by a person.

    Raises `SettingError` where that was not done.
    """
    if engine.dialect.name == "sqlite":
        migrate(engine)
        return
    with engine.connect() as connection:
        found, wanted = _revision(connection), _newest()
    if found != wanted:
        raise SettingError(
            f"{engine.url!r}: 审核台的表是 {found or '空的'}，这个版本要 {wanted} — 运行 python -m review migrate"
        )


def migrate(engine: Engine) -> None:
    """Bring the console's tables to the newest version in one transaction; does nothing when they are."""
    with engine.connect() as connection:
        if _revision(connection) == _newest():
            return  # without keeping the bot from writing meanwhile
    with engine.execution_options(sqlite_writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextmanager
def connected(url: str, ready: Callable[[Engine], None] = prepare) -> Iterator[Engine]:
    """A command's connections, given back at its end; `ready` sees to the tables first."""
    engine = engine_for(url)
    try:
        ready(engine)
        yield engine
    finally:
        engine.dispose()


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """A session that writes: its work is kept as a whole, or, after an exception, not at all."""
    with Session(engine.execution_options(sqlite_writes=True), future=True) as session, session.begin():
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that only reads, and waits for nobody who writes."""
    with Session(engine, future=True) as session:
        yield session


def _newest() -> str:
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
