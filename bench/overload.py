"""Five times what the bot can: what is accepted is answered as soon as on a full day, the rest is told when to come again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp

from bench.gauges import Holdings, holdings
from bench.load import LoadLevel, ask, ask_all
from bench.running import RunningBot
from bench.stream import Came, came_of, stream

FULL = 32  # in flight: as full as `make bench` measures, and what “normal” means here
TIMES = 5  # of what it can
RECOVERS_WITHIN_S = 10.0
IN_A_ROW = 5  # answers within twice the median of one at a time: then it has recovered
LATENCY_TIMES = 2.0
MEMORY_TIMES = 1.25  # of what was held at full load


@dataclass(frozen=True)
class Overload:
    """One after another: one at a time, full, far too many, and after it."""

    alone: LoadLevel
    full: LoadLevel
    per_second: float
    seconds: float
    came: Came
    before: Holdings
    peak_mb: float
    after: Holdings
    recovered_s: float

    @property
    def faults(self) -> list[str]:
        """What is not as it should be; nothing where the bot bears it."""
        checks = {
            "nobody was refused: it was no overload": self.came.refused == 0,
            "429 without Retry-After": self.came.without_retry_after > 0,
            f"failed: {self.came.first_failure}": self.came.failed > 0,
            f"p95 over {LATENCY_TIMES:g} times that of {FULL} in flight": self.came.p95_ms
            > LATENCY_TIMES * self.full.p95_ms,
            f"memory over {MEMORY_TIMES:g} times": self.peak_mb > MEMORY_TIMES * self.before.memory_mb,
            f"not recovered in {RECOVERS_WITHIN_S:g} s": self.recovered_s > RECOVERS_WITHIN_S,
        }
        return [fault for fault, holds in checks.items() if holds]

    @property
    def lines(self) -> list[str]:
        """For the terminal and the documents."""
        return [
            f"one at a time: p50 {self.alone.p50_ms:.0f} ms, p95 {self.alone.p95_ms:.0f} ms, {self.alone.messages_per_s:.1f} messages/s",
            f"{FULL} in flight: p50 {self.full.p50_ms:.0f} ms, p95 {self.full.p95_ms:.0f} ms, {self.full.messages_per_s:.1f} messages/s",
            f"overload: {self.per_second:.0f} messages/s for {self.seconds:.0f} s, {self.came.total} in all: {self.came.answered} answered "
            f"(p50 {self.came.p50_ms:.0f} ms, p95 {self.came.p95_ms:.0f} ms), {self.came.refused} refused with 429 "
            f"({self.came.without_retry_after} without Retry-After), {self.came.failed} failed",
            f"memory {self.before.memory_mb:.0f} MB before, {self.peak_mb:.0f} at most, {self.after.memory_mb:.0f} after; "
            f"descriptors {self.before.descriptors} → {self.after.descriptors}, threads {self.before.threads} → {self.after.threads}",
            f"recovered after {self.recovered_s:.1f} s",
        ]


async def overload(
    session: aiohttp.ClientSession, bot: RunningBot, questions: Sequence[str], seconds: float
) -> Overload:
    """Measure what the bot can, ask five times as much, and see it recover."""
    alone = await ask_all(bot.address, questions[:40], 1, "alone", lambda: None)
    full = await ask_all(bot.address, questions, FULL, "full", lambda: None)
    before, peaks = holdings(bot), [0.0]
    per_second = TIMES * full.messages_per_s
    watching = asyncio.ensure_future(_watch_memory(bot, peaks))
    replies = await stream(session, bot.address, questions, per_second, seconds, "flood")
    watching.cancel()
    recovered_s = await _recovered_s(session, bot, questions, LATENCY_TIMES * alone.p95_ms)
    return Overload(alone, full, per_second, seconds, came_of(replies), before, max(peaks), holdings(bot), recovered_s)


async def _watch_memory(bot: RunningBot, peaks: list[float]) -> None:
    while True:
        peaks.append(holdings(bot).memory_mb)
        await asyncio.sleep(1)


async def _recovered_s(
    session: aiohttp.ClientSession, bot: RunningBot, questions: Sequence[str], within_ms: float
) -> float:
    """Seconds until the first of `IN_A_ROW` answers in time; a minute at most."""
    begin, first, row = time.perf_counter(), 0.0, 0
    for number, question in enumerate(questions):
        asked = time.perf_counter() - begin
        reply = await ask(session, bot.address, question, f"after-{number}")
        first, row = (first if row else asked, row + 1) if reply.good and reply.latency_ms <= within_ms else (0.0, 0)
        if row == IN_A_ROW:
            return first
        if asked > 60:
            break
    return time.perf_counter() - begin
