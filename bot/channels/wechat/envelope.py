"""The one module that knows wechatpy: signatures, ciphers, messages in, replies out (docs/decisions/0012).

wechatpy 1.8.18 compares signatures with `!=`, draws the cipher's random bytes from `random` and writes CDATA
unescaped; here signatures are compared in constant time, the bytes come from `secrets`, and text is made safe.

Source: 微信官方文档 · 公众号「消息加解密说明」「接收普通消息」「接收事件推送」「被动回复用户消息」;
企业微信开发者中心「回调配置」「加解密方案说明」.
"""

from __future__ import annotations

import hmac
import re
import secrets
import string
import time
from dataclasses import dataclass

from wechatpy.crypto import BasePrpCrypto, WeChatCrypto
from wechatpy.events import EVENT_TYPES
from wechatpy.exceptions import WeChatException
from wechatpy.messages import MESSAGE_TYPES, BaseMessage, UnknownMessage
from wechatpy.replies import TextReply
from wechatpy.utils import WeChatSigner

from bot.channels.wechat.accounts import Account
from bot.channels.wechat.errors import Malformed, NotFromPlatform

MAX_ID_CHARS = 64  # OpenIDs have 28 characters, WeCom's UserIDs up to 64
_ALPHABET = string.ascii_letters + string.digits
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Incoming:
    """A follower's message or event. `text` is what was typed or, in a voice message, recognised.

    `message_id` is empty for events; `event` is in lower case and empty for messages; `created_at` is in
    seconds since 1970.
    """

    kind: str
    follower: str
    account_id: str
    created_at: int
    message_id: str = ""
    text: str = ""
    event: str = ""
    event_key: str = ""


class _SecretPadding(BasePrpCrypto):  # type: ignore[misc]
    """wechatpy's cipher with random bytes that nobody can foretell."""

    def get_random_string(self) -> str:
        """16 characters."""
        return "".join(secrets.choice(_ALPHABET) for _ in range(16))

    def encrypt(self, text: str, identity: str) -> bytes:
        """Base64 of the cipher text."""
        return self._encrypt(text, identity)

    def decrypt(self, text: str, identity: str) -> str:
        """The message; raises `WeChatException` when it was sealed for another account."""
        return self._decrypt(text, identity, lambda: WeChatException(0, "other account"))


def signature_of(*parts: str) -> str:
    """SHA-1 hex of the sorted, joined parts: (token, timestamp, nonce), or with the `Encrypt` text as fourth."""
    signer = WeChatSigner()
    signer.add_data(*parts)
    return str(signer.signature)


def check_signature(given: str, *parts: str) -> None:
    """Raise `NotFromPlatform` unless `given` signs the parts; takes the same time wherever they differ."""
    expected = signature_of(*parts).encode()
    if not hmac.compare_digest(expected, given.encode("utf-8", "replace")):
        raise NotFromPlatform("签名不对 — 核对平台后台与配置里的 token 是否一样 / wrong signature")


def decrypt(account: Account, sealed: str) -> str:
    """The message in an `Encrypt` text or a WeCom `echostr`, whose signature was checked before.

    Raises `Malformed` when the key or the AppID is not the one it was sealed with.
    """
    try:
        return str(_cipher(account).decrypt(sealed, account.app_id))
    except Exception:
        raise Malformed(
            "密文解不开 — 核对 EncodingAESKey 和 AppID/CorpID 与平台后台是否一样 / cannot be deciphered"
        ) from None


def encrypt_reply(account: Account, xml: str, nonce: str) -> str:
    """A reply's XML sealed and signed as the platform does it."""
    crypto = WeChatCrypto(account.token, account.aes_key, account.app_id)
    return str(crypto._encrypt_message(xml, nonce, str(int(time.time())), _SecretPadding))


def read_message(fields: dict[str, str]) -> Incoming:
    """The message in the platform's fields. Raises `Malformed` when sender, receiver, type or time is missing."""
    kind = fields.get("MsgType", "").lower()
    event = fields.get("Event", "").lower() if kind == "event" else ""
    message: BaseMessage = (EVENT_TYPES if event else MESSAGE_TYPES).get(event or kind, UnknownMessage)(dict(fields))
    try:
        incoming = Incoming(
            kind=kind,
            follower=str(message.source or ""),
            account_id=str(message.target or ""),
            created_at=int(message.time or 0),
            message_id=str(message.id or ""),
            text=_text_of(message, kind),
            event=event,
            event_key=fields.get("EventKey", ""),
        )
    except ValueError:
        raise Malformed("MsgId 或 CreateTime 不是数字 / MsgId or CreateTime is not a number") from None
    if not (kind and 0 < len(incoming.follower) <= MAX_ID_CHARS and incoming.account_id and incoming.created_at > 0):
        raise Malformed("缺少 FromUserName、ToUserName、MsgType 或 CreateTime / a field is missing")
    if not incoming.message_id and kind != "event":
        raise Malformed("缺少 MsgId / MsgId is missing")
    return incoming


def text_reply(incoming: Incoming, text: str) -> str:
    """The XML of a passive text reply."""
    clean = _NOT_IN_XML.sub("", text).replace("]]>", "]]]]><![CDATA[>")
    reply = TextReply(source=incoming.account_id, target=incoming.follower, content=clean, time=int(time.time()))
    return str(reply.render())


def _cipher(account: Account) -> _SecretPadding:
    return _SecretPadding(WeChatCrypto(account.token, account.aes_key, account.app_id).key)


def _text_of(message: BaseMessage, kind: str) -> str:
    if kind == "text":
        return str(message.content or "")
    return str(message.recognition or "") if kind == "voice" else ""
