"""The web channel on a Sanic server of its own, with a Rasa that replies at once."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sanic import Sanic
from sanic.touchup import TouchUp

from bot.channels.web import WebChannel
from bot.channels.web.channel import PREFIX
from bot.channels.web.offers import Offers
from bot.event_broker import ConversationEventBroker
from conversations.requests import RequestBook
from conversations.turn_log import TurnLog
from tests.bot.test_turns import Rasa
from tests.journeys.processes import free_port

Answer = tuple[int, Any, dict[str, str]]


class Caller:
    """Any program that talks to the channel."""

    def __init__(self, http: aiohttp.ClientSession, port: int, rasa: Rasa) -> None:
        self._http, self.rasa = http, rasa
        self.host = f"127.0.0.1:{port}"

    async def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Status, JSON body (None if there is none) and headers; `body` as JSON, or as it is if it is bytes."""
        data = body if isinstance(body, bytes) or body is None else json.dumps(body, ensure_ascii=False).encode()
        url = f"http://{self.host}{PREFIX}{path}"
        async with self._http.request(method, url, data=data, headers=headers) as reply:
            text = await reply.text()
            return reply.status, json.loads(text) if text else None, dict(reply.headers)

    async def session(self) -> str:
        """A fresh token."""
        return str((await self.call("POST", "session", {}))[1]["session"])

    async def ask(self, session: str, text: str, message_id: str) -> Answer:
        """One question."""
        return await self.call("POST", "message", {"session": session, "message_id": message_id, "message": text})


@pytest.fixture
def log(conversations_url: str) -> TurnLog:
    """What the channel has logged."""
    return TurnLog(conversations_url)


@pytest.fixture
def conversations_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database, a tracker and a secret of its own."""
    url = f"sqlite:///{tmp_path}/c.sqlite"
    monkeypatch.setenv("CONVERSATIONS_URL", url)
    monkeypatch.setenv("TRACKER_DB", str(tmp_path / "tracker.sqlite"))
    monkeypatch.setenv("CONVERSATIONS_SECRET", "a secret for this test only")
    return url


@pytest.fixture(scope="session")
def offers() -> Offers:
    """The real plan's, read once."""
    read = Offers()
    read.refresh()
    return read


@pytest.fixture
async def serve(
    conversations_url: str, offers: Offers, watch_loaded: None, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Callable[..., Any]]:
    """Starts the channel with a Rasa that gives an outcome, and returns its `Caller`."""
    # Sanic 21.12 rewrites its own methods at start, and cannot do so twice in one process.
    rewrite = TouchUp.run
    once = classmethod(lambda cls, app: None if getattr(Sanic, "__touched__", False) else rewrite(app))
    monkeypatch.setattr(TouchUp, "run", once)
    stops: list[Callable[[], Any]] = []

    async def start(outcome: str = "chat") -> Caller:
        rasa = Rasa(ConversationEventBroker(TurnLog(conversations_url), RequestBook(conversations_url)), outcome)
        app = Sanic(f"web_{uuid.uuid4().hex}", configure_logging=False)
        app.blueprint(WebChannel(offers=offers).blueprint(rasa), url_prefix=PREFIX.rstrip("/"))
        app.listeners["after_server_start"].clear()  # the announcement waits for a trained model
        port = free_port()
        server = await app.create_server("127.0.0.1", port, return_asyncio_server=True, access_log=False)
        await server.startup()
        await server.before_start()
        http = aiohttp.ClientSession()

        async def stop() -> None:
            await http.close()
            await server.before_stop()
            await server.close()

        stops.append(stop)
        return Caller(http, port, rasa)

    yield start
    for stop in stops:
        await stop()
    await asyncio.sleep(0)
