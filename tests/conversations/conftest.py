"""A database of its own for each test, and a tracker store beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conversations.database import engine_for
from conversations.migrations import bring_up_to_date
from conversations.turn_log import TurnLog
from tests.services import Postgres, postgres

EVERY_DATABASE = pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(autouse=True)
def tracker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where Rasa's tracker would be: never this installation's."""
    monkeypatch.setenv("TRACKER_DB", str(tmp_path / "tracker.sqlite"))
    monkeypatch.delenv("TRACKER_URL", raising=False)
    return tmp_path / "tracker.sqlite"


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    """One PostgreSQL server for all tests."""
    with postgres() as running:
        yield running


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The log's address: an SQLite file that is not there yet, or a migrated PostgreSQL database."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return f"sqlite:///{tmp_path}/conversations.sqlite"
    url: str = request.getfixturevalue("server").new_database()
    engine = engine_for(url)
    bring_up_to_date(engine)
    engine.dispose()
    return url


@pytest.fixture
def stored(url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[], bytes]:
    """All that the log holds: the bytes of its files, or the database as PostgreSQL dumps it."""
    if url.startswith("sqlite"):
        return lambda: b"".join(path.read_bytes() for path in tmp_path.glob("conversations.sqlite*"))
    server: Postgres = request.getfixturevalue("server")
    return lambda: server.dump(url)


@pytest.fixture
def log(url: str) -> Iterator[TurnLog]:
    """An empty log."""
    log = TurnLog(url)
    yield log
    log.close()
