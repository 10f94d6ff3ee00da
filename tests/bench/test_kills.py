"""The judge of what kills cost: it sees what is lost, doubled, changed."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from bench.kills import Acknowledged, Kill, KillTally, judge, pid_of, report
from bench.processes import Command, started
from conversations.identity import message_key, session_key
from conversations.turn_log import TurnLog
from tests.conversations.turns import turn


def reply(number: int, answer_id: str | None = None) -> Acknowledged:
    """What an asker got."""
    return Acknowledged(f"sender-{number}", f"m-{number}", "问", answer_id or f"a-of-{number}", "answered")


def log_it(log: TurnLog, number: int, message_id: str = "", **changes: object) -> None:
    """The row of the same turn."""
    sender, key = f"sender-{number}", message_id or f"m-{number}"
    hashed = message_key("rest", sender, key, "问")
    given = {"id": f"a-of-{number}", "session": session_key("rest", sender), "message_id": hashed}
    log.record(turn(**{**given, **changes}))


def test_the_judge_counts_every_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One turn of each kind."""
    monkeypatch.setenv("CONVERSATIONS_SECRET", "a secret for this test only")
    url = f"sqlite:///{tmp_path}/c.sqlite"
    log = TurnLog(url)
    log_it(log, 1)
    log_it(log, 2, id="a-another")
    log_it(log, 3)
    log_it(log, 3, message_id="m-again", id="a-of-3-again")
    log_it(log, 4, reply=[])
    log.close()
    assert judge([reply(1)], url) == {"lost": 0, "twice": 0, "changed": 0, "unfinished": 1}
    found = judge([reply(number) for number in range(1, 6)], url)
    assert found == {"lost": 1, "twice": 1, "changed": 1, "unfinished": 1}


def test_the_report_has_both_ends() -> None:
    """The median and the worst return of each process, and what was counted."""
    kills = [Kill("bot", 9.0), Kill("bot", 11.0), Kill("bot", 10.0)]
    text = report(KillTally(kills, acknowledged=40, lost=1, outcomes={"answered": 40}))
    assert "| bot | 3 | 10.0 | 11.0 |" in text and "not in the log 1" in text and "review" not in text


@pytest.mark.slow  # a process
async def test_it_finds_the_process_to_kill(tmp_path: Path) -> None:
    """By the module that it runs, however deep below; not one that only mentions it."""
    (tmp_path / "sleeper.py").write_text("import time; time.sleep(60)")
    child = "import subprocess, sys; subprocess.run([sys.executable, '-m', 'sleeper'])"
    async with started(Command((sys.executable, "-c", child), tmp_path), tmp_path / "log") as top:
        for _ in range(300):
            if pid_of(top.pid, "sleeper"):
                break
            await asyncio.sleep(0.1)
        assert pid_of(top.pid, "sleeper") and pid_of(top.pid, "sleep") is None
