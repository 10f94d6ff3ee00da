"""What the tests of channels share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sanic import Sanic
from sanic.touchup import TouchUp

from bot.without_tensorflow import import_extractors
from danger.watch import shared_watch
from tests.journeys.processes import free_port

Serve = Callable[[Sanic], Awaitable[int]]

import_extractors()  # before a test imports Rasa: TensorFlow takes seconds and half a gigabyte, in each process of pytest


@pytest.fixture(scope="session")
def watch_loaded() -> None:
    """What the first look for danger loads is loaded: a turn has a deadline, and a busy machine is past it otherwise."""
    shared_watch().assess("您好")


@pytest.fixture
def conversations_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database, a tracker and a secret of its own."""
    url = f"sqlite:///{tmp_path}/c.sqlite"
    monkeypatch.setenv("CONVERSATIONS_URL", url)
    monkeypatch.setenv("TRACKER_DB", str(tmp_path / "tracker.sqlite"))
    monkeypatch.setenv("CONVERSATIONS_SECRET", "a secret for this test only")
    return url


@pytest.fixture
async def serve_app(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Serve]:
    """Starts an app on a free port, without what its channels do once the server runs; gives the port."""
    # Sanic 21.12 rewrites its own methods at start, and cannot do so twice in one process.
    rewrite = TouchUp.run
    once = classmethod(lambda cls, app: None if getattr(Sanic, "__touched__", False) else rewrite(app))
    monkeypatch.setattr(TouchUp, "run", once)
    servers: list[Any] = []

    async def start(app: Sanic) -> int:
        app.listeners["after_server_start"].clear()  # waits for a trained model, erases what is old
        app.listeners["before_server_stop"].clear()
        app.ctx.warm = True
        port = free_port()
        server = await app.create_server("127.0.0.1", port, return_asyncio_server=True, access_log=False)
        await server.startup()
        await server.before_start()
        servers.append(server)
        return port

    yield start
    for server in servers:
        await server.before_stop()
        await server.close()
    await asyncio.sleep(0)
