"""The action server answers its bot, and nobody else on the machine."""

from __future__ import annotations

import os
from pathlib import Path

import aiohttp
import pytest
from rasa.utils.endpoints import read_endpoint_config
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from actions.server import guard
from tests.bot.conftest import Serve, serve_app

__all__ = ["serve_app"]  # a fixture
TOKEN = "a token of this test only"


def app_of(seen: list[str]) -> Sanic:
    """A server with rasa-sdk's three addresses, which remembers what reached it."""
    app = Sanic("guarded_actions", configure_logging=False)
    for path, method in (("/health", "GET"), ("/actions", "GET"), ("/webhook", "POST")):

        async def reached(request: Request) -> HTTPResponse:
            seen.append(request.path)
            return response.json({})

        app.add_route(reached, path, methods=[method], name=path[1:])
    guard(app, TOKEN)
    return app


async def test_only_who_bears_the_token_is_answered(serve_app: Serve) -> None:
    """On every address, those that are not there included; that the server is there, everybody may ask."""
    seen: list[str] = []
    port = await serve_app(app_of(seen))
    async with aiohttp.ClientSession() as http:
        for wrong in ({}, {"Authorization": TOKEN}, {"Authorization": f"Bearer {TOKEN}x"}, {"Authorization": "Bearer"}):
            for method, path in (("POST", "webhook"), ("GET", "actions"), ("GET", "none")):
                async with http.request(method, f"http://127.0.0.1:{port}/{path}", headers=wrong) as reply:
                    assert reply.status == 401, (path, wrong)
        assert seen == []
        async with http.post(f"http://127.0.0.1:{port}/webhook", headers={"Authorization": f"Bearer {TOKEN}"}) as reply:
            assert reply.status == 200
        async with http.get(f"http://127.0.0.1:{port}/health") as reply:
            assert reply.status == 200
    assert seen == ["/webhook", "/health"]


@pytest.mark.parametrize("file", ["endpoints.yml", "deploy/endpoints-scaled.yml"])
def test_the_bot_bears_the_token(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Rasa reads its endpoints."""
    for name, value in {"ACTIONS_TOKEN": TOKEN, "ACTIONS_HOST": "127.0.0.1", "ACTIONS_PORT": "5055"}.items():
        monkeypatch.setenv(name, value)
    for name in ("TRACKER_DB", "TRACKER_URL"):
        monkeypatch.setenv(name, os.environ.get(name, "x"))
    monkeypatch.setenv("RABBITMQ_HOST", "x")
    endpoint = read_endpoint_config(str(Path(file)), "action_endpoint")
    assert endpoint is not None and endpoint.headers == {"Authorization": f"Bearer {TOKEN}"}
