"""`POST /webhooks/rest/webhook`: Rasa's REST channel as `docs/contract.md` promises it."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import rasa_patches
from bot.channels.turns import TurnTaker
from bot.releases import releases
from bot.retention import erase_daily
from bot.warming import warm_up
from conversations.turn_log import TurnLog

MAX_SENDER_CHARS = 255  # of what a caller calls its resident; behind the channel it is a hash
MAX_MESSAGE_ID_CHARS = 128
ERASING, WARMING = "erase_daily", "warm_up"  # the tasks' names
MAX_BODY_BYTES = 64 * 1024


@dataclass(frozen=True)
class Received:
    """A resident's message as the caller sent it. Without a `message_id` the message counts as new."""

    sender: str
    text: str
    message_id: str | None = None


class RestChannel(InputChannel):
    """Messages in as JSON, answers out as a JSON list. Nobody outside can send intents, slots or metadata."""

    def __init__(self) -> None:
        rasa_patches.apply()
        self._turns = TurnTaker()

    @classmethod
    def name(cls) -> str:
        """The address's part: `/webhooks/rest/`."""
        return "rest"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> RestChannel:
        """No credentials."""
        return cls()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The two routes: a health check and the webhook."""
        routes = Blueprint("rest_channel", __name__)

        @routes.listener("after_server_start")
        async def keep_only_what_may_be_kept(app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
            app.add_task(erase_daily(TurnLog()), name=ERASING)

        @routes.listener("after_server_start")
        async def follow_releases(app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
            await releases.attach(app.ctx.agent)
            app.add_task(warm_up(app), name=WARMING)

        @routes.listener("before_server_stop")
        async def stop_erasing(app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
            releases.stop()
            await app.cancel_task(ERASING, raise_exception=False)

        @routes.listener("after_server_stop")
        async def close(_app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
            await rasa_patches.close_sessions()

        @routes.route("/", methods=["GET"])
        async def health(_request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            body = read_message(request)
            if isinstance(body, str):
                return response.json({"error": body}, status=400, ensure_ascii=False)
            messages = await self._turns.take(on_new_message, body.text, body.sender, self.name(), body.message_id)
            return response.json(messages, ensure_ascii=False)

        return routes


def read_message(request: Request) -> Received | str:
    """The message of a request, or what is wrong with it and how to mend it."""
    if len(request.body) > MAX_BODY_BYTES:
        return f"请求体有 {len(request.body)} 字节，上限是 {MAX_BODY_BYTES} / body too large"
    try:
        body = request.json
    except Exception:
        body = None
    example = '例如 {"sender": "张三", "message": "养老床位有多少"}'
    if not isinstance(body, dict):
        return f"请求体不是 JSON 对象，{example} / the body is not a JSON object"
    text, sender = body.get("message"), body.get("sender")
    if not isinstance(text, str) or not text.strip():
        return f"message 缺失、为空或不是文字，{example} / message is missing, empty or not a string"
    if sender is None:
        sender = uuid.uuid4().hex
    if not isinstance(sender, str) or not 0 < len(sender) <= MAX_SENDER_CHARS:
        return f"sender 应是 1 到 {MAX_SENDER_CHARS} 字的文字，{example} / sender is not a string of that length"
    message_id = body.get("message_id")
    if message_id is not None and not (isinstance(message_id, str) and 0 < len(message_id) <= MAX_MESSAGE_ID_CHARS):
        return f"message_id 应是 1 到 {MAX_MESSAGE_ID_CHARS} 字的文字，也可以不写 / message_id is not such a string"
    return Received(sender, text, message_id)
