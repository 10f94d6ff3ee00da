"""`/webhooks/wechat/callback`: where the platform delivers followers' messages.

`GET` and `POST` at `/webhooks/wechat/callback` for the first account, `/webhooks/wechat/callback/<name>` for each.
Statuses: 403 not from the platform, 400 malformed, 413 over 64 KB, 404 no such account, 503 the log cannot erase.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import rasa_patches
from bot.channels.readiness import faults
from bot.channels.turns import TurnTaker
from bot.channels.wechat.accounts import Account, Kind, Mode, load_accounts
from bot.channels.wechat.answering import ANSWERED_EVENTS, Answering
from bot.channels.wechat.deliverer import CHANNEL, Deliverer
from bot.channels.wechat.envelope import Incoming, encrypt_reply, text_reply
from bot.channels.wechat.errors import AccountsWrong, Malformed, NotFromPlatform, Refused, TooLarge
from bot.channels.wechat.hot_questions import HotQuestions
from bot.channels.wechat.menu import Menu
from bot.channels.wechat.platform_calls import PlatformCalls
from bot.channels.wechat.shared_store import SharedNonces, SharedTokens
from bot.channels.wechat.verification import RequestVerifier
from conversations.access_tokens import AccessTokens
from conversations.database import Database
from conversations.deliveries import Deliveries
from conversations.errors import ConversationsError
from conversations.followers import Followers
from conversations.nonces import Nonces
from conversations.turn_log import TurnLog
from conversations.vault import Vault

logger = logging.getLogger(__name__)
MAX_BODY_BYTES = 64 * 1024
TAKE_UP_EVERY_S = 30.0
NOTHING_CONFIGURED = "没有这个微信账号 — 配置方法见 docs/wechat.md / no such account is configured"
_STATUS: dict[type[Refused], int] = {NotFromPlatform: 403, Malformed: 400, TooLarge: 413}


class WeChatNotUsable(RasaException):
    """The accounts' configuration is wrong; Rasa prints the message and stops."""


class WeChatChannel(InputChannel):
    """Official accounts and WeCom applications; without an account every address answers 404."""

    def __init__(self, accounts: Mapping[str, Account]) -> None:
        rasa_patches.apply()
        self._accounts = accounts

    @classmethod
    def name(cls) -> str:
        """The address's part: `/webhooks/wechat/`."""
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WeChatChannel:
        """The accounts of the environment, see `accounts`. Raises `WeChatNotUsable`."""
        try:
            return cls(load_accounts())
        except AccountsWrong as error:
            raise WeChatNotUsable(str(error)) from None

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The health check and the callbacks."""
        routes = Blueprint("wechat_channel", __name__)
        desks: list[_Desk] = []  # one, made in the process that serves: the server may fork before

        @routes.route("/", methods=["GET"])
        async def health(_request: Request) -> HTTPResponse:
            return response.json({"status": "ok" if self._accounts else "disabled", "accounts": len(self._accounts)})

        async def callback(request: Request, name: str = "") -> HTTPResponse:
            account = self._accounts.get(name or next(iter(self._accounts), ""))
            if account is None:
                return response.json({"error": NOTHING_CONFIGURED}, status=404, ensure_ascii=False)
            return await desks[0].handle(account, request)

        async def start(app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
            desks.append(_Desk(self._accounts, on_new_message))
            await desks[0].start(app)

        async def stop(_app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
            await desks[0].stop()

        for number, path in enumerate(("/callback", "/callback/<name>")):
            routes.add_route(callback, path, methods=["GET", "POST"], name=f"callback_{number}", stream=True)
        if self._accounts:
            routes.listener("before_server_start")(start)
            routes.listener("before_server_stop")(stop)
        return routes


class _Desk:
    """What one process needs to serve its accounts, put together."""

    def __init__(
        self, accounts: Mapping[str, Account], on_new_message: Callable[[UserMessage], Awaitable[Any]]
    ) -> None:
        self._on_new_message = on_new_message
        self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="wechat")
        self._database, vault = Database(), Vault()
        database = self._database
        self._log = TurnLog()
        self._turns = TurnTaker()
        self._verifier = RequestVerifier(SharedNonces(Nonces(database), self._in_thread, _now), time.time)
        shelf = SharedTokens(AccessTokens(database, vault, _now), self._in_thread)
        self._calls = {name: PlatformCalls(account, shelf, time.time) for name, account in accounts.items()}
        self._nonces = Nonces(database)
        followers = Followers(database, vault)
        self._deliverer = Deliverer(
            accounts,
            self._calls,
            Answering(self._log, HotQuestions(self._log), Menu.load(), self._in_thread),
            self._take_turn,
            Deliveries(database, vault, followers, worker=secrets.token_hex(8)),
            followers,
            self._in_thread,
            self._foresees_danger,
            self._set_aside,
        )
        self._tasks: list[asyncio.Task[None]] = []

    async def handle(self, account: Account, request: Request) -> HTTPResponse:
        """A request to an account's callback, whatever it is."""
        arrived = asyncio.get_running_loop().time()
        query = {name: values[0] for name, values in request.get_args(keep_blank_values=True).items()}
        try:
            if request.method == "GET":
                return response.text(await self._verifier.echo(account, query))
            message = await self._verifier.message(account, query, lambda: _read_body(request))
        except Refused as refusal:
            logger.warning("wechat account=%s refused: %s", account.name, refusal)
            return response.text("", status=_STATUS[type(refusal)])
        try:
            text = await self._text_for(account, message, arrived)
        except ConversationsError as error:
            logger.error("wechat account=%s: %s", account.name, error)
            return response.text("", status=503)  # the platform delivers again
        return _respond(account, message, query, text)

    async def start(self, app: Sanic) -> None:
        """Begin what runs beside requests; the database is opened now, not while the first follower waits."""
        try:
            await self._in_thread(self._database.ensure_ready)
        except ConversationsError as error:
            logger.error("wechat: %s", error)
        self._tasks = [asyncio.create_task(self._deliverer.heartbeat()), asyncio.create_task(self._tend(app))]

    async def stop(self) -> None:
        """End it, and give connections back; what is under way is on disk and taken up at the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._deliverer.stop()
        for calls in self._calls.values():
            await calls.close()

    async def _text_for(self, account: Account, message: Incoming, arrived: float) -> str | None:
        if message.event == "unsubscribe":
            await self._deliverer.forget(account, message, self._log.erase_session)
            return None
        if message.kind == "event" and message.event not in ANSWERED_EVENTS:
            return None
        return await self._deliverer.receive(account, message, arrived)

    async def _take_turn(self, text: str, sender: str, message_id: str) -> list[dict[str, Any]]:
        return await self._turns.take(self._on_new_message, text, sender, CHANNEL, message_id=message_id)

    async def _foresees_danger(self, text: str, sender: str) -> bool:
        return await self._turns.foresees_danger(text, sender, CHANNEL)

    def _set_aside(self, text: str, sender: str, message_id: str) -> list[dict[str, Any]]:
        return self._turns.set_aside(text, sender, CHANNEL, message_id)

    async def _tend(self, app: Sanic) -> None:
        """As soon as questions can be answered, and then now and again: what died halfway is finished."""
        while await faults(app):  # noqa: ASYNC110 - other processes, no event to await
            await asyncio.sleep(1)
        while True:
            try:
                await self._deliverer.take_up()
                await self._in_thread(self._nonces.forget_old, _now())
            except Exception:
                logger.exception("wechat: unfinished deliveries could not be taken up")
            await asyncio.sleep(TAKE_UP_EVERY_S)

    async def _in_thread(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._pool, function, *arguments)


async def _read_body(request: Request) -> bytes:
    """The body, read piece by piece and no further than the limit. Raises `TooLarge`."""
    body = bytearray()
    while (part := await request.stream.read()) is not None:
        body += part
        if len(body) > MAX_BODY_BYTES:
            raise TooLarge(f"请求体超过 {MAX_BODY_BYTES} 字节 / body too large")
    return bytes(body)


def _respond(account: Account, message: Incoming, query: Mapping[str, str], text: str | None) -> HTTPResponse:
    """A passive reply, or what tells the platform that none will come."""
    if text is None:
        return response.text("" if account.kind is Kind.WECOM else "success")
    xml = text_reply(message, text)
    if account.mode is Mode.SAFE:
        xml = encrypt_reply(account, xml, query.get("nonce", ""))
    return response.raw(xml.encode(), content_type="application/xml; charset=utf-8")


def _now() -> datetime:
    return datetime.now(timezone.utc)
