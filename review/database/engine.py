"""The connection to the console's tables, and bringing them up to date."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from conversations.database import engine_for
from review.database.migrating import VERSION_TABLE, migrate, prepare
from review.database.moving import move_out

__all__ = ["VERSION_TABLE", "connected", "engine_for", "migrate", "opened", "prepare", "reading", "transaction"]


class TablesPlace(Protocol):
    """Where the console's tables are, and where they were before; the settings say so."""

    @property
    def url(self) -> str:
        """Where they are."""

    @property
    def moved_from(self) -> str:
        """Where an earlier version had them; "" nowhere else."""


def opened(place: TablesPlace, ready: Callable[[Engine], None] = prepare) -> Engine:
    """The connections to the console's tables, moved here if an earlier version left them elsewhere; `ready` sees to their schema.

    Raises `SettingError`.
    """
    if place.moved_from:
        move_out(place.moved_from, place.url)
    engine = engine_for(place.url)
    try:
        ready(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def connected(place: TablesPlace, ready: Callable[[Engine], None] = prepare) -> Iterator[Engine]:
    """A command's connections, given back at its end."""
    engine = opened(place, ready)
    try:
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
