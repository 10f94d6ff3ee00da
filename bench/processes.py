"""Starting, watching and stopping the measured processes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench.errors import ProcessFailed

STOP_WITHIN_S = 20.0  # sanic closes within a second or two; then SIGKILL
LOG_TAIL_CHARS = 3000
# What would change one bot's defaults, or put a folder of ours on the stock bot's path.
_NOT_INHERITED = ("OMP_", "GOMP_", "PYTHONPATH", "SANIC_WORKERS", "ACTION_SERVER_SANIC_WORKERS", "LOG_LEVEL")


@dataclass(frozen=True)
class Command:
    """A program to start: its arguments, its working folder, what its environment adds to ours, and the beginnings of
    the names that it does not inherit.
    """

    arguments: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()

    def full_environment(self) -> dict[str, str]:
        """Our environment without what would favour a bot, with Rasa's telemetry off."""
        dropped = (*_NOT_INHERITED, *self.without)
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
        quiet = {"RASA_TELEMETRY_ENABLED": "false", "PYTHONUNBUFFERED": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}
        return inherited | quiet | dict(self.environment)


@dataclass(frozen=True)
class Started:
    """A process of ours, leader of its own process group, and its log file."""

    process: asyncio.subprocess.Process
    log: Path

    @property
    def pid(self) -> int:
        """Process id."""
        return self.process.pid

    def failed(self, what: str) -> ProcessFailed:
        """The error to raise, with the end of the log."""
        tail = self.log.read_text(encoding="utf-8", errors="replace")[-LOG_TAIL_CHARS:]
        return ProcessFailed(f"{self.log.stem}: {what}\n{tail}")

    def check_alive(self) -> None:
        """Raise `ProcessFailed` if it has ended."""
        if self.process.returncode is not None:
            raise self.failed(f"已退出，返回码 {self.process.returncode} / ended with that code")


def free_port() -> int:
    """A loopback port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.asynccontextmanager
async def started(command: Command, log: Path) -> AsyncIterator[Started]:
    """The running program; whatever happens inside, it and its children are gone afterwards."""
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *command.arguments,
            cwd=command.folder,
            env=command.full_environment(),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield Started(process, log)
    finally:
        await _stop(process)


async def _stop(process: asyncio.subprocess.Process) -> None:
    """SIGTERM, then SIGKILL for the whole group, also if the waiting itself is cancelled."""
    try:
        if process.returncode is None:
            _signal_group(process.pid, signal.SIGTERM)
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(process.wait(), STOP_WITHIN_S)
    finally:
        _signal_group(process.pid, signal.SIGKILL)
    await process.wait()


def _signal_group(pid: int, which: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, which)


async def run_to_end(command: Command, log: Path) -> float:
    """Seconds the program took. Raises `ProcessFailed` unless it ends with code 0."""
    begin = time.perf_counter()
    async with started(command, log) as running:
        if await running.process.wait() != 0:
            raise running.failed(f"返回码 {running.process.returncode} / failed")
        return time.perf_counter() - begin
