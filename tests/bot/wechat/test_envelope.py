"""Signatures and ciphers against vectors made by hand from the published algorithm, and against WeCom's sample."""

from __future__ import annotations

import base64
import hashlib
import os
import struct
import xml.etree.ElementTree as ElementTree

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.channels.wechat.accounts import Account, Kind, Mode
from bot.channels.wechat.envelope import (
    Incoming,
    check_signature,
    decrypt,
    encrypt_reply,
    read_message,
    signature_of,
    text_reply,
)
from bot.channels.wechat.errors import Malformed, NotFromPlatform

KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
ACCOUNT = Account("main", "wx0123456789abcdef", token="spamtest", mode=Mode.SAFE, aes_key=KEY)
WECOM = Account(
    "corp",
    "wx5823bf96d3bd56c7",
    token="QDG6eK",
    mode=Mode.SAFE,
    aes_key="jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
    kind=Kind.WECOM,
    agent_id=1,
)
WECOM_ECHO = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="


def seal_by_hand(text: str, identity: str, key: str = KEY) -> str:
    """The published algorithm, step by step: random, length, text, identity, PKCS#7 to 32, AES-256-CBC, base64."""
    secret = base64.b64decode(key + "=")
    plain = os.urandom(16) + struct.pack(">I", len(text.encode())) + text.encode() + identity.encode()
    padding = 32 - len(plain) % 32
    encryptor = Cipher(algorithms.AES(secret), modes.CBC(secret[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()).decode()


def open_by_hand(sealed: str, key: str = KEY) -> tuple[str, str]:
    """The same backwards: (text, identity)."""
    secret = base64.b64decode(key + "=")
    decryptor = Cipher(algorithms.AES(secret), modes.CBC(secret[:16])).decryptor()
    plain = decryptor.update(base64.b64decode(sealed)) + decryptor.finalize()
    plain = plain[: -plain[-1]]
    length = struct.unpack(">I", plain[16:20])[0]
    return plain[20 : 20 + length].decode(), plain[20 + length :].decode()


def sign_by_hand(*parts: str) -> str:
    """SHA-1 of the sorted concatenation."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def test_the_signature_is_the_published_one() -> None:
    """Three parts for plain requests, four with the cipher text."""
    assert signature_of("spamtest", "1409735669", "1320562132") == sign_by_hand("spamtest", "1409735669", "1320562132")
    assert signature_of("t", "1", "2", "cipher") == sign_by_hand("t", "1", "2", "cipher")


@pytest.mark.parametrize("given", ["", "0" * 40, "Ä" * 40, "\ud800", sign_by_hand("t", "1", "2").upper()])
def test_a_wrong_signature_is_refused(given: str) -> None:
    """Whatever it is made of."""
    with pytest.raises(NotFromPlatform):
        check_signature(given, "t", "1", "2")
    check_signature(sign_by_hand("t", "1", "2"), "t", "1", "2")


def test_the_published_wecom_sample() -> None:
    """Token, key, CorpID, signature and echostr as WeCom prints them."""
    check_signature("5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", WECOM.token, "1409659589", "263014780", WECOM_ECHO)
    assert decrypt(WECOM, WECOM_ECHO) == "1616140317555161061"


def test_what_was_sealed_by_hand_is_opened() -> None:
    """Chinese, and a length that is a multiple of the block."""
    for text in ("<xml>养老</xml>", "x" * (32 - 20 - len(ACCOUNT.app_id) + 32)):
        assert decrypt(ACCOUNT, seal_by_hand(text, ACCOUNT.app_id)) == text


@pytest.mark.parametrize(
    "sealed",
    [
        "",
        "AAAA",
        "not base64 %",
        base64.b64encode(b"x" * 64).decode(),
        pytest.param(seal_by_hand("text", "wxAnotherAccount"), id="another account's"),
        pytest.param(seal_by_hand("text", ACCOUNT.app_id, KEY[::-1]), id="another key's"),
    ],
)
def test_what_is_not_ours_is_malformed(sealed: str) -> None:
    """Another account's, another key's, or no cipher text at all."""
    with pytest.raises(Malformed):
        decrypt(ACCOUNT, sealed)


def test_a_reply_can_be_opened_by_hand() -> None:
    """Sealed, signed over the cipher text, with the request's nonce."""
    root = ElementTree.fromstring(encrypt_reply(ACCOUNT, "<xml>答复</xml>", "12345"))
    sealed, timestamp = root.findtext("Encrypt") or "", root.findtext("TimeStamp") or ""
    assert open_by_hand(sealed) == ("<xml>答复</xml>", ACCOUNT.app_id)
    assert root.findtext("Nonce") == "12345"
    assert root.findtext("MsgSignature") == sign_by_hand("spamtest", timestamp, "12345", sealed)


def test_two_replies_are_never_sealed_alike() -> None:
    """The random bytes differ."""
    one, two = (ElementTree.fromstring(encrypt_reply(ACCOUNT, "x", "1")).findtext("Encrypt") for _ in range(2))
    assert one != two


def test_any_text_survives_a_reply() -> None:
    """CDATA's own end, mark-up, and characters that XML does not have."""
    incoming = Incoming("text", "follower", "account", 1, "1")
    root = ElementTree.fromstring(text_reply(incoming, "a]]>b<c>&\x00\x0b\ud800\ufffe养😀\n"))
    assert root.findtext("Content") == "a]]>b<c>&养😀\n"
    assert (root.findtext("ToUserName"), root.findtext("FromUserName")) == ("follower", "account")
    assert root.findtext("MsgType") == "text"


HEAD = {"ToUserName": "gh_1", "FromUserName": "oX", "CreateTime": "1700000000"}


def test_messages_and_events_are_read() -> None:
    """Text, recognised voice, and an event in lower case with its key."""
    text = read_message({**HEAD, "MsgType": "text", "Content": "养老", "MsgId": "24000000000000001"})
    assert (text.text, text.message_id, text.created_at) == ("养老", "24000000000000001", 1700000000)
    voice = read_message({**HEAD, "MsgType": "voice", "MediaId": "m", "Recognition": "托育", "MsgId": "2"})
    assert (voice.kind, voice.text) == ("voice", "托育")
    assert read_message({**HEAD, "MsgType": "voice", "MediaId": "m", "MsgId": "2"}).text == ""
    event = read_message({**HEAD, "MsgType": "event", "Event": "CLICK", "EventKey": "housing"})
    assert (event.event, event.event_key, event.message_id) == ("click", "housing", "")


@pytest.mark.parametrize(
    "change",
    [
        {"FromUserName": ""},
        {"FromUserName": "o" * 65},
        {"ToUserName": ""},
        {"CreateTime": "soon"},
        {"CreateTime": "-1"},
        {"MsgId": "x"},
        {"MsgId": ""},
        {"MsgType": ""},
    ],
)
def test_a_message_that_lacks_something_is_malformed(change: dict[str, str]) -> None:
    """Nothing is guessed."""
    with pytest.raises(Malformed):
        read_message({**HEAD, "MsgType": "text", "Content": "x", "MsgId": "1", **change})
