"""Stages run in processes of their own, each with a group, so that all that a stage started ends with it."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import IO

from training.errors import Ended, StageFailed

GRACE_S = 2.0  # between asking and forcing; whoever cancels a job waits five seconds in all
TICK_S = 1.0
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PR_SET_PDEATHSIG = 1  # prctl(2)
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@contextmanager
def ending_on_signals() -> Iterator[None]:
    """SIGINT, SIGTERM and a closed terminal raise `Ended` here, wherever the process is."""

    def end(number: int, _frame: FrameType | None) -> None:
        raise Ended(signal.Signals(number).name)

    before = {number: signal.signal(number, end) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run_lines(
    command: Sequence[str],
    on_line: Callable[[str], None],
    environment: Mapping[str, str] | None = None,
    pass_fds: Sequence[int] = (),
) -> None:
    """Run a command and hand on each line it prints, with what it says of errors among them. Raises `StageFailed`."""
    with _child(command, environment, subprocess.PIPE, pass_fds) as process:
        assert process.stdout is not None
        for line in process.stdout:
            on_line(line.rstrip("\n"))
        _check(command, process.wait())


def run_ticking(
    command: Sequence[str],
    on_tick: Callable[[float], None] | None = None,
    environment: Mapping[str, str] | None = None,
    output: IO[str] | None = None,
) -> float:
    """Run a command that prints for itself, here or into `output`; `on_tick` gets the seconds so far, once a second.

    Returns the seconds it took. Raises `StageFailed`.
    """
    started = time.monotonic()
    with _child(command, environment, output) as process:
        while True:
            try:
                code = process.wait(TICK_S)
                break
            except subprocess.TimeoutExpired:
                if on_tick is not None:
                    on_tick(time.monotonic() - started)
        _check(command, code)
    return time.monotonic() - started


@contextmanager
def _child(
    command: Sequence[str],
    environment: Mapping[str, str] | None,
    stdout: int | IO[str] | None,
    pass_fds: Sequence[int] = (),
) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(  # noqa: S603 - our own modules
        command,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.STDOUT if stdout is not None else None,
        text=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, **(environment or {})},
        preexec_fn=_be_a_group,  # this process has one thread; Python 3.10 has no `process_group`
        pass_fds=pass_fds,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            end_group(process)
        if process.stdout is not None:
            process.stdout.close()


def _be_a_group() -> None:
    """In the child: a group of its own, and an end (on Linux) when the parent is gone without a word."""
    os.setpgrp()
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)


def end_group(process: subprocess.Popen[str]) -> None:
    """Ask a child and all it started to end, then force them."""
    for number, patience in ((signal.SIGTERM, GRACE_S), (signal.SIGKILL, GRACE_S)):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            break
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            continue
    process.poll()


def _check(command: Sequence[str], code: int) -> None:
    if code:
        words = command[command.index("-m") :][:3] if "-m" in command else command[:1]
        name = " ".join(word for word in words if not word.startswith("--"))
        how = (
            f"被信号 {-code} 结束 / ended by signal {-code}"
            if code < 0
            else f"没有做完（退出码 {code}） / did not end well (exit code {code})"
        )
        raise StageFailed(f"{name}：{how}")
