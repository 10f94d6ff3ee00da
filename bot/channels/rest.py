"""`POST /webhooks/rest/webhook`: Rasa's REST channel as `docs/contract.md` promises it. Who may: `rest_gate`."""

from __future__ import annotations

import asyncio
import functools
import logging
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import rasa_patches
from bot.channels.bodies import NoJsonObject, json_object, refuse_large_bodies
from bot.channels.limits import CROWDED_S, TooManyAtOnce, shared_crowd
from bot.channels.protecting import protect_responses
from bot.channels.rehearsing import Rehearsal, ReleaseNotLoaded
from bot.channels.rest_gate import RestGate, RestRefused
from bot.channels.turns import TurnTaker
from bot.draining import heed_sigterm, leave_gently
from bot.places import places
from bot.releases import releases
from bot.retention import erase_daily, write_spooled
from bot.warming import COLD_S, is_warm, warm_up
from conversations.errors import ConversationsError
from conversations.identity import session_key
from conversations.keeping import TurnKeeper
from conversations.patience import Patience
from conversations.requests import RequestBook
from conversations.turn_log import FEEDBACK, TurnLog
from monitor.metrics import LOG_WRITE_FAILURES
from monitor.on_sanic import watch_requests
from settings.bot import STUCK_AFTER_S, TURN_DEADLINE_S
from watchdog import stay_alive
from wire.underway import shared_underway

logger = logging.getLogger(__name__)

MAX_SENDER_CHARS = 255  # of what a caller calls its resident; behind the channel it is a hash
MAX_MESSAGE_ID_CHARS = 128
ERASING, SPOOLED, WARMING = "erase_daily", "write_spooled", "warm_up"  # the tasks' names
EXAMPLE = '例如 {"sender": "张三", "message": "养老床位有多少"}'
VOTE_EXAMPLE = '例如 {"sender": "张三", "answer_id": "a-…", "value": "up"}'
NO_SUCH_ANSWER = "这个发送者没有得到过这个答复 / this sender was given no such answer"
NOT_LOADED = "这个版本载不进来，看机器人的日志 / this release cannot be loaded: see the bot's log"
REHEARSAL_FAILED = "没有答出来，看机器人的日志 / no answer: see the bot's log"
LOG_FAILED, LOG_FAILED_S = "服务暂时不可用，请稍后再试 / temporarily unavailable, try again later", 5


@dataclass(frozen=True)
class Vote:
    """A thumb on an answer, from the sender who got it."""

    sender: str
    answer_id: str
    value: str
    comment: str


@dataclass(frozen=True)
class Received:
    """A resident's message as the caller sent it. Without a `message_id` the message counts as new.

    Who knows a `sender` is that resident: it is a secret between the caller and the bot.
    """

    sender: str
    text: str
    message_id: str | None = None


class RestChannel(InputChannel):
    """Messages in as JSON, answers out as a JSON list. Nobody outside can send intents, slots or metadata."""

    def __init__(self) -> None:
        rasa_patches.apply()
        self._gate, self._crowd, self._log = RestGate(), shared_crowd(), TurnLog()
        self._turns, self._keeper = TurnTaker(self._log), TurnKeeper(self._log, RequestBook(self._log.url))
        self._rehearsal = Rehearsal(self._log)
        self._patience = Patience(TURN_DEADLINE_S.read(), "rest-log")

    @classmethod
    def name(cls) -> str:
        """The address's part: `/webhooks/rest/`."""
        return "rest"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> RestChannel:
        """No credentials."""
        return cls()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """A health check, the webhook, and votes on its answers."""
        routes = Blueprint("rest_channel", __name__)

        @routes.listener("before_server_start")
        async def read_no_more_than_needed(app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
            refuse_large_bodies(app)
            protect_responses(app)
            watch_requests(app)
            leave_gently(app)

        @routes.listener("after_server_start")
        async def keep_only_what_may_be_kept(app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
            app.add_task(erase_daily(self._log), name=ERASING)
            app.add_task(write_spooled(self._keeper), name=SPOOLED)

        @routes.listener("after_server_start")
        async def follow_releases(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
            heed_sigterm(app, loop)
            places.attach(app.ctx.agent.lock_store)
            await releases.attach(app.ctx.agent)
            app.add_task(_warm_and_alive(app), name=WARMING)

        @routes.listener("before_server_stop")
        async def stop_erasing(app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
            releases.stop()
            for name in (ERASING, SPOOLED, WARMING):
                await app.cancel_task(name, raise_exception=False)

        @routes.listener("after_server_stop")
        async def close(_app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
            shared_underway("bot").close()  # the turns that were under way have ended
            await rasa_patches.close_sessions()

        @routes.route("/", methods=["GET"])
        async def health(_request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            return await self._served(request, functools.partial(self._answer, on_new_message))

        @routes.route("/feedback", methods=["POST"])
        async def feedback(request: Request) -> HTTPResponse:
            return await self._served(request, self._vote)

        @routes.route("/rehearse", methods=["POST"])
        async def rehearse(request: Request) -> HTTPResponse:
            return await self._served(request, self._rehearse)

        return routes

    async def _served(self, request: Request, act: Callable[[Request], Awaitable[HTTPResponse]]) -> HTTPResponse:
        """What `act` gives, or a refusal as JSON."""
        try:
            self._gate.check(request)
            return await act(request)
        except RestRefused as refused:
            body = {"error": refused.words}
            return response.json(body, refused.status, refused.headers, ensure_ascii=False)

    async def _answer(self, on_new_message: Callable[[UserMessage], Awaitable[Any]], request: Request) -> HTTPResponse:
        message = read_message(request)
        about = (message.text, message.sender, self.name(), message.message_id)
        try:
            if not is_warm(request.app):
                raise RestRefused(503, LOG_FAILED, COLD_S)
            self._gate.check_pace(request, message.sender)
            with self._crowd.one_more():
                messages = await self._turns.take(on_new_message, *about, network=self._gate.counted(request))
        except (RestRefused, TooManyAtOnce) as refused:
            in_danger = self._turns.in_danger(*about)  # is told whom to call, whatever the limit
            if in_danger is None:
                raise refused if isinstance(refused, RestRefused) else RestRefused.too_fast(CROWDED_S) from None
            messages = in_danger
        return response.json(messages, ensure_ascii=False)

    async def _vote(self, request: Request) -> HTTPResponse:
        vote = read_vote(request)
        self._gate.check_pace(request, vote.sender)
        session = session_key(self.name(), vote.sender)
        give = functools.partial(self._log.give_feedback, vote.answer_id, vote.value, vote.comment, session=session)
        try:
            known = await self._patience.asked(give)
        except ConversationsError:
            LOG_WRITE_FAILURES.labels("vote").inc()
            logger.exception("a vote could not be logged")
            raise RestRefused(503, LOG_FAILED, LOG_FAILED_S) from None
        if not known:
            raise RestRefused(404, NO_SUCH_ANSWER)
        return response.empty()

    async def _rehearse(self, request: Request) -> HTTPResponse:
        self._gate.check_tool(request)
        question, release, drafts = read_rehearsal(request)
        try:
            messages = await self._rehearsal.answer(question, release, drafts=drafts)
        except ReleaseNotLoaded:
            raise RestRefused(409, NOT_LOADED) from None
        except Exception:
            logger.exception("a rehearsal failed")
            raise RestRefused(503, REHEARSAL_FAILED, LOG_FAILED_S) from None
        return response.json({"release": release or releases.serving, "messages": messages}, ensure_ascii=False)


def read_rehearsal(request: Request) -> tuple[str, str, bool]:
    """The question, the release that is asked ("" for what serves), and whether drafts on the shelf count.

    Raises as `read_message`.
    """
    body = _object(request, EXAMPLE)
    question, release = body.get("message"), body.get("release", "")
    if not isinstance(question, str) or not question.strip() or not isinstance(release, str):
        raise RestRefused(400, "message 和 release 是文字 / message and release are text")
    return question, release, body.get("drafts") is True


async def _warm_and_alive(app: Sanic) -> None:
    """Loading may take its time; from then on the process is ended where it stands still."""
    await warm_up(app)
    await stay_alive(STUCK_AFTER_S.read())


def read_message(request: Request) -> Received:
    """The message of a request. Raises `RestRefused` with what is wrong and how to mend it."""
    body = _object(request, EXAMPLE)
    text, message_id = body.get("message"), body.get("message_id")
    if not isinstance(text, str) or not text.strip():
        raise RestRefused(400, f"message 缺失、为空或不是文字，{EXAMPLE} / message is missing, empty or not a string")
    if message_id is not None and not (isinstance(message_id, str) and 0 < len(message_id) <= MAX_MESSAGE_ID_CHARS):
        raise RestRefused(400, f"message_id 应是 1 到 {MAX_MESSAGE_ID_CHARS} 字的文字，也可以不写 / no such string")
    sender = uuid.uuid4().hex if body.get("sender") is None else _sender(body)
    return Received(sender, text, message_id)


def read_vote(request: Request) -> Vote:
    """The vote of a request. Raises as `read_message`."""
    body = _object(request, VOTE_EXAMPLE)
    answer_id, value, comment = body.get("answer_id"), body.get("value"), body.get("comment", "")
    if not isinstance(answer_id, str) or value not in FEEDBACK or not isinstance(comment, str):
        raise RestRefused(400, f"{VOTE_EXAMPLE} / answer_id and comment are text, value is up or down")
    return Vote(_sender(body), answer_id, value, comment)


def _sender(body: Mapping[str, Any]) -> str:
    sender = body.get("sender")
    if not isinstance(sender, str) or not 0 < len(sender) <= MAX_SENDER_CHARS:
        raise RestRefused(400, f"sender 应是 1 到 {MAX_SENDER_CHARS} 字的文字，{EXAMPLE} / sender is not such a string")
    return sender


def _object(request: Request, example: str) -> dict[str, Any]:
    try:
        return json_object(request)
    except NoJsonObject:
        raise RestRefused(400, f"请求体不是 JSON 对象，{example} / the body is not a JSON object") from None
