"""What died or fell silent is started again, what dies again and again is held back, Ctrl-C ends everything."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from supervision.beats import LATE_BY_S, Beats
from supervision.supervisor import LONGEST_PAUSE_S, STEADY_S, Course

LIVES = "python -c \"import os, time; print('I live', os.getpid(), flush=True); time.sleep(600)\""
DIES = "python -c \"import sys; print('I cannot', flush=True); sys.exit(3)\""
STAYS = (
    "python -c \"import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('I stay', flush=True);"
    ' time.sleep(600)"'
)


class Clock:
    """A clock that stands still until it is moved."""

    now = 100.0

    def __call__(self) -> float:
        """The time on it."""
        return self.now


def test_pauses_grow_and_end_with_a_steady_run() -> None:
    """The first death costs nothing; each one in a row doubles the pause, up to a minute."""
    clock = Clock()
    course, pauses = Course(clock), []
    for _ in range(9):
        course.begins()
        clock.now += 1
        pauses.append(course.died())
    assert pauses == [0, 1, 2, 4, 8, 16, 32, LONGEST_PAUSE_S, LONGEST_PAUSE_S]
    assert not course.is_due
    clock.now += LONGEST_PAUSE_S
    assert course.is_due
    course.begins()
    clock.now += STEADY_S
    assert course.died() == 0 and course.is_due


class Running:
    """`python -m supervision` on a Procfile of a test."""

    def __init__(self, folder: Path, **commands: str) -> None:
        self.log = folder / "log.txt"
        procfile = folder / "Procfile"
        procfile.write_text("".join(f"{name}: {command}\n" for name, command in commands.items()), encoding="utf-8")
        environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "supervision", "-f", procfile], stdout=out, stderr=out, env=environment,
                start_new_session=True,
            )  # fmt: skip

    def said(self) -> list[str]:
        """Its lines, without the times."""
        return [line.split(" ", 1)[1] for line in self.log.read_text(encoding="utf-8").splitlines() if " " in line]

    def pids(self) -> list[int]:
        """Of the processes that said so, the oldest first."""
        return [int(line.split()[-1]) for line in self.said() if "I live" in line]

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait for what it does."""
        deadline = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < deadline, self.log.read_text(encoding="utf-8")
            time.sleep(0.05)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Starts one; it is gone afterwards."""
    started: list[Running] = []

    def start(**commands: str) -> Running:
        started.append(Running(tmp_path, **commands))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.process.send_signal(signal.SIGTERM)
            each.process.wait(30)


def is_there(pid: int) -> bool:
    """Whether a process runs; one that ended may still be named where nobody collects it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.slow  # processes
def test_only_the_one_that_died_is_started_again(run: Callable[..., Running]) -> None:
    """Killed by its system, it is back at once; the other never noticed. Lines say whose they are."""
    running = run(one=LIVES, other=LIVES.replace("I live", "other lives"))
    running.until(lambda: len(running.pids()) == 1 and any("other lives" in line for line in running.said()))
    (first,) = running.pids()
    os.kill(first, signal.SIGKILL)
    running.until(lambda: len(running.pids()) == 2)
    assert sum("other lives" in line for line in running.said()) == 1
    assert any("one 停了（返回码" in line and "，马上重新启动 / one ended" in line for line in running.said())
    assert f"one    | I live {first}" in running.said()


@pytest.mark.slow
def test_what_dies_again_and_again_is_held_back(run: Callable[..., Running]) -> None:
    """The line says with which code, how often, and when it is tried again; the rest goes on."""
    running = run(one=LIVES, broken=DIES)
    running.until(
        lambda: any("broken ended (rc=3), started again in 2 s; 3 times in a row" in s for s in running.said())
    )
    assert sum("I cannot" in line for line in running.said()) == 3 and is_there(running.pids()[0])


@pytest.mark.slow
@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_everything(run: Callable[..., Running], how: signal.Signals, code: int) -> None:
    """Also while a process is held back; nothing is started again, nothing is left."""
    running = run(one=LIVES, broken=DIES)
    running.until(lambda: bool(running.pids()) and any("in 1 s" in line for line in running.said()))
    running.process.send_signal(how)
    assert running.process.wait(30) == code
    running.until(lambda: not any(is_there(pid) for pid in running.pids()))


@pytest.mark.slow  # waits for `END_WITHIN_S`
def test_what_does_not_end_is_killed(run: Callable[..., Running]) -> None:
    """A process that ignores being asked holds nobody up for long."""
    running = run(one=STAYS)
    running.until(lambda: any("I stay" in line for line in running.said()))
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(40) == 130
    assert "sending SIGKILL" in running.log.read_text(encoding="utf-8")


BEATS = (
    "python -c \"import asyncio, os; from watchdog import stay_alive; print('I live', os.getpid(), flush=True);"
    ' asyncio.run(stay_alive(1.0))"'
)


@pytest.mark.slow  # 4 s: processes, and one that is silent for three seconds
def test_what_is_stopped_from_outside_is_killed_and_started_again(run: Callable[..., Running]) -> None:
    """It cannot end itself; one beside it that never said anything is not waited for."""
    running = run(one=BEATS, other=LIVES.replace("I live", "other lives"))
    running.until(lambda: len(running.pids()) == 1 and any("other lives" in line for line in running.said()))
    (first,) = running.pids()
    os.kill(first, signal.SIGSTOP)
    running.until(lambda: len(running.pids()) == 2)
    assert any("one says nothing any more and is killed" in line for line in running.said()) and not is_there(first)
    assert sum("other lives" in line for line in running.said()) == 1


def say(address: str, state: str) -> None:
    """A word of a process."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as to:
        to.sendto(state.encode(), address)


def test_silence_counts_from_the_last_word_and_only_while_somebody_looks() -> None:
    """By the process's own limit; a supervisor that stood still itself blames nobody; what takes its leave is let go."""
    clock = Clock()
    beats = Beats(clock)
    first, other = beats.begins("first"), beats.begins("other")

    def pass_by(seconds: int) -> list[str]:
        found = []
        for _ in range(seconds):
            clock.now += 1
            found += beats.stuck()
        return found

    try:
        assert pass_by(600) == []  # who says nothing at all is loading, or knows nothing of it
        say(first, "WATCHDOG_USEC=8000000\nWATCHDOG=1")
        say(other, "WATCHDOG_USEC=8000000\nWATCHDOG=1")
        assert pass_by(8) == []
        clock.now += 60  # the whole machine stood still
        assert beats.stuck() == []
        say(other, "WATCHDOG_USEC=0")
        say(first, "hello")
        assert pass_by(8 + int(LATE_BY_S) + 1) == ["first"]
        assert pass_by(60) == []  # named once
        say(beats.begins("first"), "WATCHDOG_USEC=1000000\nWATCHDOG=1")
        assert pass_by(2) == [] and pass_by(5) == ["first"]
    finally:
        beats.close()
    assert not Path(first).parent.exists()
