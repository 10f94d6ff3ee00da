"""Whatever version an installation comes from: its databases reach this one with all that was in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Engine

import conversations.migrations
import review.migrations
from conversations.database import engine_for
from review.database.migrating import VERSION_TABLE
from tests.filling import fill, rows_of
from tests.services import Postgres, postgres

SCRIPTS = {"log": conversations.migrations, "console": review.migrations}
Row = Mapping[str, Any]


def _config(schema: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(next(iter(SCRIPTS[schema].__path__)))))
    return config


def _revisions(schema: str) -> Sequence[str]:
    walked = ScriptDirectory.from_config(_config(schema)).walk_revisions()
    return [script.revision for script in walked][::-1]


EVERY = [(schema, revision) for schema in SCRIPTS for revision in _revisions(schema)]


def _upgrade(engine: Engine, schema: str, revision: str) -> None:
    config = _config(schema)
    with engine.execution_options(sqlite_writes=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """A PostgreSQL server of its own."""
    with postgres() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database."""
    of_file = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/old.sqlite" if of_file else request.getfixturevalue("server").new_database()
    made = engine_for(url)
    yield made
    made.dispose()


@pytest.mark.parametrize(("schema", "revision"), EVERY)
def test_what_was_there_is_there_after_the_upgrade(engine: Engine, schema: str, revision: str) -> None:
    """Each table of the earlier version, with rows in it; what is not kept as it was is named below."""
    _upgrade(engine, schema, revision)
    fill(engine)
    before = rows_of(engine)
    assert len(before) > 1
    _upgrade(engine, schema, "head")
    after = rows_of(engine)
    for table in before.keys() - {VERSION_TABLE, "alembic_version"}:
        if table in ("review_latency_count", "review_version_latency"):
            _are_counted_anew(before[table], after["review_latency"])
        else:
            assert _as_before(table, before[table][0].keys(), after[table]) == before[table], table


def _as_before(table: str, columns: Iterable[str], rows: Sequence[Row]) -> Sequence[Row]:
    """Rows of now with the columns of before, without what a migration adds."""
    kept = [row for row in rows if table != "review_state" or row["key"] != "latency_exact_from"]  # added by 0013
    return sorted(({name: row[name] for name in columns} for row in kept), key=repr)


def _are_counted_anew(before: Sequence[Row], now: Sequence[Row]) -> None:
    """0013: counts by edges became counts by milliseconds; every turn is still counted, on its day."""
    for day in {row["day"] for row in before}:
        assert sum(row["turns"] for row in now if row["day"] == day) == sum(
            row["turns"] for row in before if row["day"] == day
        )
