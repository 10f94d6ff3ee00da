"""`/webhooks/web/`: one request, one reply. The routes, and what they have in common.

| route | gives |
|---|---|
| `POST session` `{session?}` | `{session, expires_in_s, renewed}` |
| `POST message` `{session, message_id, message}` | the reply's messages, answer/1; the same id again the same reply |
| `POST form` | the same from a browser without scripts: a form's fields, the reply as a page |
| `POST form/contact` | a contact from such a browser |
| `GET history`, `DELETE history` | this session's turns; 204 once they are erased |
| `POST feedback` `{session, answer_id, value, comment?}` | 204, or 404 if the session has no such answer |
| `POST contact` `{session, reference, contact, consent}` | 204, or 404 if the session has no such request |
| `GET request?reference=` | how a request stands, or 404 |
| `GET suggest?q=`, `GET hot` | questions that this plan can answer |
| `GET notice` | what staff announce, or null |
| `GET ready`, `GET metrics`, `GET plan` | readiness and numbers, for operators; where the reader has moved |
"""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.callers import network_of
from bot.channels.limits import CROWDED_S, Allowance, Buckets, TooManyAtOnce, shared_crowd
from bot.channels.origins import allowed_origin, answer_preflights, cors_headers
from bot.channels.readiness import Readiness, announce_when_ready, spool_faults
from bot.channels.registered import LookupLimited
from bot.channels.turns import TurnTaker
from bot.channels.web.errors import ApiError
from bot.channels.web.offers import Offers
from bot.channels.web.plain import answered_contact, answered_form
from bot.channels.web.requests import body_of, contact_of, message_of, reference_of, standing_body, token_of, vote_of
from bot.channels.web.settings import WebSettings
from bot.channels.web.tokens import SessionRefused, SessionTokens
from bot.monitoring import BotMetrics
from bot.releases import releases
from bot.warming import COLD_S, is_warm, wait_for
from conversations.errors import ConversationsError
from conversations.identity import derived_key, session_key
from conversations.notices import NoticeBoard
from conversations.patience import Patience
from conversations.requests import RequestBook
from conversations.spool import Spool
from conversations.turn_log import TurnLog
from conversations.turns import Turn
from settings.bot import TURN_DEADLINE_S
from version import product_version

logger = logging.getLogger(__name__)
NAME = "web"
PREFIX = f"/webhooks/{NAME}/"
HISTORY = 100  # turns restored; more are kept, and erased, all the same
LOG_FAILED_S = 5  # when to try again after a failure of the log: a restart of its database takes about so long
ERASURES = Allowance(burst=3, per_minute=3)  # of one session: once is all that it takes
LOOKUPS = Allowance(burst=20, per_minute=20)  # looked up by one session: nobody tries numbers
THREADS = 8  # that ask the log for pages; each holds a connection of the pool while it does
REFRESH_S = 60.0  # how soon suggestions follow a rebuilt store
Reply = tuple[int, Any]  # status and JSON body, None for no body


class WebChannel(InputChannel):
    """Residents' channel for web pages."""

    def __init__(self, settings: WebSettings | None = None, offers: Offers | None = None) -> None:
        self._settings = settings or WebSettings.from_environment()
        self._tokens = SessionTokens(derived_key("web session"))
        self._log, self._book, self._board = TurnLog(), RequestBook(), NoticeBoard()
        self._turns = TurnTaker(self._log, self._book, self._board)
        self._offers = offers or Offers()
        self._offers_read = asyncio.Event()  # suggestions and hot questions wait for the first reading
        self._background: list[asyncio.Task[None]] = []
        self._by_session = Buckets(self._settings.messages_per_session)
        self._by_address = Buckets(self._settings.messages_per_address)
        self._new_by_address = Buckets(self._settings.sessions_per_address)
        self._looks_by_address = Buckets(self._settings.looks_per_address)
        self._erasures = Buckets(ERASURES)
        self._lookups = Buckets(LOOKUPS)
        self._patience = Patience(TURN_DEADLINE_S.read(), "web-log", THREADS)
        self._crowd, self._readiness, self._spool = shared_crowd(), Readiness(), Spool.of()
        self._metrics = BotMetrics(self._readiness)

    @classmethod
    def name(cls) -> str:
        """The address's part."""
        return NAME

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebChannel:
        """No credentials."""
        return cls()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes of the table above."""
        routes = Blueprint("web_channel", __name__)

        @routes.listener("before_server_start")
        async def prepare(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
            answer_preflights(app, PREFIX, self._settings.origins)
            wait_for(app, self._offers_read)
            self._background.append(loop.create_task(self._keep_offers_fresh()))

        @routes.listener("before_server_stop")
        async def stop(_app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
            for task in self._background:
                task.cancel()

        @routes.listener("after_server_start")
        async def announce(app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
            app.add_task(announce_when_ready(app))

        @routes.route("/ready", methods=["GET"])
        async def ready(request: Request) -> HTTPResponse:
            reasons = await self._readiness.faults(request.app)
            body = {
                "status": "not ready" if reasons else "ready",
                "reasons": reasons,
                "version": product_version(),
                "release": releases.serving,
                "warnings": [*releases.faults, *spool_faults(self._spool)],
            }
            return response.json(body, status=503 if reasons else 200, ensure_ascii=False)

        @routes.route("/metrics", methods=["GET"])
        async def metrics(request: Request) -> HTTPResponse:
            return await self._metrics.shown(request)

        @routes.route("/plan", methods=["GET"])
        async def plan(_request: Request) -> HTTPResponse:
            return response.redirect("/plan", status=301)

        async def message(request: Request) -> Reply:
            return await self._message(request, on_new_message)

        async def form(request: Request) -> HTTPResponse:
            reply = functools.partial(self._replied, request, on_new_message)
            limit_new = functools.partial(self._limit, self._new_by_address, network_of(request))
            return await answered_form(request, self._tokens, limit_new, reply)

        async def form_contact(request: Request) -> HTTPResponse:
            return await answered_contact(request, self._tokens, functools.partial(self._leave_by_form, request))

        routes.add_route(form_contact, "/form/contact", methods=["POST"], name="POST_form_contact")
        routes.add_route(form, "/form", methods=["POST"], name="POST_form")
        routes.add_route(self._served(message, limited=False), "/message", methods=["POST"], name="POST_message")
        for path, method, act in (
            ("/session", "POST", self._session),
            ("/history", "GET", self._history),
            ("/history", "DELETE", self._erase),
            ("/feedback", "POST", self._feedback),
            ("/contact", "POST", self._contact),
            ("/request", "GET", self._registered),
            ("/suggest", "GET", self._suggest),
            ("/hot", "GET", self._hot),
            ("/notice", "GET", self._notice),
        ):
            routes.add_route(self._served(act), path, methods=[method], name=f"{method}{path}".replace("/", "_"))
        return routes

    def _served(
        self, act: Callable[[Request], Awaitable[Reply]], *, limited: bool = True
    ) -> Callable[[Request], Awaitable[HTTPResponse]]:
        """A route: origin and limit checked (or left to `act`), refusals as JSON, nothing of a failure shown."""

        @functools.wraps(act)
        async def serve(request: Request) -> HTTPResponse:
            origin = allowed_origin(request, self._settings.origins)
            headers: dict[str, str] = {}
            try:
                if origin is None:
                    raise ApiError("origin")
                if limited:
                    self._limit(self._looks_by_address, network_of(request))
                status, body = await act(request)
            except (ApiError, SessionRefused, ConversationsError) as error:
                refused = _refusal(error)
                status, body = refused.status, refused.body()
                if refused.retry_after_s:
                    headers["Retry-After"] = str(refused.retry_after_s)
            headers = {**headers, **cors_headers(origin or ""), "Cache-Control": "no-store"}
            if body is None:
                return response.empty(status=status, headers=headers)
            return response.json(body, status=status, headers=headers, ensure_ascii=False)

        return serve

    async def _session(self, request: Request) -> Reply:
        self._limit(self._new_by_address, network_of(request))
        old = body_of(request).get("session")
        issued = self._tokens.issue(old if isinstance(old, str) else None)
        return 200, {"session": issued.token, "expires_in_s": issued.expires_in_s, "renewed": issued.renewed}

    async def _message(self, request: Request, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Reply:
        body = body_of(request)
        sender = self._tokens.session_of(token_of(request, body))
        message_id, text = message_of(body)
        return 200, await self._replied(request, on_new_message, sender, message_id, text)

    async def _replied(
        self, request: Request, on_new_message: Callable[[UserMessage], Awaitable[Any]], *asked: str
    ) -> list[dict[str, Any]]:
        """The messages to what was asked: sender, message id, text. Who is in danger is answered beyond any limit."""
        sender, message_id, text = asked
        network = network_of(request)
        try:
            if not is_warm(request.app):
                raise ApiError("unavailable", "", COLD_S)
            self._limit(self._looks_by_address, network)
            self._limit(self._by_session, sender)
            self._limit(self._by_address, network)
            with self._crowd.one_more():
                messages = await self._turns.take(on_new_message, text, sender, NAME, message_id, network=network)
        except (ApiError, TooManyAtOnce) as refused:
            in_danger = self._turns.in_danger(
                text, sender, NAME, message_id
            )  # is told whom to call, whatever the limit
            if in_danger is None:
                raise refused if isinstance(refused, ApiError) else ApiError("rate_limited", "", CROWDED_S) from None
            messages = in_danger
        return [{key: value for key, value in m.items() if key != "recipient_id"} for m in messages]

    async def _history(self, request: Request) -> Reply:
        session = self._known(request)
        turns = await self._patience.asked(self._log.history, session, HISTORY)
        return 200, {"turns": [_turn(turn) for turn in turns if turn.reply]}

    async def _erase(self, request: Request) -> Reply:
        session = self._known(request)
        self._limit(self._erasures, session)
        await self._turns.settle(session)
        await self._patience.asked(self._log.erase_session, session)
        self._turns.forget(session)
        return 204, None

    async def _feedback(self, request: Request) -> Reply:
        body = body_of(request)
        session = session_key(NAME, self._tokens.session_of(token_of(request, body)))
        answer_id, value, comment = vote_of(body)
        give = functools.partial(self._log.give_feedback, session=session)
        if not await self._patience.asked(give, answer_id, value, comment):
            raise ApiError("unknown", "answer_id")
        return 204, None

    async def _contact(self, request: Request) -> Reply:
        body = body_of(request)
        session = session_key(NAME, self._tokens.session_of(token_of(request, body)))
        await self._leave(session, body)
        return 204, None

    async def _leave_by_form(self, request: Request, sender: str, fields: Mapping[str, Any]) -> None:
        self._limit(self._looks_by_address, network_of(request))
        try:
            await self._leave(session_key(NAME, sender), fields)
        except ConversationsError as error:
            raise _refusal(error) from error

    async def _leave(self, session: str, fields: Mapping[str, Any]) -> None:
        reference, contact = contact_of(fields)
        turns = await self._patience.asked(self._log.history, session, HISTORY)
        answer_id = next((t.id for t in turns if t.outcome == "handoff" and reference in t.headline), "")
        if not await self._patience.asked(self._book.add_contact, answer_id, contact):
            raise ApiError("unknown", "reference")

    async def _registered(self, request: Request) -> Reply:
        session = self._known(request)
        self._limit(self._lookups, session)
        reference = reference_of(request.args.get("reference"))
        try:
            standing = await self._turns.requests.named(reference, session, network_of(request))
        except LookupLimited as refused:
            raise ApiError("rate_limited", retry_after_s=refused.seconds) from None
        if standing is None:
            raise ApiError("unknown", "reference")
        return 200, standing_body(standing)

    async def _suggest(self, request: Request) -> Reply:
        await self._offers_read.wait()
        found = self._offers.suggest(request.args.get("q", ""))
        return 200, {"suggestions": [{"question": s.question, "topic": s.topic} for s in found]}

    async def _hot(self, _request: Request) -> Reply:
        try:
            asked = [often.commitment_id for often in await self._patience.asked(self._log.most_asked)]
        except ConversationsError:
            logger.exception("web channel: the most asked questions could not be read")
            asked = []
        await self._offers_read.wait()
        questions, source = self._offers.hot(asked)
        return 200, {"questions": questions, "source": source, "plan": self._offers.plan or "规划"}

    async def _notice(self, _request: Request) -> Reply:
        notice = await self._patience.asked(self._board.current)
        if notice is None:
            return 200, {"notice": None}
        shown = {"zh": notice.zh, "en": notice.en, "kind": notice.kind, "answering_off": notice.answering_off}
        return 200, {"notice": shown}

    def _known(self, request: Request) -> str:
        return session_key(NAME, self._tokens.session_of(token_of(request, {})))

    @staticmethod
    def _limit(buckets: Buckets, key: str) -> None:
        wait_s = buckets.wait_s(key)
        if wait_s:
            raise ApiError("rate_limited", retry_after_s=wait_s)

    async def _keep_offers_fresh(self) -> None:
        while True:
            await _in_thread(self._offers.refresh)
            self._offers_read.set()
            await asyncio.sleep(REFRESH_S)


def _refusal(error: Exception) -> ApiError:
    """What the caller is told of an error."""
    if isinstance(error, ApiError):
        return error
    if isinstance(error, SessionRefused):
        return ApiError("session")
    logger.error("web channel: the log failed", exc_info=error)
    return ApiError("unavailable", retry_after_s=LOG_FAILED_S)


async def _in_thread(call: Callable[..., Any], *arguments: Any) -> Any:
    return await asyncio.get_running_loop().run_in_executor(None, functools.partial(call, *arguments))


def _turn(turn: Turn) -> dict[str, Any]:
    return {
        "message_id": turn.message_id,
        "message": turn.question,
        "at": turn.asked_at.isoformat(),
        "messages": list(turn.reply),
        "vote": turn.feedback,
    }
