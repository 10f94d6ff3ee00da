"""The console's tables: what Alembic makes is what the models say, on SQLite and on PostgreSQL; all of it works on both."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DatabaseError

from conversations.database import Database, engine_for
from conversations.migrations import bring_up_to_date
from conversations.turn_log import TurnLog
from danger.published import PUBLISHED as REPLIES
from knowledge.published.progress import PUBLISHED
from knowledge.published.tables import CORRECTIONS
from review.__main__ import main
from review.accounts.audit import Actor, write_audit
from review.database.engine import VERSION_TABLE, migrate, prepare, reading, transaction
from review.database.tables import Base
from review.errors import SettingError
from review.inbox.filters import Filters
from review.inbox.listing import add_search_index, find_page
from review.reports.figures import Period, figures_of
from review.triage.reader import VERY_LATE, TriageReader
from tests.review.turns import NOON, turn
from tests.services import Postgres, postgres


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """A PostgreSQL server of its own."""
    with postgres() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database with the log's tables and the console's."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/review.sqlite"
    else:
        url = request.getfixturevalue("server").new_database()
    made = engine_for(url)
    bring_up_to_date(made)
    migrate(made)
    yield made
    made.dispose()


def test_migrations_and_models_agree(engine: Engine) -> None:
    """Nothing is left to add or to drop, the tables that residents' answers read included."""
    own = {*Base.metadata.tables, PUBLISHED.name, CORRECTIONS.name, REPLIES.name}
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "version_table": VERSION_TABLE,
                "include_object": lambda _o, name, kind, _r, _c: kind != "table" or name in own,
            },
        )
        assert (
            compare_metadata(context, [Base.metadata, PUBLISHED.metadata, CORRECTIONS.metadata, REPLIES.metadata]) == []
        )


def test_nobody_rewrites_the_audit_log(engine: Engine) -> None:
    """UPDATE and DELETE fail in the database itself; reading goes on."""
    with transaction(engine) as session:
        write_audit(session, Actor(1, "王芳"), "turn.done", "turn:a-1", {"status": "new"}, {"status": "done"})
    for statement in ("UPDATE review_audit SET account = 'x'", "DELETE FROM review_audit"):
        with pytest.raises(DatabaseError, match="append-only"), transaction(engine) as session:
            session.execute(text(statement))
    with reading(engine) as session:
        assert session.scalar(text("SELECT account FROM review_audit")) == "王芳"


@pytest.mark.slow  # the built knowledge
def test_the_inbox_and_the_counts_work_on_both(engine: Engine) -> None:
    """Reading the log, a late turn included, filtering, searching, counting: once each, whoever reads when."""
    url = engine.url.render_as_string(hide_password=False)
    log, database = TurnLog(url), Database(url)
    add_search_index(engine)
    for number in (1, 3):
        log.record(turn(number, f"问题{number}", "not_in_plan", answerable=0.5))
    reader = TriageReader(engine, engine)
    assert reader.read_all() == 2
    log.record(turn(2, "来晚了的问题"))
    assert reader.read_all() == 1
    assert reader.read_all() == 0
    log.record(turn(4, "很晚才到", "chat", asked_at=NOON - timedelta(hours=5)))
    assert reader.read_on() == 0
    assert reader.read_on(VERY_LATE) == 1
    with reading(engine) as session:
        assert [i.question for i in find_page(session, database, Filters()).items] == [
            "问题3",
            "问题1",
            "来晚了的问题",
            "很晚才到",
        ]
        assert [i.question for i in find_page(session, database, Filters(text="来晚")).items] == ["来晚了的问题"]
        day = NOON.date()
        assert figures_of(session, Period(day, day)).turns == 4
    log.close()
    database.close()


def test_a_shared_database_is_migrated_by_command_only(server: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    """The console refuses to start on an old schema and says which command mends it."""
    url = server.new_database()
    engine = engine_for(url)
    with pytest.raises(SettingError, match="review migrate"):
        prepare(engine)
    monkeypatch.setenv("REVIEW_URL", url)
    assert main(["migrate"]) == 0
    prepare(engine)
    engine.dispose()
