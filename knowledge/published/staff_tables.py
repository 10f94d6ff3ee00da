"""Reading the tables that staff write, as a guest: nothing is made there, and an answer never fails because of them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import create_engine
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

logger = logging.getLogger(__name__)
T = TypeVar("T")


class StaffDatabase:
    """The database behind an SQLAlchemy URL. Safe to share between threads.

    `moved_from`: where the tables are as long as a file at `url` is not there yet. The console moves them in one step
    while we run (docs/decisions/0038).
    """

    def __init__(self, url: str, moved_from: str = "") -> None:
        self._engines = [
            create_engine(each, future=True, hide_parameters=True) for each in dict.fromkeys((url, moved_from)) if each
        ]

    def read_or_keep(self, read: Callable[[Connection], T], *, nothing: T, last: T) -> T:
        """What `read` finds; `nothing` where there is no database yet, `last` while it cannot be read."""
        engine = next(filter(_is_there, self._engines), None)
        if engine is None:
            return nothing
        try:
            with engine.connect() as connection:
                return read(connection)
        except SQLAlchemyError as error:
            logger.debug("what staff published cannot be read: %s", error)  # a console that never ran has no table
            return last  # a database that is busy for a moment takes nothing back

    def close(self) -> None:
        """Give the connections back."""
        for engine in self._engines:
            engine.dispose()


def _is_there(engine: Engine) -> bool:
    """Connecting to an SQLite file that is not there would make an empty one."""
    return engine.dialect.name != "sqlite" or Path(engine.url.database or "").exists()
