"""The schema of the console's tables, step by step (Alembic, `review/migrations/`)."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.engine import Connection, Engine

from review.errors import SettingError

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
VERSION_TABLE = "alembic_version_review"  # the log has a version table of its own, on a server in the same database
_LOCK = 50_80_2025  # any number, the same in every process: PostgreSQL's name of the migration lock


def prepare(engine: Engine) -> None:
    """Bring an SQLite file to this version's schema; another database is migrated by a person.

    Raises `SettingError` where that was not done.
    """
    if engine.dialect.name == "sqlite":
        migrate(engine)
        return
    with engine.connect() as connection:
        found, wanted = revision_of(connection), newest()
    if found != wanted:
        raise SettingError(
            f"{engine.url!r}: 审核台的表是 {found or '空的'}，这个版本要 {wanted} — 运行 python -m review migrate"
        )


def migrate(engine: Engine) -> None:
    """Bring the console's tables to the newest version in one transaction; does nothing when they are."""
    with engine.connect() as connection:
        if revision_of(connection) == newest():
            return  # without keeping others from writing meanwhile
    migrate_to(engine, "head")


def migrate_to(engine: Engine, revision: str) -> None:
    """Bring the console's tables up to a version, in one transaction."""
    with engine.execution_options(sqlite_writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def newest() -> str:
    """The revision that this version of the program expects."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def revision_of(connection: Connection) -> str | None:
    """The revision that the console's tables are at; None where there are none."""
    return MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
