"""What the log holds after residents have asked the running product."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from conversations.identity import session_key
from conversations.turn_log import TurnLog
from knowledge.signals import SIGNALS
from tests.journeys.processes import Product


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One running product for the stories of this file."""
    running = Product(tmp_path_factory.mktemp("logged"))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def log(product: Product) -> TurnLog:
    """The log that the product writes."""
    return TurnLog(product.environment["CONVERSATIONS_URL"])


def test_a_turn_is_logged_whole(product: Product, log: TurnLog) -> None:
    """Question, what NLU made of it, candidates with their signals, answer, times and versions."""
    sender = uuid.uuid4().hex
    text, custom = product.ask("到2025年养老床位有多少张", sender)
    (turn,) = log.history(session_key("rest", sender))
    assert (turn.id, turn.channel, turn.question) == (custom["answer_id"], "rest", "到2025年养老床位有多少张")
    assert turn.outcome == "answered" and turn.topic == "elderly_care" and turn.headline == custom["headline"]
    assert turn.reply == [{"text": text}, {"custom": custom}]
    assert turn.citations == [c["commitment_id"] for c in custom["citations"]]
    assert turn.intent == "ask_elderly_care" and turn.confidence and turn.confidence > 0.5 and len(turn.intents) > 10
    assert {e["entity"] for e in turn.entities} >= {"year"}
    assert 2 <= len(turn.candidates) <= 10 and turn.candidates[0].commitment_id == turn.citations[0]
    assert turn.candidates[0].signals and set(turn.candidates[0].signals) <= set(SIGNALS)
    assert turn.answerable and turn.silence is not None and turn.margin and turn.margin > 0
    assert set(turn.latency_ms) == {"normalise", "encode", "nlu", "find", "compose", "total"}
    assert all(value >= 0 for value in turn.latency_ms.values()) and turn.latency_ms["total"] > turn.latency_ms["nlu"]
    assert len(turn.knowledge) == 64 and turn.model


def test_corrections_are_logged(product: Product, log: TurnLog) -> None:
    """What was typed and what it was taken for."""
    sender = uuid.uuid4().hex
    product.ask("gongzufang 以后会多建吗", sender)
    (turn,) = log.history(session_key("rest", sender))
    assert "公租房" in turn.understood and ["gongzufang", "公租房"] in [list(pair) for pair in turn.guesses]


@pytest.mark.parametrize("words", ["今天天气怎么样", "你好", "我要投诉", "公租房申请要带什么材料", "那呢", "养" * 1001])
def test_every_kind_of_turn_is_logged(product: Product, log: TurnLog, words: str) -> None:
    """Whatever the outcome, and whichever action spoke."""
    sender = uuid.uuid4().hex
    text, custom = product.ask(words, sender)
    (turn,) = log.history(session_key("rest", sender))
    assert (turn.id, turn.outcome, turn.reply[0]["text"]) == (custom["answer_id"], custom["outcome"], text)


def test_personal_data_reaches_no_file(product: Product) -> None:
    """Neither log nor tracker nor printed output has the number or the name, the answer is the same as without them."""
    sender = f"oSENDER{uuid.uuid4().hex}"
    question = "我叫欧阳建国，住在盈港路7788弄55号201室，电话13876543210，到2025年养老床位有多少张"
    _, custom = product.ask(question, sender)
    assert custom["outcome"] == "answered" and "9500" in json.dumps(custom["citations"], ensure_ascii=False)
    written = b"".join(path.read_bytes() for path in product.folder.iterdir() if path.is_file())
    for secret in ("欧阳建国", "7788", "13876543210", sender):
        assert secret.encode() not in written and json.dumps(secret).strip('"').encode() not in written
    assert "〔手机号〕".encode() in written


def test_the_same_message_is_answered_and_logged_once(product: Product, log: TurnLog) -> None:
    """Eight deliveries at once and one later: one turn, one reply, the context untouched."""
    sender, body = uuid.uuid4().hex, {"message": "养老机构床位到2025年有多少张", "message_id": "m-1"}
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: product.post("/webhooks/rest/webhook", {**body, "sender": sender}), range(8)))
    replies.append(product.post("/webhooks/rest/webhook", {**body, "sender": sender}))
    assert {status for status, _ in replies} == {200} and len({reply for _, reply in replies}) == 1
    session = session_key("rest", sender)
    assert len(log.history(session)) == 1
    with sqlite3.connect(product.folder / "tracker.sqlite") as tracker:
        heard = "select count(*) from events where sender_id = ? and type_name = 'user'"
        assert tracker.execute(heard, (session,)).fetchone() == (1,)


def test_the_trace_stays_inside(product: Product) -> None:
    """It is in the log, and neither in the reply nor in the tracker."""
    status, reply = product.post("/webhooks/rest/webhook", {"sender": uuid.uuid4().hex, "message": "托班有多少"})
    assert status == 200 and "signals" not in reply and "trace" not in reply
    with sqlite3.connect(product.folder / "tracker.sqlite") as tracker:
        assert tracker.execute("select count(*) from events where data like '%\"signals\"%'").fetchone() == (0,)
