"""The log's SQL database: one engine an address and process, migrated before first use."""

from __future__ import annotations

import json
import logging
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from conversations.errors import LogConflict, LogUnavailable
from log_records import described
from settings.conversations import CONVERSATIONS_URL, TRACKER_DB, TRACKER_URL
from wire.secret_files import for_owner_only

BUSY_TIMEOUT_MS = 10_000  # how long a writer waits for another process's transaction before it fails
# A server that is gone without a word, its machine or the network with it, is noticed in seconds rather than a quarter
# of an hour; one that only hangs is not: nobody waits for that (`conversations.patience`).
GONE_WITHOUT_A_WORD = {
    **{"connect_timeout": 5, "tcp_user_timeout": 20_000},
    **{"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 2},
}


def conversations_url(url: str | None = None) -> str:
    """`url`, or what the environment sets, or the default."""
    return url or CONVERSATIONS_URL.read()


def tracker_url() -> str:
    """Where Rasa's tracker store keeps its events."""
    return TRACKER_URL.read() or f"sqlite:///{TRACKER_DB.read()}"


# SQLite lets one writer in at a time and whoever polls luckily is next: threads of one process queue up instead.
_turns_to_write: defaultdict[str, threading.RLock] = defaultdict(threading.RLock)


class Database:
    """One database, reached at first use. Safe to share between threads."""

    def __init__(self, url: str | None = None) -> None:
        self.url = conversations_url(url)
        self.engine = engine_for(self.url)
        self._writing = self.engine.execution_options(sqlite_writes=True)
        self._ready = False
        self._lock = threading.Lock()
        self._turn_to_write: AbstractContextManager[Any] = (
            _turns_to_write[self.url] if self.engine.dialect.name == "sqlite" else nullcontext()
        )

    @contextmanager
    def session(self, *, write: bool = False) -> Iterator[Session]:
        """A transaction: committed at the end, rolled back on an exception.

        Raises `LogConflict` where a row with such a key is there already, `LogUnavailable` for other failures.
        """
        self.ensure_ready()
        engine = self._writing if write else self.engine
        try:
            with (
                self._turn_to_write if write else nullcontext(),
                Session(engine, future=True, expire_on_commit=False) as session,
                session.begin(),
            ):
                yield session
        except IntegrityError as error:
            raise LogConflict(f"{self.engine.url!r}: 已有同一条记录（{described(error)}）") from error
        except SQLAlchemyError as error:
            raise LogUnavailable(
                f"{self.engine.url!r}: 会话库读写失败（{described(error)}） — 检查数据库是否在运行、磁盘是否已满"
            ) from error

    def ensure_ready(self) -> None:
        """Bring an SQLite file to this version's schema; check that another database has it. Raises `LogUnavailable`."""
        if self._ready:
            return
        logging.getLogger("alembic").setLevel(logging.WARNING)  # ten lines at each start that say nothing
        from conversations.migrations import bring_up_to_date, check_up_to_date  # Alembic: only where it is needed

        with self._lock:
            if self._ready:
                return
            try:
                if self.engine.dialect.name == "sqlite":
                    bring_up_to_date(self.engine)
                else:
                    check_up_to_date(self.engine)
            except (SQLAlchemyError, OSError) as error:
                raise LogUnavailable(
                    f"{self.engine.url!r}: 会话库打不开（{described(error)}） — 检查地址、权限和数据库是否在运行"
                ) from error
            self._ready = True

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


def engine_for(url: str) -> Engine:
    """An engine in SQLAlchemy's 2.0 style. SQLite: kept connections, write-ahead log, real transactions."""
    if not url.startswith("sqlite"):
        return create_engine(
            *(url,), future=True, hide_parameters=True, pool_pre_ping=True, json_serializer=as_json,
            connect_args=GONE_WITHOUT_A_WORD,
        )  # fmt: skip
    if url.startswith("sqlite:///"):
        file = Path(url.removeprefix("sqlite:///"))
        file.parent.mkdir(parents=True, exist_ok=True)
        for_owner_only(file)  # made by an earlier version, everybody could read it
    pooled = {"check_same_thread": False}  # the pool lends a connection to one thread at a time
    engine = create_engine(
        url, future=True, hide_parameters=True, json_serializer=as_json, poolclass=QueuePool, connect_args=pooled
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def as_json(value: Any) -> str:
    """JSON as the log stores it: readable Chinese, no blanks."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions by itself; `_begin_sqlite` does
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA secure_delete=ON")  # what is deleted is overwritten, not only forgotten


def _begin_sqlite(connection: Any) -> None:
    """A reader that turns writer inside a transaction cannot wait for others (SQLITE_BUSY), so writers say so at once."""
    writes = connection.get_execution_options().get("sqlite_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
