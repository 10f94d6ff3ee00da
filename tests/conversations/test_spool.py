"""What could not be logged is spooled and written later, in order, once."""

from __future__ import annotations

import logging
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from conversations import __main__ as command
from conversations.errors import LogUnavailable, SpoolFull
from conversations.keeping import TRIES, TurnKeeper
from conversations.requests import RequestBook, StaffRequest
from conversations.spool import Spool, Spooled, spool_path
from conversations.turn_log import TurnLog
from conversations.turns import Turn
from tests.conversations.turns import turn

NOW = datetime.now(timezone.utc)
PHONE = "13812345678"


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Contacts are sealed."""
    monkeypatch.setenv("CONVERSATIONS_SECRET", "a secret for this test only")
    monkeypatch.setenv("CONVERSATIONS_SPOOL_MB", "1")


@contextmanager
def refused(kind: type[sqlite3.Error], words: str = "") -> Iterator[None]:
    """No insert reaches the database; with `words`, only those that hold them."""

    def fail(_cursor: object, statement: str, parameters: object, _context: object) -> None:
        if statement.startswith("INSERT") and words in repr(parameters):
            raise kind("database or disk is full")

    for name in ("do_execute", "do_executemany"):
        event.listen(Engine, name, fail)
    try:
        yield
    finally:
        for name in ("do_execute", "do_executemany"):
            event.remove(Engine, name, fail)


def keeper_of(url: str) -> TurnKeeper:
    """As a process makes it at its start."""
    return TurnKeeper(TurnLog(url), RequestBook(url))


def said(number: int, **changes: object) -> Turn:
    """The turn of that number in a conversation of now."""
    return turn(
        id=f"a-n{number}",
        message_id=f"m-n{number}",
        question=f"第{number}问",
        asked_at=NOW + timedelta(seconds=number),
        **changes,
    )


def test_it_is_written_later_in_order_and_once(log: TurnLog, url: str) -> None:
    """Also by the process that comes after, and also what came when the log was back and others still waited."""
    keeper = keeper_of(url)
    keeper.keep_turn(said(0))
    with refused(sqlite3.OperationalError):
        keeper.keep_turn(said(1))
        keeper.keep_request(StaffRequest("QP1", "handoff", "s-0", "要人工", answer_id="a-n1"))
        keeper.keep_contact("a-n1", "s-0", PHONE)
        assert keeper.waiting == 3
        with pytest.raises(LogUnavailable):
            keeper.write_waiting()
    keeper.keep_turn(said(2))  # the log would take it, but it has its place behind the others
    assert [t.question for t in log.history("s-0")] == ["第0问"] and keeper.waiting == 4

    after = keeper_of(url)
    assert after.write_waiting() == 4 and after.waiting == 0
    assert [t.question for t in log.history("s-0")] == ["第0问", "第1问", "第2问"]
    assert RequestBook(url).contact("QP1") == PHONE
    after.keep_turn(said(3))
    assert after.waiting == 0 and len(log.history("s-0")) == 4


def test_a_spooled_turn_is_whole(log: TurnLog, url: str) -> None:
    """Every field comes back as the log would have had it."""
    keeper, kept = keeper_of(url), said(1, feedback="up", feedback_comment="好", feedback_at=NOW)
    with refused(sqlite3.OperationalError):
        keeper.keep_turn(kept)
    keeper.write_waiting()
    straight = TurnLog(url.replace("conversations.sqlite", "straight.sqlite"))
    straight.record(kept)
    assert log.history("s-0") == straight.history("s-0")


def test_who_dies_between_writing_and_marking_repeats_and_doubles_nothing(log: TurnLog, url: str) -> None:
    """The next process writes the same entries again."""
    keeper = keeper_of(url)
    with refused(sqlite3.OperationalError):
        for number in range(3):
            keeper.keep_turn(said(number))
    for line in Spool.of(url).first(3):  # as a process that is killed before `done`
        assert line.entry
        keeper._write(line.entry)
    assert keeper_of(url).write_waiting() == 3
    assert [t.question for t in log.history("s-0")] == ["第0问", "第1问", "第2问"]


def test_erasing_reaches_the_spool(log: TurnLog, url: str) -> None:
    """A session, and what is too old: not a word is left in the file, and nothing of it is written later."""
    keeper, path = keeper_of(url), spool_path(url)
    with refused(sqlite3.OperationalError):
        keeper.keep_turn(said(1))
        keeper.keep_turn(said(2, session="s-1"))
        keeper.keep_turn(turn(question="旧话", session="s-2", asked_at=NOW - timedelta(days=181)))
    assert "第1问".encode() in path.read_bytes() and "旧话".encode() in path.read_bytes()
    assert log.erase_session("s-0") == 1 and log.erase_older_than(180).turns == 1
    left = path.read_bytes()
    assert "第1问".encode() not in left and b"s-0" not in left and "旧话".encode() not in left
    assert keeper.write_waiting() == 1 and [t.question for t in log.history("s-1")] == ["第2问"]
    assert log.history("s-0") == log.history("s-2") == [] and not path.read_bytes().strip(b"\0")[128:]


def test_what_is_erased_while_it_waits_elsewhere_is_not_written(log: TurnLog, url: str) -> None:
    """Another machine's spool cannot be reached: its turns meet the tombstone."""
    keeper = keeper_of(url)
    with refused(sqlite3.OperationalError):
        keeper.keep_turn(said(1))
    hidden = spool_path(url).rename(spool_path(url).with_suffix(".elsewhere"))
    log.erase_session("s-0")
    hidden.rename(spool_path(url))
    keeper.write_waiting()
    assert log.history("s-0") == [] and keeper.waiting == 0


def test_the_file_is_its_owners_and_seals_contacts(url: str) -> None:
    """Beyond the masked words that the log would hold, nothing can be read."""
    keeper = keeper_of(url)
    with refused(sqlite3.OperationalError):
        keeper.keep_request(StaffRequest("QP1", "handoff", "s-0", "要人工", answer_id="a-n1"))
        keeper.keep_contact("a-n1", "s-0", PHONE)
    path = spool_path(url)
    assert path.stat().st_mode & 0o777 == 0o600 and PHONE.encode() not in path.read_bytes()


def test_a_full_spool_says_so_and_grows_no_more(url: str, caplog: pytest.LogCaptureFixture) -> None:
    """The line names the file, how many wait and the setting; what was kept before is written later."""
    keeper, size = keeper_of(url), 2**20
    keeper.reserve()
    assert spool_path(url).stat().st_size == size
    with refused(sqlite3.OperationalError), caplog.at_level(logging.ERROR):
        for number in range(30):
            keeper.keep_turn(said(number, reply=[{"text": "答" * 20_000}]))
    assert spool_path(url).stat().st_size == size and 10 < keeper.waiting < 30
    assert "CONVERSATIONS_SPOOL_MB" in caplog.text and "spool is full" in caplog.text
    kept = keeper.waiting
    assert keeper.write_waiting() == kept and keeper.waiting == 0


def test_what_was_cut_short_is_thrown_away_and_holds_nobody_up(
    log: TurnLog, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A power cut may leave half an entry; the next ones are whole."""
    keeper, path = keeper_of(url), spool_path(url)
    with refused(sqlite3.OperationalError):
        for number in range(3):
            keeper.keep_turn(said(number))
    with path.open("r+b") as file:
        broken = Spool.of(url).first(2)[1]
        file.seek(broken.offset + 40)
        file.write(b"\xff" * 10)
    assert keeper.write_waiting() == 3 and "no entry" in caplog.text
    assert [t.question for t in log.history("s-0")] == ["第0问", "第2问"]


def test_an_entry_that_the_log_refuses_holds_nobody_up(
    log: TurnLog, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It goes behind the others, is tried a few times, and is named when it is given up."""
    keeper = keeper_of(url)
    with refused(sqlite3.OperationalError):
        for number in range(3):
            keeper.keep_turn(said(number))
    with refused(sqlite3.DataError, "第0问"):
        assert keeper.write_waiting() == 2 + TRIES
    assert [t.question for t in log.history("s-0")] == ["第1问", "第2问"]
    assert keeper.waiting == 0 and "given up" in caplog.text and "第0问" not in caplog.text


def test_a_log_that_hangs_is_waited_for_once(log: TurnLog, url: str, tmp_path: Path) -> None:
    """Another program holds the database: the first turn waits a moment, the next ones do not; all are in it afterwards."""
    log.check()
    keeper = TurnKeeper(log, RequestBook(url), patience_s=0.3)
    holder = sqlite3.connect(tmp_path / "conversations.sqlite", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        for number in range(20):
            keeper.keep_turn(said(number))
        assert keeper.waiting == 20
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    assert keeper.write_waiting() == 20
    assert [t.question for t in log.history("s-0")] == [f"第{n}问" for n in range(20)]


def append_many(path: Path, name: str) -> None:
    """What one process spools."""
    spool = Spool(path, 2**20)
    for number in range(100):
        spool.append(Spooled("turn", name, NOW, {"n": number, "text": "话" * number}))


def test_processes_share_a_spool(tmp_path: Path) -> None:
    """Three append while two threads take away; every entry comes once, each process's in its order."""
    spool, taken, lock, over = Spool(tmp_path / "c.spool", 2**20), list[Spooled](), threading.Lock(), threading.Event()

    def take() -> None:
        while not over.is_set() or spool.waiting():
            with lock:
                lines = spool.first(7)
                taken.extend(line.entry for line in lines if line.entry)
                spool.done(lines)

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    with ProcessPoolExecutor(3) as pool:
        list(pool.map(append_many, [spool.path] * 3, ["s-a", "s-b", "s-c"]))
    over.set()
    for thread in threads:
        thread.join()
    for name in ("s-a", "s-b", "s-c"):
        assert [entry.body["n"] for entry in taken if entry.session == name] == list(range(100))


ON_A_FULL_DISK = """
import logging, os, resource, sqlite3, sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from conversations.keeping import TurnKeeper
from conversations.requests import RequestBook
from conversations.turn_log import TurnLog
from tests.conversations.turns import turn

logging.basicConfig()
now = datetime.now(timezone.utc)
folder, log, book = Path(sys.argv[1]), TurnLog(f"sqlite:///{sys.argv[1]}/c.sqlite"), RequestBook(f"sqlite:///{sys.argv[1]}/c.sqlite")
log.check()
keeper = TurnKeeper(log, book)
keeper.reserve()
if sys.argv[2] == "limit":  # no file may grow beyond what it has
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, resource.RLIM_INFINITY))
    fill = lambda: None
else:
    def fill():
        with open(folder / "filler", "ab", buffering=0) as file:
            while True:
                try:
                    file.write(bytes(4096))
                except OSError:
                    return
fill()
for number in range(60):
    keeper.keep_turn(turn(id=f"a-{number}", message_id=f"m-{number}", question=f"第{number}问", reply=[{"text": "答" * 4000}], asked_at=now + timedelta(seconds=number)))
    fill()
print("waiting", keeper.waiting, flush=True)
(folder / "filler").unlink(missing_ok=True)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print("written", keeper.write_waiting(), flush=True)
assert [t.question for t in log.history("s-0", 100)] == [f"第{n}问" for n in range(60)]
"""


@pytest.mark.slow  # a process of its own
@pytest.mark.parametrize("how", ["tmpfs", "limit"])
def test_a_full_disk_loses_nothing(tmp_path: Path, how: str) -> None:
    """The place of the spool was taken beforehand: turns find room there when the log has none, and go to the log later."""
    folder = tmp_path / "small"
    folder.mkdir()
    if how == "tmpfs" and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "none", folder]).returncode:
        pytest.skip("this machine lets nobody mount; the same with a limit of files' sizes ran")
    try:
        environment = {**os.environ, "CONVERSATIONS_SECRET": "a secret for this test only", "PYTHONPATH": "."}
        done = subprocess.run(
            [sys.executable, "-c", ON_A_FULL_DISK, folder, how], env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr[-3000:]
        waiting = int(done.stdout.split()[1])
        assert 0 < waiting <= 60 and f"written {waiting}" in done.stdout and "is spooled" in done.stderr
    finally:
        if how == "tmpfs":
            subprocess.run(["umount", folder], check=True)


def test_the_command_says_how_many_wait_and_writes_them(
    log: TurnLog, url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """For an operator whose bot does not run."""
    keeper = keeper_of(url)
    with refused(sqlite3.OperationalError):
        keeper.keep_turn(said(1))
    monkeypatch.setenv("CONVERSATIONS_URL", url)
    assert command.main(["spool"]) == 0
    assert "waiting: 1; 补写了 written: 1" in capsys.readouterr().out and len(log.history("s-0")) == 1


def test_its_place_follows_the_log(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Beside the log's file; in `var` where the log is on a server; where the setting says."""
    assert spool_path("sqlite:///somewhere/log.sqlite") == Path("somewhere/log.spool")
    assert spool_path("postgresql://somewhere/log") == Path("var/conversations.spool")
    monkeypatch.setenv("CONVERSATIONS_SPOOL", str(tmp_path / "x"))
    assert spool_path("sqlite:///somewhere/log.sqlite") == tmp_path / "x"


def test_full_is_an_error_of_ours(tmp_path: Path) -> None:
    """Its words go to the log of the process."""
    spool = Spool(tmp_path / "c.spool", 200)
    with pytest.raises(SpoolFull, match="CONVERSATIONS_SPOOL_MB"):
        spool.append(Spooled("turn", "s", NOW, {"text": "长" * 100}))
    assert spool.waiting() == 0
