"""Every call to the database fails, one after the other: residents are answered, no log line has their words, and every
turn is in the log once afterwards.
"""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.engine.default import DefaultDialect

from bot.channels.turns import TurnTaker
from bot.event_broker import ConversationEventBroker
from bot.tracker_store import TurnTrackerStore
from conversations import database
from conversations.database import Database
from conversations.errors import ConversationsError
from conversations.identity import session_key
from conversations.keeping import PATIENCE_S, TurnKeeper
from conversations.notices import NoticeBoard
from conversations.requests import RequestBook
from conversations.turn_log import TurnLog
from tests.bot.test_turns import Rasa
from tests.test_log_records import written

__all__ = ["written"]  # a fixture
SAID, VOTED, PHONE = "蜀葵托班还有名额吗", "蜀葵不是我问的", "13812345678"
logger = logging.getLogger(__name__)


class Failing:
    """Raises at the `nth` statement, as a driver does: with all that the statement was given in its message."""

    def __init__(self, nth: int, kind: type[sqlite3.Error]) -> None:
        self.nth, self.kind, self.calls = nth, kind, 0

    def __call__(self, _cursor: Any, statement: str, parameters: Any, _context: Any) -> None:
        self.calls += 1
        if self.calls == self.nth:
            raise self.kind(f"Failing row contains {parameters!r}")


@contextmanager
def failing(nth: int, kind: type[sqlite3.Error]) -> Iterator[Failing]:
    """While it is open, every engine's `nth` statement fails."""
    fail = Failing(nth, kind)
    for name in ("do_execute", "do_executemany"):
        event.listen(Engine, name, fail)
    try:
        yield fail
    finally:
        for name in ("do_execute", "do_executemany"):
            event.remove(Engine, name, fail)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log of this version without a row."""
    path = tmp_path_factory.mktemp("empty") / "c.sqlite"
    database = Database(f"sqlite:///{path}")
    database.ensure_ready()
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


def tolerant(act: Callable[[], Any]) -> None:
    """Do it; a failure of the log is logged, as every caller of ours does."""
    try:
        act()
    except ConversationsError as error:
        logger.exception("it failed: %s", error)


class Numbered(Rasa):
    """One whose answers have an id of their own."""

    async def __call__(self, message: UserMessage) -> None:
        """One turn."""
        self.seen += [message] * 10 * int(str(message.text[0]))
        await super().__call__(message)


async def ask(url: str) -> None:
    """Three questions, one of them in vain, one for a person who is to call back."""
    log, book, board = TurnLog(url), RequestBook(url), NoticeBoard(url)
    broker = ConversationEventBroker(log, book)
    taker = TurnTaker(log, book, board, deadline_s=60)
    for number, rasa in enumerate((Numbered(broker, "handoff"), Numbered(broker, fails=True), Numbered(broker))):
        messages = await taker.take(rasa, f"{number}{SAID}，电话{PHONE}", "s", "web", f"m-{number}")
        assert messages[0]["text"], "the resident gets no answer"
        assert messages[1]["custom"]["outcome"] in ("chat", "handoff", "error"), "the words were taken for others"
    for each in (log, book, board):
        each.close()


def in_the_log(url: str) -> list[tuple[str, str]]:
    """Question and outcome of each turn, and what staff find, after what waited was written."""
    log, book = TurnLog(url), RequestBook(url)
    keeper = TurnKeeper(log, book)
    keeper.write_waiting()
    assert keeper.waiting == 0
    turns = [(turn.question[0], turn.outcome) for turn in log.history(session_key("web", "s"))]
    requests = book.all_requests()
    assert sorted(request.kind for request in requests) == ["failed_question", "handoff"]
    assert [book.contact(request.reference) for request in requests if request.kind == "handoff"] == [PHONE]
    for each in (keeper, log, book):
        each.close()
    return turns


async def live(url: str, folder: Path) -> None:
    """A resident's day: asks, votes, comes back, is forgotten."""
    await ask(url)
    log, book = TurnLog(url), RequestBook(url)
    session = session_key("web", "s")
    tolerant(lambda: log.give_feedback("a-1", "down", VOTED, session=session))
    tolerant(lambda: log.history(session))
    tolerant(lambda: book.contact("QP1"))
    await keep_tracker(session, folder)
    tolerant(lambda: log.erase_session(session))
    for each in (log, book):
        each.close()


async def keep_tracker(session: str, folder: Path) -> None:
    """What Rasa does with a turn; a failure goes to whoever handles the message."""
    try:
        store = TurnTrackerStore(Domain.empty(), dialect="sqlite", db=str(folder / "tracker.sqlite"))
        await store.save(DialogueStateTracker.from_events(session, [UserUttered(SAID)]))
        await store.retrieve(session)
        store.engine.dispose()
    except Exception:
        logger.exception("the tracker failed")


@pytest.fixture
def telling_all() -> Iterator[None]:
    """The bot's loggers leave nothing out; afterwards they do as before."""
    logger = logging.getLogger("bot")
    level = logger.level
    logger.setLevel(logging.DEBUG)
    yield
    logger.setLevel(level)


@pytest.mark.slow  # hundreds of databases
@pytest.mark.parametrize("kind", [sqlite3.DataError])
async def test_no_failing_call_writes_words(
    tmp_path: Path,
    empty: Path,
    written: StringIO,
    watch_loaded: None,
    telling_all: None,
    monkeypatch: pytest.MonkeyPatch,
    kind: type[sqlite3.Error],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nor does anything that is printed; every resident is answered."""
    monkeypatch.setenv("CONVERSATIONS_SECRET", "a secret for this test only")
    nth = 0
    while True:
        nth += 1
        folder = tmp_path / str(nth)
        folder.mkdir()
        shutil.copy(empty, folder / "c.sqlite")
        monkeypatch.setenv("TRACKER_DB", str(folder / "tracker.sqlite"))
        with failing(nth, kind) as fail:
            await live(f"sqlite:///{folder}/c.sqlite", folder)
        shutil.rmtree(folder)
        if fail.calls < nth:
            break
    text = written.getvalue() + "".join(capsys.readouterr())
    assert nth > 40 and text.count("Traceback") > nth / 2, "too little failed"
    for told in ("turn failed", "it is spooled", "the tracker failed", "it failed"):
        assert told in text, told
    for words in (SAID, VOTED, PHONE):
        assert words not in text


ALL_THREE = [("0", "handoff"), ("1", "error"), ("2", "chat")]


@pytest.mark.slow  # dozens of databases
async def test_whichever_call_fails_every_turn_is_in_the_log_once(
    tmp_path: Path, empty: Path, watch_loaded: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the request, with its contact; what the database refuses for good, `tests/conversations/test_spool.py` has."""
    monkeypatch.setenv("CONVERSATIONS_SECRET", "a secret for this test only")
    monkeypatch.setenv("CONVERSATIONS_SPOOL_MB", "1")
    for nth in range(1, 200):
        path = tmp_path / f"{nth}.sqlite"
        shutil.copy(empty, path)
        with failing(nth, sqlite3.OperationalError) as fail:
            await ask(f"sqlite:///{path}")
        assert in_the_log(f"sqlite:///{path}") == ALL_THREE, nth
        if fail.calls < nth:
            break
    assert nth > 15, "too little failed"


@pytest.mark.slow
@pytest.mark.parametrize("reached", [True, False], ids=["done all the same", "not done"])
async def test_a_connection_that_is_cut_at_the_commit(
    tmp_path: Path, empty: Path, watch_loaded: None, monkeypatch: pytest.MonkeyPatch, reached: bool
) -> None:
    """Nobody knows then whether the turn is in the log: it is written again, and there once."""
    monkeypatch.setenv("CONVERSATIONS_SECRET", "a secret for this test only")
    monkeypatch.setenv("CONVERSATIONS_SPOOL_MB", "1")
    commit, calls = DefaultDialect.do_commit, [0]

    def cut(dialect: DefaultDialect, connection: Any) -> None:
        calls[0] += 1
        if calls[0] == nth:
            (commit if reached else DefaultDialect.do_rollback)(dialect, connection)
            raise sqlite3.OperationalError("server closed the connection unexpectedly")
        commit(dialect, connection)

    for nth in range(1, 50):
        path = tmp_path / f"{nth}.sqlite"
        shutil.copy(empty, path)
        calls[0] = 0
        with monkeypatch.context() as patched:
            patched.setattr(DefaultDialect, "do_commit", cut)
            await ask(f"sqlite:///{path}")
        assert in_the_log(f"sqlite:///{path}") == ALL_THREE, nth
        if calls[0] < nth:
            break
    assert nth > 5, "too little failed"


@pytest.mark.slow
@pytest.mark.parametrize("how", ["locked", "read-only", "gone"])
async def test_a_database_that_cannot_be_written_for_a_while(
    tmp_path: Path,
    empty: Path,
    watch_loaded: None,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    how: str,
) -> None:
    """One turn waits for it, `PATIENCE_S` of the eight seconds that a resident does; afterwards all are in the log, once."""
    monkeypatch.setenv("CONVERSATIONS_SECRET", "a secret for this test only")
    monkeypatch.setenv("CONVERSATIONS_SPOOL_MB", "1")
    path = tmp_path / "c.sqlite"
    shutil.copy(empty, path)
    before, holder = path.read_bytes(), sqlite3.connect(path, isolation_level=None)
    if how == "locked":
        holder.execute("BEGIN EXCLUSIVE")
    elif how == "read-only":  # as a file system that was mounted so after an error: also root cannot write
        monkeypatch.setattr(database, "_prepare_sqlite", read_only)
    else:
        path.write_bytes(b"no database at all" * 100)
    await ask(f"sqlite:///{path}")
    assert caplog.text.count("the log takes longer") == (how == "locked") and PATIENCE_S < 8 / 2
    if how == "locked":
        holder.execute("ROLLBACK")
    holder.close()
    monkeypatch.undo()
    if how == "gone":
        path.write_bytes(before)
    monkeypatch.setenv("CONVERSATIONS_SECRET", "a secret for this test only")
    assert in_the_log(f"sqlite:///{path}") == ALL_THREE


def read_only(connection: Any, _record: Any) -> None:
    """In place of what prepares a connection."""
    connection.isolation_level = None
    connection.execute("PRAGMA query_only=ON")
