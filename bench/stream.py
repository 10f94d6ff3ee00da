"""Residents who come at a pace, whether or not the bot keeps up: so many messages a second, for so long."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import aiohttp
import numpy as np

from bench.load import RoundTrip, ask

REFUSED = 429


@dataclass(frozen=True)
class Came:
    """What came of a stream: accepted, refused with and without a time to come again, and anything else."""

    answered: int
    refused: int
    without_retry_after: int
    failed: int
    p50_ms: float  # of what was answered; 0 where nothing was
    p95_ms: float
    first_failure: str = ""

    @property
    def total(self) -> int:
        """All messages."""
        return self.answered + self.refused + self.failed


async def stream(
    session: aiohttp.ClientSession,
    address: str,
    questions: Sequence[str],
    per_second: float,
    seconds: float,
    sender: str,
    on_reply: Callable[[RoundTrip], object] = lambda _: None,
) -> list[RoundTrip]:
    """Every message when it is due, from a sender of its own; waits for the last reply."""
    asking: set[asyncio.Task[RoundTrip]] = set()
    replies: list[RoundTrip] = []

    def arrived(task: asyncio.Task[RoundTrip]) -> None:
        asking.discard(task)
        if not task.cancelled():
            replies.append(task.result())
            on_reply(task.result())

    begin = time.perf_counter()
    for number in itertools.count():
        due = number / per_second
        if due >= seconds:
            break
        await asyncio.sleep(max(0.0, begin + due - time.perf_counter()))
        task = asyncio.ensure_future(ask(session, address, questions[number % len(questions)], f"{sender}-{number}"))
        asking.add(task)
        task.add_done_callback(arrived)
    await asyncio.gather(*asking)
    await asyncio.sleep(0)  # the last one's callback
    return replies


def came_of(replies: Sequence[RoundTrip]) -> Came:
    """The figures of a stream."""
    answered = [reply.latency_ms for reply in replies if reply.good]
    refused = [reply for reply in replies if reply.status == REFUSED]
    bad = [reply for reply in replies if not reply.good and reply.status != REFUSED]
    p50_ms, p95_ms = np.percentile(answered, [50, 95]) if answered else (0.0, 0.0)
    return Came(
        answered=len(answered),
        refused=len(refused),
        without_retry_after=sum(not reply.retry_after.isdigit() for reply in refused),
        failed=len(bad),
        p50_ms=float(p50_ms),
        p95_ms=float(p95_ms),
        first_failure=f"{bad[0].question} → {bad[0].status} {bad[0].body.decode(errors='replace')[:300]}"
        if bad
        else "",
    )
