"""A bot with its action server, from start to stop."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bench.bots import Bot, Place
from bench.load import ask, client
from bench.memory import resident_mb
from bench.processes import Started, free_port, started
from bench.questions import WARM_UP

READY_WITHIN_S = 180.0  # ten times what either bot needs on two cores
POLL_EVERY_S = 0.1  # our readiness check reads the knowledge store: asked more often it would slow the start


@dataclass(frozen=True)
class RunningBot:
    """A bot that has answered its first message, `cold_start_s` after its two processes were started."""

    address: str
    cold_start_s: float
    server: Started
    actions: Started

    @property
    def bot_mb(self) -> float:
        """Resident memory of the Rasa server now, MB."""
        return resident_mb(self.server.pid)

    @property
    def actions_mb(self) -> float:
        """Resident memory of the action server now, MB."""
        return resident_mb(self.actions.pid)


@contextlib.asynccontextmanager
async def running(bot: Bot, folder: Path, ready_within_s: float = READY_WITHIN_S) -> AsyncIterator[RunningBot]:
    """The bot, ready, with new databases in `folder`. Raises `ProcessFailed` if it does not get ready in time."""
    place = new_place(folder)
    begin = time.perf_counter()
    async with (
        started(bot.actions(place), folder / f"{bot.name}-actions.log") as actions,
        started(bot.bot(place), folder / f"{bot.name}-bot.log") as server,
    ):
        try:
            await asyncio.wait_for(_until_ready(bot, place, actions, server), ready_within_s)
        except asyncio.TimeoutError:
            late = f"{ready_within_s:.0f} 秒内没有就绪 / not ready in time"
            raise server.failed(late) from actions.failed(late)
        yield RunningBot(place.address, time.perf_counter() - begin, server, actions)


def new_place(folder: Path) -> Place:
    """A new folder for databases, and two ports."""
    folder.mkdir(parents=True)
    return Place(folder, free_port(), free_port())


async def _until_ready(bot: Bot, place: Place, *processes: Started) -> None:
    """Action server healthy, bot ready, and then, the same for both bots, a first message answered."""
    async with client() as session:
        for url in (place.actions_health, f"{place.address}{bot.ready_path}"):
            while not await _answers(session, url):
                await _pause(processes)
        attempt = 0
        while not (await ask(session, place.address, WARM_UP[0], f"ready-{attempt}")).good:
            attempt += 1
            await _pause(processes)


async def until_answers(url: str, *processes: Started) -> None:
    """Wait until an address answers 200. Raises `ProcessFailed` if a process ends meanwhile."""
    async with client() as session:
        while not await _answers(session, url):
            await _pause(processes)


async def _answers(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(url) as response:
            return response.status == 200
    except (aiohttp.ClientError, asyncio.TimeoutError):
        return False


async def _pause(processes: tuple[Started, ...]) -> None:
    for process in processes:
        process.check_alive()
    await asyncio.sleep(POLL_EVERY_S)
