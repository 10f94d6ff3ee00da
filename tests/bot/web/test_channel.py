"""The web channel over HTTP: sessions, questions asked once, history that can be erased, limits, origins."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest
from itsdangerous import URLSafeTimedSerializer

from bot.channels.limits import Crowd
from bot.channels.registered import TRIES_OF_ADDRESS, TRIES_OF_SESSION
from bot.channels.web.tokens import SessionTokens
from conversations.identity import derived_key, session_key
from conversations.requests import RequestBook, StaffRequest
from conversations.turn_log import TurnLog
from version import product_version


async def test_a_question_gets_its_reply(serve: Callable[..., Any]) -> None:
    """A text and an answer/1, without the name under which Rasa knows the resident."""
    caller = await serve()
    status, messages, headers = await caller.ask(await caller.session(), "您好", "message-1")
    assert status == 200 and headers["Cache-Control"] == "no-store"
    assert [sorted(message) for message in messages] == [["text"], ["custom"]]
    assert messages[1]["custom"]["schema"] == "answer/1"


async def test_the_same_message_again_is_answered_once(serve: Callable[..., Any], log: TurnLog) -> None:
    """A double tap at the same moment, and a retry later, get the same reply; Rasa is asked once."""
    caller = await serve()
    session = await caller.session()
    both = await asyncio.gather(*(caller.ask(session, "您好", "message-1") for _ in range(2)))
    again = await caller.ask(session, "您好", "message-1")
    assert both[0][1] == both[1][1] == again[1]
    assert len(caller.rasa.seen) == 1


async def test_one_sessions_message_id_says_nothing_to_another(serve: Callable[..., Any]) -> None:
    """An id that somebody else used is a new question."""
    caller = await serve()
    await caller.ask(await caller.session(), "您好", "message-1")
    await caller.ask(await caller.session(), "再见", "message-1")
    assert [message.text for message in caller.rasa.seen] == ["您好", "再见"]


@pytest.mark.parametrize("kind", ["forged", "missing", "expired"])
async def test_a_bad_token_gets_401(serve: Callable[..., Any], kind: str) -> None:
    """On every route that belongs to a session, with the code that the widget renews on."""
    caller = await serve()
    tokens = {"forged": "Zm9yZ2Vk.aaaaaa.bbbb", "missing": "", "expired": _expired()}
    for method, path in (
        ("POST", "message"),
        ("GET", "history"),
        ("DELETE", "history"),
        ("POST", "contact"),
        ("POST", "feedback"),
    ):
        body = {"session": tokens[kind], "message_id": "message-1", "message": "您好"} if method == "POST" else None
        headers = {"Authorization": f"Bearer {tokens[kind]}"} if method != "POST" else {}
        status, answer, _ = await caller.call(method, path, body, **headers)
        assert (status, answer["error"]) == (401, "session"), (method, path)
    assert caller.rasa.seen == []


def _expired() -> str:
    """A genuine token whose time is over."""
    from itsdangerous import TimestampSigner

    class Yesterday(TimestampSigner):
        def get_timestamp(self) -> int:
            return super().get_timestamp() - 25 * 3600

    tokens = SessionTokens(derived_key("web session"))
    tokens._serializer.signer = Yesterday
    return tokens.issue().token


async def test_an_expired_token_is_renewed_for_the_same_session(serve: Callable[..., Any]) -> None:
    """So the history is still there tomorrow; a forged one begins anew."""
    caller = await serve()
    expired = _expired()
    renewed = (await caller.call("POST", "session", {"session": expired}))[1]
    assert renewed["renewed"] is True
    tokens = SessionTokens(derived_key("web session"), valid_s=10**9)
    assert tokens.session_of(renewed["session"]) == tokens.session_of(expired)
    assert (await caller.call("POST", "session", {"session": "x.y.z"}))[1]["renewed"] is False


def test_tokens_are_signed_with_sha_256_and_older_ones_still_open_their_session() -> None:
    """Tokens of before were signed with SHA-1: who has one goes on with the conversation."""
    key = derived_key("web session")
    tokens = SessionTokens(key)
    older = URLSafeTimedSerializer(key, salt="ask-qingpu web session").dumps("of before")
    assert tokens.session_of(older) == "of before"
    assert (
        len(base64.urlsafe_b64decode(tokens.issue(older).token.rsplit(".")[-1] + "=")) == hashlib.sha256().digest_size
    )


async def test_history_returns_the_turns_and_erasing_leaves_none(serve: Callable[..., Any], log: TurnLog) -> None:
    """Of this session only; the log keeps nothing."""
    caller = await serve()
    mine, other = await caller.session(), await caller.session()
    await caller.ask(mine, "您好，我的电话是13812345678", "message-1")
    await caller.ask(other, "再见", "message-2")
    status, body, _ = await caller.call("GET", "history", Authorization=f"Bearer {mine}")
    assert status == 200
    assert [turn["message"] for turn in body["turns"]] == ["您好，我的电话是〔手机号〕"]
    assert body["turns"][0]["messages"][1]["custom"]["outcome"] == "chat"
    assert (await caller.call("DELETE", "history", Authorization=f"Bearer {mine}"))[0] == 204
    assert (await caller.call("GET", "history", Authorization=f"Bearer {mine}"))[1] == {"turns": []}
    await caller.ask(mine, "您好", "message-1")
    assert len(caller.rasa.seen) == 3, "an erased message's reply is not remembered either"
    assert (await caller.call("DELETE", "history", Authorization=f"Bearer {mine}"))[0] == 204
    name = SessionTokens(derived_key("web session")).session_of(mine)
    assert log.history(session_key("web", name)) == []
    assert len((await caller.call("GET", "history", Authorization=f"Bearer {other}"))[1]["turns"]) == 1


async def test_feedback_is_kept_and_replaced(serve: Callable[..., Any], log: TurnLog) -> None:
    """204 for the session's own answer, 404 for another; the second vote counts."""
    caller = await serve()
    session, other = await caller.session(), await caller.session()
    _, messages, _ = await caller.ask(session, "您好", "message-1")
    answer_id = messages[1]["custom"]["answer_id"]
    vote = {"session": session, "answer_id": answer_id, "value": "up"}
    assert (await caller.call("POST", "feedback", {**vote, "session": ""}))[0] == 401
    assert (await caller.call("POST", "feedback", {**vote, "session": other}))[0] == 404
    assert (await caller.call("POST", "feedback", vote))[0] == 204
    assert (await caller.call("POST", "feedback", {**vote, "value": "down", "comment": "没看懂"}))[0] == 204
    turn = log.turn(answer_id)
    assert turn is not None and (turn.feedback, turn.feedback_comment) == ("down", "没看懂")
    status, body, _ = await caller.call("POST", "feedback", {**vote, "answer_id": "a-none"})
    assert (status, body["error"]) == (404, "unknown")


async def test_a_contact_is_sealed_only_with_consent_and_only_for_ones_own_request(
    serve: Callable[..., Any], conversations_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another session cannot put its number on this request."""
    from tests.bot import test_turns

    monkeypatch.setitem(test_turns.CUSTOM, "headline", "好的，已为您登记，编号 QP1-ABCDE。")
    caller = await serve(outcome="handoff")
    mine, other = await caller.session(), await caller.session()
    await caller.ask(mine, "找人工", "message-1")
    contact = {"session": mine, "reference": "QP1-ABCDE", "contact": "13812345678", "consent": True}
    for wrong in ({"consent": False}, {"contact": "张三"}, {"contact": ""}):
        status, body, _ = await caller.call("POST", "contact", {**contact, **wrong})
        assert (status, body["error"]) == (400, "contact"), wrong
    assert (await caller.call("POST", "contact", {**contact, "session": other}))[0] == 404
    assert RequestBook(conversations_url).contact("QP1") == ""
    assert (await caller.call("POST", "contact", contact))[0] == 204
    assert RequestBook(conversations_url).contact("QP1") == "13812345678"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "bad_request"),
        (b"[]", 400, "bad_request"),
        (b"x" * 16385, 413, "too_large"),
        ({"message_id": "message-1", "message": ""}, 400, "bad_request"),
        ({"message_id": "message-1", "message": 5}, 400, "bad_request"),
        ({"message_id": "short", "message": "您好"}, 400, "bad_request"),
        ({"message_id": "m" * 65, "message": "您好"}, 400, "bad_request"),
        ({"message_id": "message-1", "message": "长" * 5001}, 400, "bad_request"),
    ],
    ids=["half", "list", "large", "empty", "number", "short-id", "long-id", "long-text"],
)
async def test_what_is_wrong_with_a_request_is_said(
    serve: Callable[..., Any], body: Any, status: int, code: str
) -> None:
    """As JSON with a code for programs and a sentence for people; Rasa is not troubled."""
    caller = await serve()
    if isinstance(body, dict):
        body = {"session": await caller.session(), **body}
    found, answer, _ = await caller.call("POST", "message", body)
    assert (found, answer["error"]) == (status, code) and answer["message"]
    assert caller.rasa.seen == []


async def test_a_message_over_the_limit_is_politely_refused(serve: Callable[..., Any]) -> None:
    """As every channel does: a reply that says the limit."""
    caller = await serve()
    status, messages, _ = await caller.ask(await caller.session(), "长" * 1001, "message-1")
    assert status == 200 and "1000" in messages[0]["text"]


async def test_too_fast_gets_429_with_when_to_try_again(
    serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """For the session that asks too fast; another is served."""
    monkeypatch.setenv("WEB_MESSAGES_PER_MINUTE", "2")
    caller = await serve()
    session = await caller.session()
    statuses = [(await caller.ask(session, "您好", f"message-{n}"))[0] for n in range(2)]
    status, body, headers = await caller.ask(session, "您好", "message-3")
    assert statuses == [200, 200] and status == 429 and body["error"] == "rate_limited"
    assert int(headers["Retry-After"]) == body["retry_after_s"] > 0
    assert (await caller.ask(await caller.session(), "您好", "message-4"))[0] == 200


async def test_danger_is_answered_whatever_the_limit_and_not_logged(
    serve: Callable[..., Any], log: TurnLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asked too fast and then cries for help gets the numbers, as often as it takes; other messages stay refused."""
    monkeypatch.setenv("WEB_MESSAGES_PER_MINUTE", "1")
    caller = await serve()
    session = await caller.session()
    assert (await caller.ask(session, "您好", "message-1"))[0] == 200
    for n in range(2, 5):
        status, messages, _ = await caller.ask(session, "救命", f"message-{n}")
        assert status == 200 and messages[1]["custom"]["outcome"] == "danger"
        assert messages[1]["custom"]["hotlines"][0]["number"] in messages[0]["text"] and set(messages[0]) == {"text"}
    assert (await caller.ask(session, "您好", "message-5"))[0] == 429
    _, body, _ = await caller.call("GET", "history", Authorization=f"Bearer {session}")
    assert [turn["message"] for turn in body["turns"]] == ["您好"]


async def test_new_sessions_from_one_address_are_limited(
    serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody gets round the session's limit by making sessions."""
    monkeypatch.setenv("WEB_SESSIONS_PER_MINUTE_PER_ADDRESS", "3")
    caller = await serve()
    statuses = [(await caller.call("POST", "session", {}))[0] for _ in range(4)]
    assert statuses == [200, 200, 200, 429]


HALF = b"\\ud800"


async def test_a_request_is_looked_up_by_its_number(
    serve: Callable[..., Any], conversations_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How it stands and by when a reply is expected to whoever has the number; what was said to its session only."""
    caller = await serve()
    mine, other = await caller.session(), await caller.session()
    name = session_key("web", SessionTokens(derived_key("web session")).session_of(mine))
    book = RequestBook(conversations_url)
    made = datetime(2036, 12, 1, 8, tzinfo=timezone.utc)
    book.record(StaffRequest("QP361201-ABCDE", "handoff", name, "找人工", created_at=made))

    async def look(session: str, reference: str = "QP361201-ABCDE") -> tuple[int, Any]:
        call = caller.call("GET", f"request?reference={reference}", Authorization=f"Bearer {session}")
        return (await call)[:2]

    status, ticket = await look(mine, " qp361201-abcde")
    assert status == 200
    assert ticket == {
        "reference": "QP361201-ABCDE",
        "status": "open",
        "registered_at": made.isoformat(),
        "reply_by": "2036-12-08T23:59:59+08:00",
        "overdue": False,
        "text": "找人工",
    }
    monkeypatch.setenv("REQUEST_REPLY_DAYS", "0")
    assert (await look(mine))[1] == {**ticket, "reply_by": None}
    monkeypatch.delenv("REQUEST_REPLY_DAYS")
    assert (await look(other, "361201-abcde"))[1] == {**ticket, "text": None}, "from another browser, without QP"
    book.change("QP361201-ABCDE", status="done")
    assert (await look(mine))[1] == {**ticket, "status": "done", "reply_by": None}, "what is done is expected no more"
    assert (await look(mine, "QP361201-ABCDF"))[0] == 404
    assert (await look(mine, "x"))[0] == 400 and (await look("forged"))[0] == 401
    await caller.call("DELETE", "history", Authorization=f"Bearer {mine}")
    assert (await look(mine))[0] == (await look(other))[0] == 404, "an erased request is nobody's"
    book.close()


async def test_numbers_that_are_not_ones_own_are_tried_a_few_times_only(
    serve: Callable[..., Any], conversations_url: str
) -> None:
    """Then a number that exists is refused as one that does not, with when to try again; a new session helps little."""
    caller = await serve()
    book = RequestBook(conversations_url)
    book.record(StaffRequest("QP361201-ABCDE", "handoff", "s-somebody", "找人工"))

    async def look(session: str, reference: str) -> tuple[int, Any, Any]:
        return await caller.call("GET", f"request?reference={reference}", Authorization=f"Bearer {session}")

    session = await caller.session()
    for _ in range(TRIES_OF_SESSION.burst):
        assert (await look(session, "QP361201-ABCDF"))[0] == 404
    for reference in ("QP361201-ABCDF", "QP361201-ABCDE"):
        status, body, headers = await look(session, reference)
        assert (status, body["error"]) == (429, "rate_limited") and int(headers["Retry-After"]) > 0
    statuses = [(await look(await caller.session(), "QP361201-ABCDF"))[0] for _ in range(TRIES_OF_ADDRESS.burst)]
    assert statuses[0] == 404 and statuses[-1] == 429
    book.close()


async def test_a_contact_is_left_without_scripts(
    serve: Callable[..., Any], conversations_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a form, with consent, for one's own request; what was wrong is said with what was written, in its language."""
    from tests.bot import test_turns

    monkeypatch.setitem(test_turns.CUSTOM, "headline", "好的，已为您登记，编号 QP261130-HHSY7。")
    caller = await serve(outcome="handoff")
    mine, other = await caller.session(), await caller.session()
    await caller.ask(mine, "找人工", "message-1")

    async def leave(session: str, **fields: str) -> tuple[int, str]:
        fields = {"reference": "QP261130-HHSY7", "contact": "13812345678", "consent": "yes", **fields}
        return await caller.post_form("form/contact", session=session, **fields)

    for wrong in ({"consent": ""}, {"contact": "张三"}):
        status, page = await leave(mine, **wrong)
        assert status == 400 and 'role="alert"' in page and wrong.get("contact", "13812345678") in page
        assert 'name="consent"' in page
    assert (await leave(other))[0] == 404 and (await leave("forged"))[0] == 401
    assert RequestBook(conversations_url).contact("QP1") == ""
    status, page = await leave(mine, language="en")
    assert status == 200 and '<html lang="en">' in page and "QP261130-HHSY7" in page and "13812345678" not in page
    assert RequestBook(conversations_url).contact("QP1") == "13812345678"


@pytest.mark.slow  # every address with every half
@pytest.mark.parametrize("path", ["session", "message", "feedback", "contact"])
@pytest.mark.parametrize("field", ["session", "message", "message_id", "answer_id", "value", "comment", "contact", "x"])
async def test_halves_of_characters_are_no_failure_of_ours(serve: Callable[..., Any], path: str, field: str) -> None:
    """In any field of any route, with NUL beside it: taken without them or refused, never 500."""
    caller = await serve()
    token = (await caller.session()).encode()
    fields = {b"session": token, b"message_id": b"message-1", b"message": b"x", b"answer_id": b"a-1", b"value": b"up"}
    fields |= {b"reference": b"QP1-ABCDE", b"contact": b"13812345678", field.encode(): HALF + b"a" + HALF + b"\\u0000"}
    pairs = b", ".join(b'"%s": "%s"' % pair for pair in fields.items())
    status, _, _ = await caller.call("POST", path, b'{"consent": true, ' + pairs + b"}")
    assert status in (200, 204, 400, 401, 404)


async def test_a_token_with_odd_bytes_is_no_failure_of_ours(serve: Callable[..., Any]) -> None:
    """As it stands in a header."""
    caller = await serve()
    assert (await caller.call("GET", "history", Authorization="Bearer \udcff.a.b"))[0] == 401


async def test_a_full_house_sends_away_at_once(serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """As on the REST channel, with which the web channel shares its room."""
    monkeypatch.setattr("bot.channels.web.channel.shared_crowd", lambda: Crowd(0))
    caller = await serve()
    status, body, headers = await caller.ask(await caller.session(), "您好", "message-1")
    assert (status, body["error"]) == (429, "rate_limited") and int(headers["Retry-After"]) > 0
    assert (await caller.ask(await caller.session(), "救命", "message-2"))[0] == 200


async def test_readiness_is_found_out_once_a_second(serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """However many ask: each would be a request to the action server and a look at the knowledge."""
    looks = []

    async def look(_app: Any) -> list[str]:
        looks.append(1)
        await asyncio.sleep(0)
        return ["nothing is there"]

    monkeypatch.setattr("bot.channels.readiness.faults", look)
    caller = await serve()
    replies = await asyncio.gather(*(caller.call("GET", "ready") for _ in range(20)))
    assert {status for status, _, _ in replies} == {503} and len(looks) <= 2


async def test_only_listed_origins_are_served(serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The listed one may send and read, the bot's own pages too, a stranger neither; nor a sandboxed frame, unless listed."""
    monkeypatch.setenv("WEB_ORIGINS", "https://www.example.gov.cn")
    caller = await serve()
    listed, own, stranger = "https://www.example.gov.cn", f"http://{caller.host}", "https://evil.example"
    asked = {"Access-Control-Request-Method": "DELETE", "Access-Control-Request-Headers": "authorization"}
    status, _, headers = await caller.call("OPTIONS", "history", Origin=listed, **asked)
    assert status == 204 and headers["Access-Control-Allow-Origin"] == listed
    assert "DELETE" in headers["Access-Control-Allow-Methods"]
    assert "Authorization" in headers["Access-Control-Allow-Headers"]
    status, _, headers = await caller.call("POST", "session", {}, Origin=listed)
    assert status == 200 and headers["Access-Control-Allow-Origin"] == listed
    assert (await caller.call("POST", "session", {}, Origin=own))[0] == 200
    status, _, headers = await caller.call("OPTIONS", "message", Origin=stranger, **asked)
    assert status == 403 and "Access-Control-Allow-Origin" not in headers
    for refused in (stranger, "null"):
        status, body, headers = await caller.call("POST", "session", {}, Origin=refused)
        assert (status, body["error"]) == (403, "origin") and "Access-Control-Allow-Origin" not in headers


async def test_a_broken_log_is_told_without_its_details(
    serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 with when to try again, and nothing of the cause."""
    monkeypatch.setenv("CONVERSATIONS_URL", "postgresql+psycopg2://nobody:x@127.0.0.1:1/none")
    caller = await serve()
    status, body, headers = await caller.call("GET", "history", Authorization=f"Bearer {await caller.session()}")
    assert (status, body["error"], headers["Retry-After"]) == (503, "unavailable", "5")
    assert "postgresql" not in str(body)


@pytest.mark.slow  # the built knowledge
async def test_hot_questions_are_curated_until_there_are_logs(serve: Callable[..., Any]) -> None:
    """And suggestions come from the same store."""
    caller = await serve()
    body = (await caller.call("GET", "hot"))[1]
    assert body["source"] == "curated" and len(body["questions"]) == 6
    found = (await caller.call("GET", "suggest?q=ylcw"))[1]["suggestions"]
    assert 0 < len(found) <= 5 and "床位" in found[0]["question"]
    assert (await caller.call("GET", "notice"))[1] == {"notice": None}


async def test_the_readers_old_address_leads_to_the_new_one(serve: Callable[..., Any]) -> None:
    """Links that were given out go on working."""
    import aiohttp

    caller = await serve()
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"http://{caller.host}/webhooks/web/plan", allow_redirects=False) as reply,
    ):
        assert (reply.status, reply.headers["Location"]) == (301, "/plan")


async def test_readiness_says_the_version(serve: Callable[..., Any]) -> None:
    """Also where something is missing, as the model is here."""
    status, body, _ = await (await serve()).call("GET", "ready")
    assert (status, body["status"], body["version"]) == (503, "not ready", product_version()) and body["reasons"]


async def test_erasing_waits_for_the_turn_that_is_under_way(serve: Callable[..., Any], log: TurnLog) -> None:
    """Asked in one tab, erased in another: nothing of it is left, in memory neither."""
    caller = await serve()
    session = await caller.session()
    caller.rasa.go_on.clear()
    asking = asyncio.create_task(caller.ask(session, "您好", "message-1"))
    await caller.rasa.asked.wait()
    erasing = asyncio.create_task(caller.call("DELETE", "history", Authorization=f"Bearer {session}"))
    await asyncio.sleep(0.05)
    assert not erasing.done()
    caller.rasa.go_on.set()
    assert (await asking)[0] == 200 and (await erasing)[0] == 204
    assert log.history(session_key("web", SessionTokens(derived_key("web session")).session_of(session))) == []
    await caller.ask(session, "您好", "message-1")
    assert len(caller.rasa.seen) == 2


async def test_what_another_process_erased_is_not_remembered(serve: Callable[..., Any], log: TurnLog) -> None:
    """A second delivery after that is a new message."""
    caller = await serve()
    session = await caller.session()
    await caller.ask(session, "您好", "message-1")
    log.erase_session(session_key("web", SessionTokens(derived_key("web session")).session_of(session)))
    await caller.ask(session, "您好", "message-1")
    assert len(caller.rasa.seen) == 2


async def test_erasing_is_limited_by_session(serve: Callable[..., Any]) -> None:
    """Each is a write and a cleaning; another session is served."""
    caller = await serve()
    session, other = await caller.session(), await caller.session()
    bearer = {"Authorization": f"Bearer {session}"}
    assert [(await caller.call("DELETE", "history", **bearer))[0] for _ in range(4)] == [204, 204, 204, 429]
    assert (await caller.call("DELETE", "history", Authorization=f"Bearer {other}"))[0] == 204
