"""What a request must pass before anything of it is processed: signature, time, nonce, size, XML."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.channels.wechat.accounts import Account, Kind, Mode
from bot.channels.wechat.envelope import Incoming, check_signature, decrypt, read_message
from bot.channels.wechat.errors import Malformed, NotFromPlatform
from bot.channels.wechat.xml_fields import read_fields

MAX_AGE_S = 300  # the platform signs at the moment it sends; five minutes are for clocks that differ
MAX_NONCE_CHARS = 128  # the platform's have 9 to 16
Query = Mapping[str, str]
FirstUse = Callable[[str, str], Awaitable[bool]]


class RequestVerifier:
    """Lets through what the platform sent, once. `first_use(account, nonce)` says whether a nonce is new."""

    def __init__(self, first_use: FirstUse, now: Callable[[], float]) -> None:
        self._first_use = first_use
        self._now = now

    async def echo(self, account: Account, query: Query) -> str:
        """What the platform wants back when its console verifies the address.

        Raises `NotFromPlatform`, or `Malformed` for a WeCom `echostr` that cannot be deciphered.
        """
        echo = query.get("echostr", "")
        if account.kind is Kind.WECOM:
            self._check(account, query, "msg_signature", echo)
            echo = decrypt(account, echo)
        else:
            self._check(account, query, "signature")
        await self._use_nonce(account, query)
        return echo

    async def message(self, account: Account, query: Query, body: Callable[[], Awaitable[bytes]]) -> Incoming:
        """The message or event of a POST; the body is read only if the query's own signature is right.

        Raises a `Refused`.
        """
        if account.mode is Mode.PLAIN or "signature" in query:
            self._check(account, query, "signature")
        if account.mode is Mode.SAFE and "msg_signature" not in query:
            raise NotFromPlatform("账号是安全模式，收到的请求没有 msg_signature / a safe account refuses plain bodies")
        fields = read_fields(await body())
        if account.mode is not Mode.PLAIN and "msg_signature" in query:
            self._check(account, query, "msg_signature", fields.get("Encrypt", ""))
            fields = read_fields(decrypt(account, fields.get("Encrypt", "")).encode())
        elif account.mode is Mode.COMPATIBLE and "signature" not in query:
            raise NotFromPlatform("请求没有签名 / no signature")
        elif "Encrypt" in fields and "MsgType" not in fields:
            raise Malformed("账号配置为明文模式，收到的是密文 — 与平台后台的消息加解密方式改成一样 / unexpected cipher")
        message = read_message(fields)
        await self._use_nonce(account, query)
        return message

    def _check(self, account: Account, query: Query, name: str, *sealed: str) -> None:
        """The signature, and that what it signs is not old."""
        given, timestamp, nonce = query.get(name, ""), query.get("timestamp", ""), query.get("nonce", "")
        check_signature(given, account.token, timestamp, nonce, *sealed)
        if not (timestamp.isascii() and timestamp.isdecimal()) or abs(self._now() - int(timestamp)) > MAX_AGE_S:
            raise NotFromPlatform("时间戳与本机相差超过 5 分钟 — 核对本机时钟 / timestamp out of the window")

    async def _use_nonce(self, account: Account, query: Query) -> None:
        """Last: neither an attacker nor a broken request uses up a nonce or costs a write."""
        nonce = query.get("nonce", "")
        if not 0 < len(nonce) <= MAX_NONCE_CHARS or not await self._first_use(account.name, nonce):
            raise NotFromPlatform("nonce 用过了，是重放 / nonce seen before")
