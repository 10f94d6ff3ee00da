"""`/webhooks/web/`: whether the bot is ready, and the plan itself to read."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.plan_page import render_plan
from knowledge import settings
from knowledge.errors import KnowledgeError
from knowledge.store import opened, read_store

ACTIONS_TIMEOUT_S = 2.0  # an action server that needs longer for /health is not ready


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

        @routes.route("/ready", methods=["GET"])
        async def ready(request: Request) -> HTTPResponse:
            reasons = [*_model_faults(request), *_knowledge_faults(), *await _actions_faults()]
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


def _model_faults(request: Request) -> list[str]:
    agent = getattr(request.app.ctx, "agent", None)
    return [] if agent is not None and agent.is_ready() else ["模型还没有载入 / the model is not loaded"]


def _knowledge_faults() -> list[str]:
    try:
        with opened(settings.knowledge_paths().url) as engine:
            read_store(engine)
    except KnowledgeError as error:
        return [str(error)]
    return []


async def _actions_faults() -> list[str]:
    address = f"http://{os.environ.get('ACTIONS_HOST', '127.0.0.1')}:{os.environ.get('ACTIONS_PORT', '5055')}/health"
    try:
        timeout = aiohttp.ClientTimeout(total=ACTIONS_TIMEOUT_S)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(address) as reply:
            if reply.status == 200:
                return []
            return [f"动作服务回答 {reply.status} / the action server answered {reply.status}"]
    except (aiohttp.ClientError, TimeoutError) as error:
        return [f"动作服务没有回答（{type(error).__name__}） / the action server does not answer"]
