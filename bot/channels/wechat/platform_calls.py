"""Calls to the platform's API: one access token for all processes, timeouts, retries, circuit breaker.

Source: 微信官方文档「获取稳定版接口调用凭据」「客服消息 · 发消息」「自定义菜单 · 创建接口」;
企业微信开发者中心「获取 access_token」「发送应用消息」「创建菜单」.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import aiohttp

from bot.channels.wechat.accounts import Account, Kind
from bot.channels.wechat.breaker import CircuitBreaker
from bot.channels.wechat.error_codes import Remedy, explain, remedy_for
from bot.channels.wechat.errors import WeChatError

logger = logging.getLogger(__name__)
TIMEOUT = aiohttp.ClientTimeout(total=5.0, connect=2.0)  # the platform answers in 0.1 s; what needs 5 s hangs
ATTEMPTS = 3
BACKOFF_S = 0.5  # doubled each time, ±50 % so that processes do not call in step
RENEW_BEFORE_S = 300.0  # the platform lets an old token live on for 5 minutes after a new one
WAIT_FOR_REFRESH_S = 8.0  # longer than one fetch with its retries usually takes
POLL_S = 0.1


class TokenShelf(Protocol):
    """Where all processes find the token. `conversations.access_tokens.AccessTokens`, off the event loop."""

    async def read(self, account: str) -> tuple[str, float] | None:
        """The token and when it expires (seconds since 1970), or None."""

    async def may_refresh(self, account: str, for_s: float) -> bool:
        """True for one caller at a time: that one fetches, the others wait for what it writes."""

    async def write(self, account: str, token: str, expires_at: float) -> None:
        """Keep a new token and let the next refresh begin."""

    async def drop(self, account: str, token: str) -> None:
        """Forget the token if it is still this one."""


class CallFailed(WeChatError):
    """The platform did not do it. `again_later`: the same call may succeed in a few minutes."""

    def __init__(self, message: str, *, again_later: bool) -> None:
        super().__init__(message)
        self.again_later = again_later


class PlatformCalls:
    """What the bot asks of the platform in the name of one account. Nothing logged holds a token or an OpenID."""

    def __init__(
        self,
        account: Account,
        shelf: TokenShelf,
        now: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._account = account
        self._shelf = shelf
        self._now = now
        self._sleep = sleep
        self._breaker = CircuitBreaker(now)
        self._session: aiohttp.ClientSession | None = None

    async def send_text(self, follower: str, text: str) -> None:
        """Push a text to a follower. Raises `CallFailed`. After a time-out it may arrive twice, never not at all."""
        body: dict[str, Any] = {"touser": follower, "msgtype": "text", "text": {"content": text}}
        if self._account.kind is Kind.WECOM:
            await self._call("/cgi-bin/message/send", {**body, "agentid": self._account.agent_id})
        else:
            await self._call("/cgi-bin/message/custom/send", body)

    async def publish_menu(self, menu: dict[str, Any]) -> None:
        """Replace the account's menu. Raises `CallFailed`."""
        query = {"agentid": str(self._account.agent_id)} if self._account.kind is Kind.WECOM else {}
        await self._call("/cgi-bin/menu/create", menu, query)

    async def close(self) -> None:
        """Give the connections back."""
        if self._session is not None:
            await self._session.close()

    async def _call(self, path: str, body: dict[str, Any], query: dict[str, str] | None = None) -> None:
        token = await self._token()
        reply = await self._persistently("POST", path, body, {**(query or {}), "access_token": token})
        if remedy_for(_code(reply)) is Remedy.NEW_TOKEN and _code(reply):
            logger.info("wechat account=%s %s: %s，换一个再试", self._account.name, path, explain(_code(reply)))
            token = await self._another_token(token)
            reply = await self._persistently("POST", path, body, {**(query or {}), "access_token": token})
        self._raise_for(path, reply)

    async def _token(self) -> str:
        stored = await self._shelf.read(self._account.name)
        if stored and stored[1] - self._now() > RENEW_BEFORE_S:
            return stored[0]
        if not await self._shelf.may_refresh(self._account.name, WAIT_FOR_REFRESH_S):
            found = await self._fetched_by_another(stored)
            if found:
                return found
        return await self._fetch(force=False)

    async def _another_token(self, refused: str) -> str:
        """The token that another process fetched meanwhile, or a new one, by force only if the same came back."""
        await self._shelf.drop(self._account.name, refused)
        token = await self._token()
        return await self._fetch(force=True) if token == refused else token

    async def _fetched_by_another(self, old: tuple[str, float] | None) -> str | None:
        deadline = self._now() + WAIT_FOR_REFRESH_S
        while self._now() < deadline:
            await self._sleep(POLL_S)
            stored = await self._shelf.read(self._account.name)
            if stored and stored != old:
                return stored[0]
        return old[0] if old and old[1] > self._now() else None

    async def _fetch(self, *, force: bool) -> str:
        account = self._account
        if account.kind is Kind.WECOM:
            path = "/cgi-bin/gettoken"
            query = {"corpid": account.app_id, "corpsecret": account.app_secret}
            reply = await self._persistently("GET", path, None, query)
        else:
            path = "/cgi-bin/stable_token"
            body = {"grant_type": "client_credential", "appid": account.app_id, "secret": account.app_secret}
            reply = await self._persistently("POST", path, {**body, "force_refresh": force}, {})
        self._raise_for(path, reply)
        token = reply.get("access_token")
        if not isinstance(token, str) or not token:
            raise CallFailed(f"{path} 的回答里没有 access_token / no token in the reply", again_later=True)
        lives_s = reply.get("expires_in")
        lives_s = float(lives_s) if isinstance(lives_s, (int, float)) else 7200.0
        await self._shelf.write(account.name, token, self._now() + lives_s)
        return token

    async def _persistently(
        self, method: str, path: str, body: dict[str, Any] | None, query: dict[str, str]
    ) -> dict[str, Any]:
        """The platform's reply; tried again while it is busy or silent. Raises `CallFailed` when it stays so."""
        fault = ""
        for attempt in range(ATTEMPTS):
            if attempt:
                await self._sleep(BACKOFF_S * 2 ** (attempt - 1) * random.uniform(0.5, 1.5))
            if not self._breaker.allows():
                raise CallFailed(f"{path} 暂停调用：平台连续没有回答 / circuit open", again_later=True)
            reply = await self._once(method, path, body, query)
            if isinstance(reply, dict) and remedy_for(_code(reply)) is not Remedy.AGAIN:
                self._breaker.succeeded()
                return reply
            fault = reply if isinstance(reply, str) else explain(_code(reply))
            self._breaker.failed()
            logger.warning("wechat account=%s %s 第 %d 次：%s", self._account.name, path, attempt + 1, fault)
        raise CallFailed(f"{path} 试了 {ATTEMPTS} 次：{fault}", again_later=True)

    async def _once(
        self, method: str, path: str, body: dict[str, Any] | None, query: dict[str, str]
    ) -> dict[str, Any] | str:
        """The JSON object, or what went wrong. Exceptions are named, not printed: their text holds the address."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=TIMEOUT)
        try:
            url = self._account.api_url + path
            async with self._session.request(method, url, json=body, params=query) as reply:
                if reply.status != 200:
                    return f"HTTP {reply.status}"
                content = await reply.json(content_type=None)
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            return type(error).__name__
        return content if isinstance(content, dict) else "回答不是 JSON 对象 / not a JSON object"

    def _raise_for(self, path: str, reply: dict[str, Any]) -> None:
        code = _code(reply)
        if code:
            raise CallFailed(f"{path}：{explain(code)}", again_later=remedy_for(code) is Remedy.LATER)


def _code(reply: dict[str, Any]) -> int:
    code = reply.get("errcode", 0)
    return code if isinstance(code, int) else 0
