"""What is let through, and what is refused before anything of it is processed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from urllib.parse import parse_qsl

import pytest

from bot.channels.wechat.accounts import Account, Kind, Mode
from bot.channels.wechat.envelope import Incoming
from bot.channels.wechat.errors import Malformed, NotFromPlatform
from bot.channels.wechat.verification import RequestVerifier
from tests.bot.wechat.test_envelope import KEY, WECOM, WECOM_ECHO, seal_by_hand, sign_by_hand
from wechat_sim.envelope import Envelope, PlatformAccount
from wechat_sim.follower import Follower

NOW = 1_700_000_000.0
PLAIN = Account("main", "wx0123456789abcdef", token="spamtest", mode=Mode.PLAIN)
SAFE = replace(PLAIN, mode=Mode.SAFE, aes_key=KEY)
COMPATIBLE = replace(SAFE, mode=Mode.COMPATIBLE)
CORP = replace(SAFE, kind=Kind.WECOM, agent_id=1)
XML = (
    "<xml><ToUserName>gh</ToUserName><FromUserName>oX</FromUserName><CreateTime>1700000000</CreateTime>"
    "<MsgType>text</MsgType><Content>{}</Content><MsgId>7</MsgId></xml>"
)


class Nonces:
    """Remembers in memory."""

    def __init__(self) -> None:
        self.seen: set[tuple[str, str]] = set()

    async def __call__(self, account: str, nonce: str) -> bool:
        """True the first time."""
        new = (account, nonce) not in self.seen
        self.seen.add((account, nonce))
        return new


@pytest.fixture
def nonces() -> Nonces:
    """Of one test."""
    return Nonces()


@pytest.fixture
def verifier(nonces: Nonces) -> RequestVerifier:
    """With a clock that stands."""
    return RequestVerifier(nonces, lambda: NOW)


def message(verifier: RequestVerifier, account: Account, query: dict[str, str], body: str) -> Incoming:
    """What is let through."""

    async def read() -> bytes:
        return body.encode()

    return asyncio.run(verifier.message(account, query, read))


def plain(nonce: str = "n1", at: float = NOW, token: str = "spamtest") -> dict[str, str]:
    """A plain request's query."""
    timestamp = str(int(at))
    return {"signature": sign_by_hand(token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}


def safe(sealed: str, nonce: str = "n1", at: float = NOW) -> dict[str, str]:
    """A safe request's query."""
    timestamp = str(int(at))
    signature = sign_by_hand("spamtest", timestamp, nonce, sealed)
    return {**plain(nonce, at), "encrypt_type": "aes", "msg_signature": signature}


def test_a_plain_message_passes(verifier: RequestVerifier) -> None:
    """Signed by hand."""
    assert message(verifier, PLAIN, plain(), XML.format("养老")).text == "养老"


def test_a_safe_message_passes_with_and_without_the_plain_signature(verifier: RequestVerifier) -> None:
    """Sealed and signed by hand; WeCom sends `msg_signature` only."""
    sealed = seal_by_hand(XML.format("托育"), SAFE.app_id)
    body = f"<xml><ToUserName>gh</ToUserName><Encrypt>{sealed}</Encrypt></xml>"
    assert message(verifier, SAFE, safe(sealed), body).text == "托育"
    query = {k: v for k, v in safe(sealed, "n2").items() if k not in ("signature", "encrypt_type")}
    assert message(verifier, CORP, query, body).text == "托育"


def test_in_compatible_mode_the_sealed_body_counts(verifier: RequestVerifier) -> None:
    """The plain one beside it is not signed, so it is not believed."""
    sealed = seal_by_hand(XML.format("真的"), COMPATIBLE.app_id)
    both = XML.format("假的").replace("</xml>", f"<Encrypt>{sealed}</Encrypt></xml>")
    assert message(verifier, COMPATIBLE, safe(sealed), both).text == "真的"
    assert message(verifier, COMPATIBLE, plain("n2"), XML.format("明文")).text == "明文"


@pytest.mark.parametrize("account", [SAFE, CORP])
def test_a_safe_account_refuses_plain_bodies(verifier: RequestVerifier, account: Account) -> None:
    """However well they are signed."""
    with pytest.raises(NotFromPlatform):
        message(verifier, account, plain(), XML.format("x"))


def test_a_plain_account_says_that_the_mode_differs(verifier: RequestVerifier) -> None:
    """A sealed body without a plain one."""
    sealed = seal_by_hand(XML.format("x"), SAFE.app_id)
    with pytest.raises(Malformed, match="明文模式"):
        message(verifier, PLAIN, safe(sealed), f"<xml><ToUserName>gh</ToUserName><Encrypt>{sealed}</Encrypt></xml>")


@pytest.mark.parametrize("missing", ["signature", "timestamp", "nonce"])
def test_every_part_of_the_query_is_needed(verifier: RequestVerifier, nonces: Nonces, missing: str) -> None:
    """And a refused request uses up no nonce."""
    query = {k: v for k, v in plain().items() if k != missing}
    with pytest.raises(NotFromPlatform):
        message(verifier, PLAIN, query, XML.format("x"))
    assert not nonces.seen


@pytest.mark.parametrize("mode", [PLAIN, COMPATIBLE, SAFE])
def test_another_token_is_refused_before_the_body_is_read(verifier: RequestVerifier, mode: Account) -> None:
    """The body may be anything."""

    async def never() -> bytes:
        raise AssertionError("the body was read")

    with pytest.raises(NotFromPlatform):
        asyncio.run(verifier.message(mode, {**plain(token="wrong"), "msg_signature": "0" * 40}, never))


def test_a_changed_cipher_text_is_refused(verifier: RequestVerifier) -> None:
    """`msg_signature` covers it."""
    sealed = seal_by_hand(XML.format("x"), SAFE.app_id)
    other = seal_by_hand(XML.format("y"), SAFE.app_id)
    with pytest.raises(NotFromPlatform):
        message(verifier, SAFE, safe(sealed), f"<xml><Encrypt>{other}</Encrypt></xml>")


@pytest.mark.parametrize("seconds", [-301, 301, -(10**9), 10**9])
def test_a_timestamp_out_of_the_window_is_refused(verifier: RequestVerifier, seconds: float) -> None:
    """Five minutes either way."""
    with pytest.raises(NotFromPlatform, match="时间戳"):
        message(verifier, PLAIN, plain(at=NOW + seconds), XML.format("x"))


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_a_timestamp_within_the_window_passes(verifier: RequestVerifier, seconds: float) -> None:
    """The edges included."""
    assert message(verifier, PLAIN, plain(at=NOW + seconds), XML.format("x"))


def test_the_same_request_again_is_refused(verifier: RequestVerifier) -> None:
    """A replay; another account may have the same nonce by chance."""
    message(verifier, PLAIN, plain(), XML.format("x"))
    with pytest.raises(NotFromPlatform, match="nonce"):
        message(verifier, PLAIN, plain(), XML.format("x"))
    assert message(verifier, replace(PLAIN, name="other"), plain(), XML.format("x"))


def test_a_bomb_inside_the_cipher_is_malformed(verifier: RequestVerifier) -> None:
    """What was sealed is read as carefully as what was not."""
    sealed = seal_by_hand('<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>', SAFE.app_id)
    with pytest.raises(Malformed):
        message(verifier, SAFE, safe(sealed), f"<xml><Encrypt>{sealed}</Encrypt></xml>")


def test_verification_of_an_official_account(verifier: RequestVerifier) -> None:
    """The bare `echostr`, once."""
    query = {**plain(), "echostr": "5012"}
    assert asyncio.run(verifier.echo(PLAIN, query)) == "5012"
    with pytest.raises(NotFromPlatform):
        asyncio.run(verifier.echo(PLAIN, query))
    with pytest.raises(NotFromPlatform):
        asyncio.run(verifier.echo(PLAIN, {**plain("n2"), "signature": "0" * 40, "echostr": "1"}))


def test_verification_of_wecom_with_its_published_sample(nonces: Nonces) -> None:
    """The sealed `echostr` comes back open, at the time of the sample."""
    verifier = RequestVerifier(nonces, lambda: 1409659589.0)
    query = {
        "msg_signature": "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
        "timestamp": "1409659589",
        "nonce": "263014780",
        "echostr": WECOM_ECHO,
    }
    assert asyncio.run(verifier.echo(WECOM, query)) == "1616140317555161061"
    with pytest.raises(NotFromPlatform):
        asyncio.run(verifier.echo(WECOM, {**query, "echostr": WECOM_ECHO[:-4] + "AAA="}))


@pytest.mark.parametrize(("account", "mode"), [(PLAIN, "plain"), (COMPATIBLE, "compatible"), (SAFE, "safe")])
def test_the_simulators_requests_pass(account: Account, mode: str) -> None:
    """wechatpy's own crypto on the other side."""
    import time

    envelope = Envelope(PlatformAccount(account.app_id, account.token, mode, KEY))
    query, body = envelope.message(Follower("", envelope).xml("text", Content="住房"))
    verifier = RequestVerifier(Nonces(), time.time)
    assert message(verifier, account, dict(parse_qsl(query)), body.decode()).text == "住房"
