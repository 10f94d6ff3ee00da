"""The schema of the log, step by step (Alembic). A new step is a new file in `versions/`, never a changed one."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.engine import Connection, Engine

from conversations.errors import LogUnavailable

_LOCK = 6_2021_2025  # any number, the same in every process: PostgreSQL's name of the migration lock


@lru_cache(maxsize=1)
def newest() -> str:
    """The revision that this version of the program expects."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def revision_of(connection: Connection) -> str | None:
    """The revision that a database is at; None before the first migration."""
    return MigrationContext.configure(connection).get_current_revision()


def bring_up_to_date(engine: Engine) -> None:
    """Migrate to the newest schema in one transaction. Several processes may do so at once: the later ones wait."""
    with engine.connect() as connection:
        if revision_of(connection) == newest():
            return
    with engine.execution_options(sqlite_writes=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def check_up_to_date(engine: Engine) -> None:
    """Raise `LogUnavailable` unless the schema is this version's: shared databases are migrated by a person."""
    with engine.connect() as connection:
        found = revision_of(connection)
    if found != newest():
        raise LogUnavailable(
            f"{engine.url!r}: 会话库的结构是 {found or '空的'}，这个版本要 {newest()} — 运行 python -m conversations migrate"
        )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config
