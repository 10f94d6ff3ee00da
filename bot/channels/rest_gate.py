"""Whom the REST channel lets in: JSON only, no other site's pages, the operator's token where one is set, not too fast.

All of it is decided by the headers, before the body is looked at, but for the pace of one sender.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from sanic.request import Request

from bot.channels.callers import network_of
from bot.channels.limits import Allowance, Buckets
from bot.channels.origins import allowed_origin
from conversations.identity import installation_token
from settings.bot import REST_MESSAGES_PER_MINUTE, REST_MESSAGES_PER_MINUTE_PER_ADDRESS, REST_TOKEN, WEB_ORIGINS
from wire.secret_files import check_secret

NOT_JSON = "请求要带 Content-Type: application/json / the content type must be application/json"
OTHER_SITE = "别的网站的页面不能这样提问，请用网页组件 / pages of other sites use the widget"
NO_BEARER = "请求要带 Authorization: Bearer 和 REST_TOKEN / the bearer token is missing or wrong"
NO_TOOL = "只有本安装的程序能试问 / only programs of this installation rehearse"
TOO_FAST = "问得太快了，请稍等 {seconds} 秒再试 / too many requests, try again in {seconds} s"


@dataclass(frozen=True)
class RestRefused(Exception):
    """What a caller is told instead of an answer: a status, a sentence, and when to try again (0: never as it is)."""

    status: int
    words: str
    retry_after_s: int = 0

    @classmethod
    def too_fast(cls, seconds: int) -> RestRefused:
        """429: the same may be tried again."""
        return cls(429, TOO_FAST.format(seconds=seconds), seconds)

    @property
    def headers(self) -> dict[str, str]:
        """`Retry-After` where that helps."""
        headers = {"Retry-After": str(self.retry_after_s)} if self.retry_after_s else {}
        return headers | ({"WWW-Authenticate": "Bearer"} if self.status == 401 else {})


class RestGate:
    """Reads the settings once, at start. Raises `SettingWrong`, `SecretRefused`, `SecretUnusable`."""

    def __init__(self) -> None:
        self._token = REST_TOKEN.read()
        if self._token:
            check_secret(self._token, REST_TOKEN.name)
        self._tools = installation_token("rest tools")
        self._origins = WEB_ORIGINS.read()
        self._by_address = Buckets(Allowance.a_minute(REST_MESSAGES_PER_MINUTE_PER_ADDRESS))
        self._by_sender = Buckets(Allowance.a_minute(REST_MESSAGES_PER_MINUTE))

    def check(self, request: Request) -> None:
        """Raise `RestRefused` for a request that may not be read."""
        if _media_type(request) != "application/json":
            raise RestRefused(415, NOT_JSON)
        if allowed_origin(request, self._origins) is None:
            raise RestRefused(403, OTHER_SITE)
        if self._token and not self._bears_token(request):
            raise RestRefused(401, NO_BEARER)

    def check_tool(self, request: Request) -> None:
        """Raise `RestRefused` unless a program of this installation asks: nobody outside rehearses."""
        if not _bears(request, self._tools):
            raise RestRefused(401, NO_TOOL)

    def check_pace(self, request: Request, sender: str) -> None:
        """Raise `RestRefused` for a message that comes too soon. Who bears a token speaks for many: no address is counted."""
        seconds, network = self._by_sender.wait_s(sender), self.counted(request)
        if not seconds and network:
            seconds = self._by_address.wait_s(network)
        if seconds:
            raise RestRefused.too_fast(seconds)

    def counted(self, request: Request) -> str:
        """The network that a request counts for, "" for one that speaks for many."""
        return "" if self._bears_token(request) else network_of(request)

    def _bears_token(self, request: Request) -> bool:
        """The operator's, or the one that tools beside the product derive from the installation's secret."""
        return _bears(request, self._token, self._tools)


def _bears(request: Request, *tokens: str) -> bool:
    """Whether a request's `Authorization` holds one of the tokens; an empty one is none."""
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    borne = given.strip().encode("utf-8", "replace")
    return kind.lower() == "bearer" and any(hmac.compare_digest(borne, each.encode()) for each in tokens if each)


def _media_type(request: Request) -> str:
    return str(request.headers.get("Content-Type", "")).partition(";")[0].strip().lower()
