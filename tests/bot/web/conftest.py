"""The web channel on a Sanic server of its own, with a Rasa that replies at once."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
from sanic import Sanic

from bot.channels.web import WebChannel
from bot.channels.web.channel import PREFIX
from bot.channels.web.offers import Offers
from bot.event_broker import ConversationEventBroker
from conversations.requests import RequestBook
from conversations.turn_log import TurnLog
from tests.bot.conftest import Serve
from tests.bot.test_turns import Rasa

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

    async def post_form(self, path: str, **fields: str) -> tuple[int, str]:
        """Status and page, as a browser without scripts posts a form."""
        async with self._http.post(f"http://{self.host}{PREFIX}{path}", data=fields) as reply:
            return reply.status, await reply.text()

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


@pytest.fixture(scope="session")
def offers() -> Offers:
    """The real plan's, read once."""
    read = Offers()
    read.refresh()
    return read


@pytest.fixture
async def serve(
    conversations_url: str, offers: Offers, watch_loaded: None, serve_app: Serve
) -> AsyncIterator[Callable[..., Any]]:
    """Starts the channel with a Rasa that gives an outcome, and returns its `Caller`."""
    clients: list[aiohttp.ClientSession] = []

    async def start(outcome: str = "chat") -> Caller:
        rasa = Rasa(ConversationEventBroker(TurnLog(conversations_url), RequestBook(conversations_url)), outcome)
        app = Sanic(f"web_{uuid.uuid4().hex}", configure_logging=False)
        channel = WebChannel(offers=offers)
        app.blueprint(channel.blueprint(rasa), url_prefix=PREFIX.rstrip("/"))
        port = await serve_app(app)
        clients.append(aiohttp.ClientSession())
        channels.append(channel)
        return Caller(clients[-1], port, rasa)

    channels: list[WebChannel] = []
    yield start
    for client in clients:
        await client.close()
    for channel in channels:
        for task in channel._background:
            task.cancel()
