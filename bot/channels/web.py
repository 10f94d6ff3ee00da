"""`/webhooks/web/`: whether the bot is ready, and the plan itself to read."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.plan_page import render_plan
from bot.channels.readiness import announce_when_ready, faults
from knowledge import settings
from knowledge.errors import KnowledgeError
from knowledge.store import opened, read_store


class WebChannel(InputChannel):
    """Readiness and plan reader; residents' messages come by the REST channel."""

    @classmethod
    def name(cls) -> str:
        """The address's part: `/webhooks/web/`."""
        return "web"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebChannel:
        """No credentials."""
        return cls()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """`GET ready` and `GET plan`."""
        routes = Blueprint("web_channel", __name__)

        @routes.listener("after_server_start")
        async def announce(app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
            app.add_task(announce_when_ready(app))

        @routes.route("/ready", methods=["GET"])
        async def ready(request: Request) -> HTTPResponse:
            reasons = await faults(request.app)
            status = 503 if reasons else 200
            body = {"status": "not ready" if reasons else "ready", "reasons": reasons}
            return response.json(body, status=status, ensure_ascii=False)

        @routes.route("/plan", methods=["GET"])
        async def plan(_request: Request) -> HTTPResponse:
            try:
                with opened(settings.knowledge_paths().url) as engine:
                    page = render_plan(read_store(engine))
            except KnowledgeError:
                return response.text("知识库还没有建好，请稍后再来。", status=503)
            headers = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
            return response.html(page, headers=headers)

        return routes
