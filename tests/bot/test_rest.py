"""The REST channel over HTTP: who may ask, how fast, how much, and how many at once."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from sanic import Sanic

from bot.channels.limits import Crowd
from bot.channels.readiness import faults
from bot.channels.rest import RestChannel
from bot.draining import drain, heed_sigterm, is_draining
from bot.event_broker import ConversationEventBroker
from conversations.identity import installation_token, session_key
from conversations.requests import RequestBook
from conversations.turn_log import TurnLog
from tests.bot.conftest import Serve
from tests.bot.test_turns import Rasa
from wire.secret_files import SecretRefused

Reply = tuple[int, Any, dict[str, str]]
TOKEN = "a token of this test only"


class Caller:
    """Any program that talks to the channel."""

    def __init__(self, http: aiohttp.ClientSession, port: int, rasa: Rasa, app: Sanic) -> None:
        self._http, self.port, self.rasa, self.app = http, port, rasa, app

    async def post(self, body: Any, path: str = "webhook", **headers: str) -> Reply:
        """Status, JSON and headers; `body` as JSON, or as it is if it is bytes."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", **headers}
        url = f"http://127.0.0.1:{self.port}/webhooks/rest/{path}"
        async with self._http.post(url, data=data, headers=headers) as reply:
            text = await reply.text()
            return reply.status, json.loads(text) if text else None, dict(reply.headers)

    async def ask(self, text: str = "您好", sender: str = "s", **headers: str) -> Reply:
        """One question."""
        return await self.post({"sender": sender, "message": text}, **headers)


@pytest.fixture
async def serve(conversations_url: str, watch_loaded: None, serve_app: Serve) -> AsyncIterator[Callable[[], Any]]:
    """Starts the channel with a Rasa that replies at once, and returns its `Caller`."""
    async with aiohttp.ClientSession() as http:

        async def start(crowd: Crowd | None = None) -> Caller:
            rasa = Rasa(ConversationEventBroker(TurnLog(conversations_url), RequestBook(conversations_url)))
            channel = RestChannel()
            channel._crowd = crowd or channel._crowd
            app = Sanic(f"rest_{uuid.uuid4().hex}", configure_logging=False)
            app.blueprint(channel.blueprint(rasa), url_prefix="/webhooks/rest")
            return Caller(http, await serve_app(app), rasa, app)

        yield start


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
async def test_only_json_is_taken(serve: Callable[..., Any], kind: str) -> None:
    """What a page of any other site can send without asking the browser first is refused."""
    caller = await serve()
    status, body, _ = await caller.ask(**{"Content-Type": kind})
    assert status == 415 and "application/json" in body["error"] and caller.rasa.seen == []
    assert (await caller.ask(**{"Content-Type": "Application/JSON; charset=utf-8"}))[0] == 200


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://[", "http://[::1", "\x7f", "http://%", "//"]
)
async def test_other_sites_pages_may_not_post(serve: Callable[..., Any], origin: str) -> None:
    """Also under origins that are none; nothing of them becomes a failure of ours."""
    caller = await serve()
    assert (await caller.ask(Origin=origin))[0] == 403
    assert caller.rasa.seen == []


async def test_a_browser_that_names_no_origin_says_where_it_comes_from(serve: Callable[..., Any]) -> None:
    """The bot's own pages, and programs, may ask."""
    caller = await serve()
    assert (await caller.ask(**{"Sec-Fetch-Site": "cross-site"}))[0] == 403
    assert (await caller.ask(**{"Sec-Fetch-Site": "same-origin"}))[0] == 200
    assert (await caller.ask(Origin=f"http://127.0.0.1:{caller.port}"))[0] == 200


@asynccontextmanager
async def sent(port: int, raw: bytes) -> AsyncIterator[asyncio.StreamReader]:
    """What comes back to these bytes; the connection is closed at the end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(raw)
    yield reader
    writer.close()


async def test_a_large_body_is_refused_before_it_is_sent(serve: Callable[..., Any]) -> None:
    """The refusal comes after the headers, with not a byte of 100 MB on its way; so it does for chunks beyond the limit."""
    caller = await serve()
    head = "POST /webhooks/rest/webhook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    for rest in (
        b"Content-Length: 100000000\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n8000\r\n" + b"x" * 32768 + (b"\r\n8000\r\n" + b"x" * 32768) * 2,
    ):
        async with sent(caller.port, head.encode() + rest) as reply:
            status = await asyncio.wait_for(reply.readline(), 20)
        assert status.split()[1] == b"413", status
    assert caller.rasa.seen == []
    assert (await caller.post(b'{"message": "' + b"x" * 65536 + b'"}'))[0] == 413


async def test_one_sender_that_asks_too_fast_waits(serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """With when to try again; another sender is served, and cries for help always are."""
    monkeypatch.setenv("REST_MESSAGES_PER_MINUTE", "2")
    caller = await serve()
    assert [(await caller.ask(sender="a"))[0] for _ in range(2)] == [200, 200]
    status, body, headers = await caller.ask(sender="a")
    assert status == 429 and int(headers["Retry-After"]) > 0 and headers["Retry-After"] in body["error"]
    status, messages, _ = await caller.ask("救命", sender="a")
    assert status == 200 and messages[1]["custom"]["outcome"] == "danger"
    assert (await caller.ask(sender="b"))[0] == 200


async def test_one_address_that_asks_too_fast_waits(serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever senders it names; the installation's own tools speak for many residents."""
    monkeypatch.setenv("REST_MESSAGES_PER_MINUTE_PER_ADDRESS", "3")
    caller = await serve()
    assert [(await caller.ask(sender=f"s{n}"))[0] for n in range(4)] == [200, 200, 200, 429]
    bearer = {"Authorization": f"Bearer {installation_token('rest tools')}"}
    assert [(await caller.ask(sender=f"t{n}", **bearer))[0] for n in range(5)] == [200] * 5
    assert (await caller.ask(sender="u", Authorization="Bearer wrong"))[0] == 429


async def test_with_a_token_set_nobody_asks_without_it(
    serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong one, none, and one in another form get 401; with it no address is counted."""
    monkeypatch.setenv("REST_TOKEN", TOKEN)
    monkeypatch.setenv("REST_MESSAGES_PER_MINUTE_PER_ADDRESS", "1")
    caller = await serve()
    for wrong in ({}, {"Authorization": f"Bearer {TOKEN}x"}, {"Authorization": TOKEN}, {"Authorization": "Bearer é"}):
        status, _, headers = await caller.ask(**wrong)
        assert (status, headers["WWW-Authenticate"]) == (401, "Bearer"), wrong
    assert caller.rasa.seen == []
    assert [(await caller.ask(Authorization=f"bearer {TOKEN}"))[0] for _ in range(3)] == [200] * 3


async def test_a_short_token_stops_the_start(serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """It could be tried out."""
    monkeypatch.setenv("REST_TOKEN", "short")
    with pytest.raises(SecretRefused, match="REST_TOKEN"):
        await serve()


async def test_a_full_house_sends_away_at_once(serve: Callable[..., Any]) -> None:
    """With 429 and when to come again; danger is answered; when one leaves there is room again."""
    caller = await serve(Crowd(2))
    caller.rasa.go_on.clear()
    inside = [asyncio.create_task(caller.ask(sender=f"s{n}")) for n in range(2)]
    while len(caller.rasa.seen) < 2:  # noqa: ASYNC110 - both are with Rasa
        await asyncio.sleep(0.01)
    status, _, headers = await caller.ask(sender="late")
    assert status == 429 and int(headers["Retry-After"]) > 0
    assert (await caller.ask("救命", sender="late"))[1][1]["custom"]["outcome"] == "danger"
    caller.rasa.go_on.set()
    assert [(await task)[0] for task in inside] == [200, 200]
    assert (await caller.ask(sender="late"))[0] == 200


async def test_a_known_id_with_other_words_is_another_message(serve: Callable[..., Any]) -> None:
    """Who guesses an id of somebody's turn gets no reply of theirs; the same words again get the first reply."""
    caller = await serve()
    first = {"sender": "s", "message": "您好", "message_id": "1"}
    reply = (await caller.post(first))[1]
    assert (await caller.post(first))[1] == reply and len(caller.rasa.seen) == 1
    await caller.post({**first, "message": "再见"})
    assert [message.text for message in caller.rasa.seen] == ["您好", "再见"]


HALF = "\\ud800"
DEEP = b'{"message": ' + b"[" * 5000 + b"]" * 5000 + b"}"


@pytest.mark.parametrize(
    "body",
    [
        b'{"sender": "%s", "message": "x"}' % HALF.encode(),
        b'{"sender": "a%s", "message": "x%s"}' % (HALF.encode(), HALF.encode()),
        b'{"sender": "\\u0000", "message": "\\u0000"}',
        b'{"sender": "a", "message": "x", "message_id": "%s"}' % HALF.encode(),
        b'{"%s": "a", "message": "x"}' % HALF.encode(),
        b'{"sender": 1e999, "message": "x"}',
        b'{"sender": %s, "message": "x"}' % (b"9" * 400),
        b"\xff\xfe",
        b"",
        DEEP,
    ],
    ids=["half", "halves", "nul", "half-id", "half-name", "infinite", "huge", "no-text", "empty", "deep"],
)
async def test_nothing_that_is_sent_is_a_failure_of_ours(serve: Callable[..., Any], body: bytes) -> None:
    """Halves of characters, NUL, numbers and lists without end: answered or refused, never 500."""
    caller = await serve()
    for path in ("webhook", "feedback"):
        status, _, _ = await caller.post(body, path)
        assert status in (200, 400, 404), (path, status)


async def test_a_vote_is_taken_from_the_sender_who_got_the_answer(
    serve: Callable[..., Any], conversations_url: str
) -> None:
    """Nobody else's counts; what is wrong with one is said."""
    caller = await serve()
    answer_id = (await caller.ask(sender="mine"))[1][1]["custom"]["answer_id"]
    vote = {"sender": "mine", "answer_id": answer_id, "value": "down", "comment": "没看懂"}
    assert (await caller.post({**vote, "sender": "other"}, "feedback"))[0] == 404
    for wrong in ({"value": "maybe"}, {"comment": 5}, {"answer_id": None}, {"sender": ""}):
        assert (await caller.post({**vote, **wrong}, "feedback"))[0] == 400, wrong
    (turn,) = TurnLog(conversations_url).history(session_key("rest", "mine"))
    assert turn.feedback is None
    assert (await caller.post(vote, "feedback"))[0] == 204
    (turn,) = TurnLog(conversations_url).history(session_key("rest", "mine"))
    assert (turn.feedback, turn.feedback_comment) == ("down", "没看懂")


@pytest.mark.parametrize(
    "head",
    [
        b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
        b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"GET /webhooks/rest/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, chunked\r\n\r\n",
        b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        b"GET /webhooks/rest/\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /webhooks/rest/?q=\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /webhooks/rest/%ff%00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: \xff\r\nOrigin: \xff\r\nContent-Length: 0\r\n\r\n",
        b"GET /nowhere HTTP/1.1\r\nHost: x\r\nAccept: cross-site\r\n\r\n",
        b"PUT /webhooks/rest/ HTTP/1.1\r\nHost: x\r\nAccept: */*;q=many\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"S\xdc\xdcPOST /webhooks/rest/webhook HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GE\xffT /nowhere HTTP/1.1\r\nHost: x\r\n\r\n",
        b"G\x00T /webhooks/rest/ HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)
async def test_no_head_of_a_request_is_a_failure_of_ours(serve: Callable[..., Any], head: bytes) -> None:
    """Lengths, paths and headers that no client sends: refused, never 500."""
    caller = await serve()
    async with sent(caller.port, head) as reply:
        status = await asyncio.wait_for(reply.readline(), 20)
    assert status == b"" or int(status.split()[1]) < 500, status


@pytest.mark.slow  # waits for the connection to end
@pytest.mark.parametrize(
    "line",
    [
        b"GET //[ HTTP/1.1",
        b"GET http://[ HTTP/1.1",
        b"GE\xffT //[ HTTP/1.1",
        b"GE\xffT / HTTP/1.1",
        b"NONE //[ HTTP/1.1",
    ],
)
async def test_a_line_that_cannot_be_read_is_said_to_be_one(serve: Callable[..., Any], line: bytes) -> None:
    """No address, a method of no text, both: 400 with a body, and not a closed connection."""
    caller = await serve()
    async with sent(caller.port, line + b"\r\nHost: x\r\n\r\n") as stream:
        reply = await asyncio.wait_for(stream.read(), 20)
    assert reply.split()[1] in (b"400", b"404", b"405") and b"\r\n\r\n" in reply, reply


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/webhooks/rest/", 200),
        ("POST", "/webhooks/rest/webhook", 415),
        ("PUT", "/webhooks/rest/", 405),
        ("GET", "/nowhere", 404),
        ("GET", "/webhooks/rest/%ff%00", 404),
    ],
)
async def test_every_response_is_guarded_whoever_makes_it(
    serve: Callable[..., Any], method: str, path: str, status: int
) -> None:
    """Sanic's own pages of errors too: nothing is sniffed, run, framed or kept, and no other site's credentials are asked for."""
    caller = await serve()
    async with caller._http.request(method, f"http://127.0.0.1:{caller.port}{path}") as reply:
        assert reply.status == status
        assert reply.headers["X-Content-Type-Options"] == "nosniff" and reply.headers["Cache-Control"] == "no-store"
        assert reply.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert "Access-Control-Allow-Credentials" not in reply.headers


async def test_a_request_for_two_hosts_is_refused(serve: Callable[..., Any]) -> None:
    """A proxy before us may have read the other one."""
    caller = await serve()
    reader, writer = await asyncio.open_connection("127.0.0.1", caller.port)
    writer.write(b"GET /webhooks/rest/ HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n")
    status = await asyncio.wait_for(reader.readline(), 20)
    writer.close()
    assert status.split()[1] == b"400", status


async def test_a_cold_process_sends_callers_on_but_for_danger(serve: Callable[..., Any]) -> None:
    """What is not loaded would be loaded while they wait: another bot answers, or this one in a few seconds."""
    caller = await serve()
    caller.app.ctx.warm = False
    status, body, headers = await caller.ask()
    assert status == 503 and body["error"] and headers["Retry-After"] == "5" and caller.rasa.seen == []
    status, messages, _ = await caller.ask("楼下着火了")
    assert status == 200 and messages[1]["custom"]["outcome"] == "danger"
    caller.app.ctx.warm = True
    assert (await caller.ask())[0] == 200


async def test_a_bot_that_leaves_answers_on_and_gives_connections_up(
    serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After SIGTERM it is not ready, and no connection is kept that it would close under a request; then it stops."""
    caller, ended = await serve(), asyncio.Event()
    monkeypatch.setattr(Sanic, "stop", lambda _: ended.set())
    loop = asyncio.get_running_loop()
    monkeypatch.setenv("DRAIN_S", "0.2")
    assert (await caller.ask())[2]["Connection"] == "keep-alive"
    heed_sigterm(caller.app, loop)
    try:
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(_until(lambda: is_draining(caller.app)), 20)
        assert any("leaving" in reason for reason in await faults(caller.app)) and not ended.is_set()
        status, _, headers = await caller.ask()
        assert status == 200 and headers["Connection"] == "close"
        await asyncio.wait_for(ended.wait(), 20)
    finally:
        loop.remove_signal_handler(signal.SIGTERM)


async def test_asked_twice_a_bot_leaves_at_once(serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """As it does where nobody would take over (`DRAIN_S` is 0, as it is unless set)."""
    caller, ended = await serve(), asyncio.Event()
    monkeypatch.setattr(Sanic, "stop", lambda _: ended.set())
    loop = asyncio.get_running_loop()
    monkeypatch.setenv("DRAIN_S", "3600")
    drain(caller.app, loop)
    assert is_draining(caller.app) and not ended.is_set()
    drain(caller.app, loop)
    assert ended.is_set()
    ended.clear()
    monkeypatch.delenv("DRAIN_S")
    caller.app.ctx.draining = False
    drain(caller.app, loop)
    assert ended.is_set()


async def _until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110 - a signal sets it
        await asyncio.sleep(0.01)
