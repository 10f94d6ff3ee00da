"""Reading the tables that staff write, as a guest: nothing is made there, and an answer never fails because of them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

logger = logging.getLogger(__name__)
T = TypeVar("T")


def read_or_keep(engine: Engine, read: Callable[[Connection], T], *, nothing: T, last: T) -> T:
    """What `read` finds; `nothing` where there is no database yet, `last` while it cannot be read."""
    if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").exists():
        return nothing  # connecting would make an empty file
    try:
        with engine.connect() as connection:
            return read(connection)
    except SQLAlchemyError as error:
        logger.debug("what staff published cannot be read: %s", error)  # a console that never ran has no table
        return last  # a database that is busy for a moment takes nothing back
