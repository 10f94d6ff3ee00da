"""The platform's API on loopback: tokens, customer-service messages, menus, with its error codes, delays and limits."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from wechat_sim.envelope import PlatformAccount

WINDOW_S = 48 * 3600.0  # customer-service messages after a follower's message
MOST_PUSHED = 5  # in that window
TOKEN_S = 7200


@dataclass(frozen=True)
class Pushed:
    """A text that was pushed to a follower."""

    to: str
    text: str
    at: float


@dataclass
class FakePlatform:
    """Serves one account. `faults` are played in order on calls that are not for a token: an error code, `"drop"`,
    an HTTP status as `"500"`, or a delay in seconds as a float. `token_faults` the same for tokens.
    """

    account: PlatformAccount
    verified: bool = True
    most_pushed: int = MOST_PUSHED
    faults: deque[int | float | str] = field(default_factory=deque)
    token_faults: deque[int | float | str] = field(default_factory=deque)
    pushed: list[Pushed] = field(default_factory=list)
    menus: list[dict[str, Any]] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    on_push: Callable[[Pushed], None] | None = None
    last_message_at: dict[str, float] = field(default_factory=dict)
    port: int = 0

    def __post_init__(self) -> None:
        self._serial = itertools.count(1)
        self._tokens: dict[str, float] = {}
        self._loop = asyncio.new_event_loop()
        self._thread: threading.Thread | None = None
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where the API is."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> FakePlatform:
        """Serve in a thread of its own; returns itself once it does."""
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._serve(), self._loop).result(10)
        return self

    def stop(self) -> None:
        """End the thread."""
        asyncio.run_coroutine_threadsafe(self._shut(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        if self._thread is not None:
            self._thread.join(10)
        self._loop.close()

    def heard_from(self, follower: str) -> None:
        """A follower wrote: the window opens anew."""
        self.last_message_at[follower] = time.time()

    def expire_tokens(self) -> None:
        """As if two hours had passed."""
        self._tokens.clear()

    async def _serve(self) -> None:
        app = web.Application()
        app.router.add_post("/cgi-bin/stable_token", self._played(self.token_faults, self._stable_token))
        app.router.add_get("/cgi-bin/gettoken", self._played(self.token_faults, self._wecom_token))
        app.router.add_post("/cgi-bin/message/custom/send", self._played(self.faults, self._send))
        app.router.add_post("/cgi-bin/message/send", self._played(self.faults, self._send))
        app.router.add_post("/cgi-bin/menu/create", self._played(self.faults, self._menu))
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]

    async def _shut(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _played(
        self, faults: deque[int | float | str], handler: Callable[[web.Request], Awaitable[dict[str, Any]]]
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            self.calls[request.path] += 1
            fault = faults.popleft() if faults else None
            if isinstance(fault, float):
                await asyncio.sleep(fault)
            if fault == "drop":
                assert request.transport is not None
                request.transport.close()
                return web.Response()
            if isinstance(fault, str):
                return web.Response(status=int(fault))
            if isinstance(fault, int):
                return web.json_response({"errcode": fault, "errmsg": "played"})
            return web.json_response(await handler(request))

        return handle

    async def _stable_token(self, request: web.Request) -> dict[str, Any]:
        asked = await request.json()
        if asked.get("grant_type") != "client_credential" or asked.get("appid") != self.account.app_id:
            return {"errcode": 40013, "errmsg": "invalid appid"}
        if asked.get("secret") != self.account.secret:
            return {"errcode": 40125, "errmsg": "invalid appsecret"}
        return self._token(new=bool(asked.get("force_refresh")))

    async def _wecom_token(self, request: web.Request) -> dict[str, Any]:
        if request.query.get("corpsecret") != self.account.secret:
            return {"errcode": 40001, "errmsg": "invalid credential"}
        return {"errcode": 0, "errmsg": "ok", **self._token(new=False)}

    def _token(self, *, new: bool) -> dict[str, Any]:
        now = time.time()
        if new:
            self._tokens.clear()
        token = next((value for value, until in self._tokens.items() if until > now), None)
        if token is None:
            token = f"token-{next(self._serial)}-{self.account.app_id}"
            self._tokens = {token: now + TOKEN_S}
        return {"access_token": token, "expires_in": int(self._tokens[token] - now)}

    async def _send(self, request: web.Request) -> dict[str, Any]:
        if self._tokens.get(request.query.get("access_token", ""), 0) < time.time():
            return {"errcode": 42001, "errmsg": "access_token expired"}
        if not self.verified:
            return {"errcode": 48001, "errmsg": "api unauthorized"}
        body = await request.json()
        to, text, now = body["touser"], body["text"]["content"], time.time()
        since = self.last_message_at.get(to, 0.0)
        if now - since > WINDOW_S and not self.account.wecom:
            return {"errcode": 45015, "errmsg": "response out of time limit"}
        if len(text.encode()) > 2048:
            return {"errcode": 45002, "errmsg": "content size out of limit"}
        if sum(p.to == to and p.at > since for p in self.pushed) >= self.most_pushed:
            return {"errcode": 45047, "errmsg": "out of response count limit"}
        pushed = Pushed(to, text, now)
        self.pushed.append(pushed)
        if self.on_push is not None:
            self.on_push(pushed)
        return {"errcode": 0, "errmsg": "ok"}

    async def _menu(self, request: web.Request) -> dict[str, Any]:
        if self._tokens.get(request.query.get("access_token", ""), 0) < time.time():
            return {"errcode": 40001, "errmsg": "invalid credential"}
        self.menus.append(await request.json())
        return {"errcode": 0, "errmsg": "ok"}
