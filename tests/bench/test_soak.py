"""Overload and soak: the pace of the asker, what counts as a fault, the picture. The bot itself is measured by `make soak`."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

from bench.gauges import Holdings
from bench.load import LoadLevel, RoundTrip, client
from bench.overload import Overload
from bench.soak import Sample, Soak, save_soak_plot
from bench.stream import Came, came_of, stream
from tests.journeys.processes import free_port

ANSWER = json.dumps([{"text": "好"}, {"custom": {"outcome": "answered"}}]).encode()
HELD = Holdings(1500.0, 60, 30)
FULL = LoadLevel(32, 60.0, 480.0, 540.0, 1500.0, 0)
CAME = Came(answered=3600, refused=14000, without_retry_after=0, failed=0, p50_ms=700.0, p95_ms=1000.0)
BORNE = Overload(FULL, FULL, 300.0, 60.0, CAME, HELD, 1550.0, HELD, 1.0)


@pytest.fixture
async def address() -> AsyncIterator[str]:
    """A bot that answers every other message and sends the others away."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append((await request.json())["sender"])
        if len(asked) % 2:
            return web.Response(body=ANSWER)
        return web.Response(status=429, headers={"Retry-After": "2"})

    app = web.Application()
    app.router.add_post("/webhooks/rest/webhook", answer)
    runner, port = web.AppRunner(app), free_port()
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield f"http://127.0.0.1:{port}"
    await runner.cleanup()


async def test_residents_come_at_their_pace(address: str) -> None:
    """As many as are due in the time, each counted for what it got."""
    began = time.perf_counter()
    async with client() as session:
        replies = await stream(session, address, ["甲", "乙"], per_second=40, seconds=0.5, sender="s")
    came = came_of(replies)
    assert (came.answered, came.refused, came.without_retry_after, came.failed) == (10, 10, 0, 0)
    assert time.perf_counter() - began >= 0.45 and came.p95_ms > 0


def test_what_came_is_told_apart() -> None:
    """An `error` answer is a failure, and so is silence; a refusal without a time is one of its own kind."""
    error = json.dumps([{"text": "x"}, {"custom": {"outcome": "error"}}]).encode()
    came = came_of(
        [
            RoundTrip("q", 5, 200, ANSWER),
            RoundTrip("q", 5, 200, error),
            RoundTrip("q", 5, 0, b""),
            RoundTrip("q", 1, 429, b""),
        ]
    )
    assert (came.answered, came.refused, came.without_retry_after, came.failed) == (1, 1, 1, 2)
    assert came.first_failure.startswith("q → 200") and came_of([]).p95_ms == 0


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({}, ""),
        ({"came": replace(CAME, refused=0)}, "no overload"),
        ({"came": replace(CAME, without_retry_after=1)}, "Retry-After"),
        ({"came": replace(CAME, failed=1)}, "failed"),
        ({"came": replace(CAME, p95_ms=1200.0)}, "p95"),
        ({"peak_mb": 2000.0}, "memory"),
        ({"recovered_s": 11.0}, "recovered"),
    ],
)
def test_what_an_overload_may_not_do(changed: dict[str, object], fault: str) -> None:
    """One thing at a time."""
    found = replace(BORNE, **changed).faults
    assert (len(found) == 1 and fault in found[0]) if fault else not found
    assert len(BORNE.lines) == 5


def soaked(**grows: float) -> Soak:
    """Thirty samples in which something grows by so much each time."""
    held = [
        Holdings(1500 + number * grows.get("memory", 0), round(60 + number * grows.get("descriptors", 0)), 30)
        for number in range(30)
    ]
    return Soak(
        5.0, tuple(Sample(n / 3, each, 100, 0, 0, 40 + n * grows.get("p95", 0), 1.0) for n, each in enumerate(held))
    )


def test_what_grows_while_soaking_is_told(tmp_path: Path) -> None:
    """Flat is well; what is more at the end than after the caches were full is named, and so is what failed."""
    flat = soaked()
    assert flat.faults == [] and len(flat.lines) == 6
    for name, step, word in (("memory", 12, "memory_mb"), ("descriptors", 1, "descriptors"), ("p95", 6, "p95")):
        (fault,) = soaked(**{name: step}).faults
        assert word in fault
    failed = replace(flat, samples=(*flat.samples, replace(flat.samples[0], failed=1)), first_failure="q → 0")
    assert "q → 0" in failed.faults[0]
    assert Soak(5.0, flat.samples[:3]).faults
    save_soak_plot(flat, "a machine", tmp_path / "soak.png")
    assert (tmp_path / "soak.png").read_bytes().startswith(b"\x89PNG")
