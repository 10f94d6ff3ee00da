"""Requests signed and sealed as the platform does it, on wechatpy's own crypto; replies opened."""

from __future__ import annotations

import itertools
import random
import time
from dataclasses import dataclass
from urllib.parse import urlencode

import xmltodict
from wechatpy.crypto import WeChatCrypto
from wechatpy.enterprise.crypto import PrpCrypto as WeComCipher
from wechatpy.enterprise.crypto import WeChatCrypto as WeComCrypto
from wechatpy.utils import WeChatSigner

_serial = itertools.count(random.randrange(10**6))


@dataclass(frozen=True)
class PlatformAccount:
    """What platform and bot agreed on. `mode` is `plain`, `compatible` or `safe`."""

    app_id: str
    token: str
    mode: str = "plain"
    aes_key: str = ""
    wecom: bool = False
    secret: str = ""
    agent_id: int = 0


@dataclass
class Envelope:
    """One account's way of writing and reading."""

    account: PlatformAccount
    clock_s: float = 0.0  # how much the platform's clock is ahead

    def verification(self, echo: str) -> str:
        """The query of the `GET` with which the console verifies the address."""
        timestamp, nonce = self._stamp()
        if not self.account.wecom:
            signature = _sign(self.account.token, timestamp, nonce)
            return urlencode({"signature": signature, "timestamp": timestamp, "nonce": nonce, "echostr": echo})
        crypto = WeComCrypto(self.account.token, self.account.aes_key, self.account.app_id)
        sealed = WeComCipher(crypto.key).encrypt(echo, self.account.app_id).decode()
        signature = _sign(self.account.token, timestamp, nonce, sealed)
        return urlencode({"msg_signature": signature, "timestamp": timestamp, "nonce": nonce, "echostr": sealed})

    def message(self, xml: str) -> tuple[str, bytes]:
        """The query and body of the `POST` that brings a message."""
        timestamp, nonce = self._stamp()
        query = {"timestamp": timestamp, "nonce": nonce}
        fields = xmltodict.parse(xml)["xml"]
        if not self.account.wecom:
            query["signature"] = _sign(self.account.token, timestamp, nonce)
            query["openid"] = fields["FromUserName"]
        if self.account.mode == "plain" and not self.account.wecom:
            return urlencode(query), xml.encode()
        sealed = xmltodict.parse(self._crypto().encrypt_message(xml, nonce, timestamp))["xml"]
        query["msg_signature"] = sealed["MsgSignature"]
        if not self.account.wecom:
            query["encrypt_type"] = "aes"
        parts = f"<ToUserName><![CDATA[{fields['ToUserName']}]]></ToUserName><Encrypt><![CDATA[{sealed['Encrypt']}]]></Encrypt>"
        if self.account.mode == "compatible":
            return urlencode(query), xml.replace("</xml>", parts.split("</ToUserName>")[1] + "</xml>").encode()
        return urlencode(query), f"<xml>{parts}</xml>".encode()

    def open_reply(self, body: str) -> str | None:
        """The text of a passive reply; None for `success` and an empty body. Raises `ValueError` for anything else."""
        if body in ("", "success"):
            return None
        fields = xmltodict.parse(body)["xml"]
        if "Encrypt" in fields:
            crypto, signature = self._crypto(), fields["MsgSignature"]
            opened = crypto.decrypt_message(body, signature, fields["TimeStamp"], fields["Nonce"])
            fields = xmltodict.parse(opened)["xml"]
        elif self.account.mode == "safe" or self.account.wecom:
            raise ValueError("the platform shows nothing: a plain reply in safe mode")
        if fields["MsgType"] != "text" or len((fields["Content"] or "").encode()) > 2048:
            raise ValueError(f"the platform shows nothing: {fields['MsgType']}, or longer than 2,048 bytes")
        return str(fields["Content"])

    def _crypto(self) -> WeChatCrypto | WeComCrypto:
        kind = WeComCrypto if self.account.wecom else WeChatCrypto
        return kind(self.account.token, self.account.aes_key, self.account.app_id)

    def _stamp(self) -> tuple[str, str]:
        return str(int(time.time() + self.clock_s)), f"{random.randrange(10**4)}{next(_serial)}"


def _sign(*parts: str) -> str:
    signer = WeChatSigner()
    signer.add_data(*parts)
    return str(signer.signature)
