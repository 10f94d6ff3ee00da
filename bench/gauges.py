"""What a process holds: memory, descriptors, threads, from `/proc`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bench.memory import resident_mb
from bench.running import RunningBot


@dataclass(frozen=True)
class Holdings:
    """Of the bot and the action server together."""

    memory_mb: float
    descriptors: int
    threads: int


def holdings(bot: RunningBot) -> Holdings:
    """What both processes hold now."""
    pids = (bot.server.pid, bot.actions.pid)
    return Holdings(
        sum(map(resident_mb, pids)),
        sum(_entries(pid, "fd") for pid in pids),
        sum(_entries(pid, "task") for pid in pids),
    )


def _entries(pid: int, folder: str) -> int:
    return sum(1 for _ in Path(f"/proc/{pid}/{folder}").iterdir())
