"""Every call to the database fails, one after the other: residents are answered, and no log line has their words."""

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
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.channels.turns import TurnTaker
from bot.event_broker import ConversationEventBroker
from bot.tracker_store import TurnTrackerStore
from conversations.database import Database
from conversations.errors import ConversationsError
from conversations.identity import session_key
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


async def live(url: str, folder: Path) -> None:
    """A resident's day: asks twice, one of them in vain, votes, comes back, is forgotten."""
    log, book, board = TurnLog(url), RequestBook(url), NoticeBoard(url)
    broker = ConversationEventBroker(log, book)
    taker = TurnTaker(log, book, board)
    for number, rasa in enumerate((Rasa(broker, "handoff"), Rasa(broker, fails=True), Rasa(broker))):
        messages = await taker.take(rasa, f"{SAID}，电话{PHONE}", "s", "web", f"m-{number}")
        assert messages[0]["text"], "the resident gets no answer"
        assert messages[1]["custom"]["outcome"] in ("chat", "handoff", "error"), "the words were taken for others"
    session = session_key("web", "s")
    tolerant(lambda: log.give_feedback("a-1", "down", VOTED, session=session))
    tolerant(lambda: log.history(session))
    tolerant(lambda: book.contact("QP1"))
    await keep_tracker(session, folder)
    tolerant(lambda: log.erase_session(session))
    for each in (log, book, board):
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


@pytest.mark.slow  # hundreds of databases
@pytest.mark.parametrize("kind", [sqlite3.DataError])
async def test_no_failing_call_writes_words(
    tmp_path: Path,
    empty: Path,
    written: StringIO,
    watch_loaded: None,
    monkeypatch: pytest.MonkeyPatch,
    kind: type[sqlite3.Error],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nor does anything that is printed; every resident is answered."""
    monkeypatch.setenv("CONVERSATIONS_SECRET", "a secret for this test only")
    logging.getLogger("bot").setLevel(logging.DEBUG)
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
    for told in ("turn failed", "could not be kept", "the tracker failed", "it failed"):
        assert told in text, told
    for words in (SAID, VOTED, PHONE):
        assert words not in text
