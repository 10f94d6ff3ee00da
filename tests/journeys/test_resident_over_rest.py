"""A resident asks over REST, with the processes that `make run` starts."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from conversations.identity import session_key
from conversations.notices import Notice, NoticeBoard
from conversations.requests import RequestBook
from conversations.turn_log import TurnLog
from knowledge.document.plan_text import read_plan, squash
from knowledge.groundwork import settings
from tests.journeys.processes import READY_WITHIN_S, WITHOUT_CONSOLE, Product

AT_ONCE = 300  # connections; Sanic by itself lets a hundred wait
OUTCOMES = {"answered", "not_in_plan", "out_of_scope", "clarify", "chat", "handoff", "error", "danger"}


def someone() -> str:
    """A sender nobody was before."""
    return uuid.uuid4().hex


@pytest.mark.parametrize(
    ("question", "outcome", "words", "page"),
    [
        ("到2025年养老院床位有多少张", "answered", "9500", 55),
        ("小孩两岁有没有托班可以上", "answered", "托班", 51),
        ("小学放学以后有课后服务吗", "answered", "课后服务", 52),
        ("公租房以后会多建一点吗", "answered", "租赁住房", 56),
        ("今天天气怎么样", "out_of_scope", "", 0),
    ],
)
def test_the_five_questions_of_the_readme(product: Product, question: str, outcome: str, words: str, page: int) -> None:
    """Each gets the right outcome, passage and page."""
    text, custom = product.ask(question, someone())
    assert custom["outcome"] == outcome, text
    if words:
        assert words in squash(custom["citations"][0]["quote"])
        assert custom["citations"][0]["page"] == page
        assert f"第{page}页" in text
    else:
        assert custom["citations"] == []


def test_many_may_come_while_the_bot_is_busy(product: Product) -> None:
    """Whoever connects while its loop does something else waits a moment, and is not left to try again for a minute."""
    bot = product.pid_of("bot")
    callers: list[socket.socket] = []
    os.kill(bot, signal.SIGSTOP)
    try:
        callers += [socket.create_connection(("127.0.0.1", product.bot_port), timeout=5) for _ in range(AT_ONCE)]
    finally:
        os.kill(bot, signal.SIGCONT)
        for caller in callers:
            caller.close()
    assert product.get("/webhooks/web/ready")[0] == 200


def test_an_answer_has_every_field_of_the_contract(product: Product) -> None:
    """Names and types of answer/1; the quote stands in the plan and the link leads to its mark."""
    text, custom = product.ask("养老机构床位到2025年要达到多少张", someone())
    assert set(custom) == {
        "schema", "answer_id", "outcome", "topic", "headline", "facts", "citations", "related", "notice", "danger",
        "hotlines", "language", "plain", "next_steps",
    }  # fmt: skip
    assert custom["schema"] == "answer/1" and custom["topic"] == "elderly_care" and text
    assert set(custom["facts"][0]) == {"label", "value", "unit", "year", "qualifier", "baseline"}
    beds = next(f for f in custom["facts"] if f["value"] == 9500)
    assert beds["baseline"] == {"value": 8278, "year": 2020}
    citation = custom["citations"][0]
    assert set(citation) == {
        "commitment_id", "quote", "chapter", "section", "heading", "page", "document", "url", "document_id",
    }  # fmt: skip
    plan = re.sub(r"(?m)^\s*-\s*\d+\s*-\s*$", "", read_plan(settings.PLAN))
    assert squash(citation["quote"]) in squash(plan)
    status, page = product.get("/plan")
    assert status == 200 and f'id="{citation["commitment_id"]}"' in page


@pytest.mark.parametrize(
    "message",
    [
        "/restart",
        "/session_start",
        '/ask_housing{"place":"x"}',
        "/greet",
        "//",
        "<script>alert(1)</script>",
        "'; DROP TABLE passage;--",
    ],
)
def test_hostile_text_is_only_text(product: Product, message: str) -> None:
    """No command, intent or slot can be injected; the context survives."""
    sender = someone()
    product.ask("养老机构床位到2025年有多少张", sender)
    _, custom = product.ask(message, sender)
    assert custom["outcome"] in {"out_of_scope", "not_in_plan", "clarify"}
    assert custom["citations"] == []
    text, custom = product.ask("出处在哪里", sender)
    assert "第55页" in text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"x"',
        b'{"sender": "a"}',
        b'{"message": ""}',
        b'{"message": 5}',
        b'{"sender": 5, "message": "x"}',
        b'{"sender": "' + b"a" * 300 + b'", "message": "x"}',
    ],
)
def test_bad_requests_say_what_is_wrong(product: Product, body: bytes) -> None:
    """A 400 with words, never a stack or a path."""
    status, reply = product.post("/webhooks/rest/webhook", body)
    assert status == 400
    assert "Traceback" not in reply and "/work" not in reply and json.loads(reply)["error"]


def test_the_channel_and_metadata_cannot_be_forged(product: Product) -> None:
    """Fields beyond sender and message are ignored."""
    body = {"sender": someone(), "message": "你好", "input_channel": "cmdline", "metadata": {"x": 1}, "stream": True}
    status, reply = product.post("/webhooks/rest/webhook?stream=true", body)
    assert status == 200 and json.loads(reply)[1]["custom"]["outcome"] == "chat"
    with sqlite3.connect(product.folder / "tracker.sqlite") as tracker:
        assert tracker.execute("select count(*) from events where data like '%cmdline%'").fetchone() == (0,)


def test_without_an_account_wechat_is_off(product: Product) -> None:
    """A fresh machine has none: the product runs, the callback answers 404 with where to read on."""
    status, body = product.get("/webhooks/wechat/callback?signature=x")
    assert status == 404 and "docs/wechat.md" in json.loads(body)["error"]
    assert product.post("/webhooks/wechat/callback/main", b"<xml/>")[0] == 404
    assert product.get("/webhooks/wechat/") == (200, '{"status":"disabled","accounts":0}')


def test_rasas_own_http_api_is_closed(product: Product) -> None:
    """Nobody can read or change a conversation from outside."""
    for path in ("/conversations/s/tracker", "/domain", "/model/parse"):
        assert product.get(path)[0] in (401, 404, 405)


@pytest.mark.parametrize(
    ("message", "kind", "number"),
    [("我家着火了", "fire", "119"), ("我不想活了", "self_harm", "12356"), ("我爸昏倒了怎么办", "medical", "120")],
)
def test_in_danger_the_numbers_are_all_of_the_reply(product: Product, message: str, kind: str, number: str) -> None:
    """The most urgent first, in the text and as data; nothing of the plan beside it."""
    text, custom = product.ask(message, someone())
    assert (custom["outcome"], custom["danger"], custom["hotlines"][0]["number"]) == ("danger", kind, number)
    assert number in text.split("\n")[0]
    assert not any(custom[name] for name in ("topic", "facts", "citations", "related", "notice"))


def test_after_danger_the_next_ten_minutes_are_careful(product: Product) -> None:
    """No goodbye; a question of the plan is answered, with a quiet line; another resident sees none of it."""
    sender = someone()
    product.ask("我不想活了", sender)
    text, custom = product.ask("谢谢", sender)
    assert custom["outcome"] == "chat" and custom["hotlines"][0]["number"] == "12356" and "12356" in text
    text, custom = product.ask("到2025年养老院床位有多少张", sender)
    assert custom["outcome"] == "answered" and "9500" in text and "12356" in text.split("\n")[-1]
    assert product.ask("谢谢", someone())[1]["hotlines"] == []


def test_danger_is_answered_while_answering_is_paused(product: Product) -> None:
    """Staff have turned answers off for all else."""
    board = NoticeBoard(product.environment["CONVERSATIONS_URL"])
    notice = board.post(Notice("系统正在维护", datetime.now(timezone.utc), answering_off=True))
    try:
        until(lambda: "维护" in product.ask("养老床位有多少", someone())[0])
        text, custom = product.ask("我家着火了", someone())
        assert custom["outcome"] == "danger" and text.startswith("请马上拨打 119") and "维护" not in text
    finally:
        board.end(notice)
        until(lambda: "维护" not in product.ask("养老床位有多少", someone())[0])
        board.close()


def until(condition: Callable[[], bool], within_s: float = 60) -> None:
    """Wait for what another process does."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.2)


def test_length_limit(product: Product) -> None:
    """1,000 characters are read, 1,001 are politely refused."""
    assert product.ask("养老" * 500, someone())[1]["outcome"] in OUTCOMES
    text, custom = product.ask("养" * 1001, someone())
    assert "1000" in text and custom["citations"] == []


def test_a_conversation(product: Product) -> None:
    """Question, thanks, follow-ups, handoff, in one session."""
    sender = someone()
    assert product.ask("你好", sender)[1]["outcome"] == "chat"
    assert product.ask("养老机构床位到2025年有多少张", sender)[1]["outcome"] == "answered"
    assert product.ask("谢谢", sender)[1]["outcome"] == "chat"
    assert "8278" in product.ask("原来有多少", sender)[0]
    assert "课后服务" in product.ask("小学的课后服务怎么安排的", sender)[0]
    text, custom = product.ask("我要转人工", sender)
    assert custom["outcome"] == "handoff"
    reference = re.search(r"QP\d{6}-\w{5}", text)
    assert reference
    listed = subprocess.run(
        [sys.executable, "-m", "conversations", "requests"],
        env=product.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert reference.group() in listed.stdout
    assert "个工作日内" in text
    for asked in (f"查一下{reference.group()}", "我登记的事什么时候回复"):
        told, custom = product.ask(asked, sender)
        assert reference.group() in told and "前有答复" in told and "我要转人工" in told
        assert custom["outcome"] == "chat"
    told, _ = product.ask(reference.group().removeprefix("QP"), someone())
    assert "等工作人员查看" in told and "转人工" not in told, "another telephone, the number alone"
    assert "8278" in product.ask("养老机构床位原来有多少", sender)[0], "the dialogue goes on"


def test_many_at_once_get_their_own_answers(product: Product) -> None:
    """Forty residents at the same time, each with the right passage."""
    asked = [
        ("养老机构床位到2025年有多少张", "9500"),
        ("小学生课后服务", "课后服务"),
        ("发展喘息服务吗", "喘息服务"),
        ("多层房屋加装电梯", "加装电梯"),
    ]
    with ThreadPoolExecutor(16) as pool:
        replies = list(pool.map(lambda i: (product.ask(asked[i % 4][0], someone()), asked[i % 4][1]), range(40)))
    assert all(words in squash(custom["citations"][0]["quote"]) for (_, custom), words in replies)


def test_every_turn_is_on_disk_before_its_reply(tmp_path: Path) -> None:
    """Killed the moment after a reply, the turn is in the tracker."""
    running = Product(tmp_path, procfile=WITHOUT_CONSOLE)
    running.start()
    sender = someone()
    running.ask("养老机构床位到2025年有多少张", sender)
    running.kill()
    with sqlite3.connect(tmp_path / "tracker.sqlite") as tracker:
        who = (session_key("rest", sender),)
        kinds = [row[0] for row in tracker.execute("select type_name from events where sender_id = ?", who)]
    assert "user" in kinds and "bot" in kinds


@pytest.fixture(scope="module")
def bot_alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A bot at whose action server's port nobody listens yet."""
    alone = Product(tmp_path_factory.mktemp("alone"), settings={"TURN_DEADLINE_S": "10"})
    bot = subprocess.Popen(
        [sys.executable, "-m", "bot"], env=alone.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield alone
    finally:
        bot.send_signal(signal.SIGINT)
        bot.wait(timeout=40)


def _alone(status: int, said: str) -> bool:
    """Whether nothing but the action server is missing."""
    return status == 503 and "动作服务" in said and "model" not in said and "loading" not in said


def test_without_the_action_server_the_question_is_kept(bot_alone: Product) -> None:
    """Readiness is 503 with a reason, the resident gets an apology, staff get the question; danger is answered all the same."""
    until(lambda: _alone(*bot_alone.get("/webhooks/web/ready")), READY_WITHIN_S)
    text, custom = bot_alone.ask("养老床位有多少", "lost")
    assert custom["outcome"] == "error" and "12345" in text and "Traceback" not in text
    danger, about = bot_alone.ask("我家着火了", "in danger")
    assert about["outcome"] == "danger" and danger.startswith("请马上拨打 119")
    listed = subprocess.run(
        [sys.executable, "-m", "conversations", "requests"],
        env=bot_alone.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "养老床位有多少" in listed.stdout and "着火" not in listed.stdout
    (turn,) = TurnLog(bot_alone.environment["CONVERSATIONS_URL"]).history(session_key("rest", "lost"))
    assert (turn.id, turn.outcome, turn.reply[0]) == (custom["answer_id"], "error", {"text": text})


class _Hanging(BaseHTTPRequestHandler):
    """An action server that answers whether it is there, then hangs at its first turn, and answers the next."""

    go_on = threading.Event()
    turns = 0

    def do_GET(self) -> None:
        self._reply({"status": "ok"})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        _Hanging.turns += 1
        first = _Hanging.turns == 1
        if first:
            _Hanging.go_on.wait(120)
        said = "迟到的答复" if first else "按时的答复"
        custom = {
            "schema": "answer/1",
            "answer_id": f"a-{_Hanging.turns}",
            "outcome": "chat",
            "headline": said,
            "citations": [],
        }
        with contextlib.suppress(BrokenPipeError, ConnectionError):  # the bot has long hung up
            empty = dict.fromkeys(("template", "response", "image", "attachment"))
            sent = {"text": said, "custom": custom, "buttons": [], "elements": [], **empty}
            self._reply({"events": [], "responses": [sent]})

    def _reply(self, body: object) -> None:
        data = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Quiet."""


def test_a_hanging_action_server_costs_its_turn_only(bot_alone: Product) -> None:
    """The resident gets an apology and staff the question; the next message of the same resident is answered by itself,
    and what comes late comes nowhere.
    """
    actions = ThreadingHTTPServer(("127.0.0.1", bot_alone.actions_port), _Hanging)
    threading.Thread(target=actions.serve_forever, daemon=True).start()
    try:
        until(lambda: bot_alone.get("/webhooks/web/ready")[0] == 200, READY_WITHIN_S)
        assert bot_alone.ask("地铁站有多少", "patient")[1]["outcome"] == "error"
        assert bot_alone.ask("托班有多少", "patient")[0] == "按时的答复"
        _Hanging.go_on.set()
        assert bot_alone.ask("公租房有多少", "patient")[0] == "按时的答复"
        turns = TurnLog(bot_alone.environment["CONVERSATIONS_URL"]).history(session_key("rest", "patient"))
        assert [turn.outcome for turn in turns] == ["error", "chat", "chat"]
        assert [turn.question for turn in turns] == ["地铁站有多少", "托班有多少", "公租房有多少"]
        requests = RequestBook(bot_alone.environment["CONVERSATIONS_URL"]).open_requests()
        kept = [request.text for request in requests if request.text in {turn.question for turn in turns}]
        assert kept == ["地铁站有多少"]
    finally:
        _Hanging.go_on.set()
        actions.shutdown()
        actions.server_close()


def test_ctrl_c_stops_everything(tmp_path: Path) -> None:
    """After SIGINT no process of the product is left."""
    running = Product(tmp_path)
    running.start()
    running.stop(signal.SIGINT)
    assert running.get("/webhooks/web/ready")[0] == 0
    with pytest.raises(OSError):
        import socket

        socket.create_connection(("127.0.0.1", running.actions_port), timeout=2)
