"""What the log holds after residents have asked the running product."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from rasa.core.agent import Agent
from rasa.core.test import test as run_stories
from ruamel.yaml import YAML

from conversations.identity import session_key
from conversations.turn_log import TurnLog
from knowledge.search.signals import SIGNALS
from tests.journeys.processes import Product
from tests.products import TOO_OLD


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
    for secret in ("欧阳建国", "7788弄", "13876543210", sender):
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


def command(product: Product, *arguments: str) -> str:
    """What `python -m conversations …` prints."""
    done = subprocess.run(
        [sys.executable, "-m", "conversations", *arguments],
        env=product.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_what_is_too_old_is_erased_when_the_product_starts(product: Product) -> None:
    """Nobody has to think of it."""
    for _ in range(60):
        written = b"".join(path.read_bytes() for path in product.folder.glob("conversations.sqlite*"))
        if TOO_OLD.encode() not in written:
            break
        time.sleep(0.5)
    assert TOO_OLD.encode() not in written


def test_a_session_is_erased_while_the_product_runs(product: Product, log: TurnLog) -> None:
    """Log and tracker forget it, file and write-ahead log alike; the next question starts anew."""
    sender = uuid.uuid4().hex
    product.ask("养老机构床位到2025年有多少张，我家在忘川新村77号", sender)
    product.ask("我要找人工，忘川的事", sender)
    said = "忘川".encode(), json.dumps("忘川").strip('"').encode()
    printed = command(product, "erase", "--sender", "rest", sender)
    assert "2 轮" in printed and "1 登记" in printed
    for path in [*product.folder.glob("conversations.sqlite*"), *product.folder.glob("tracker.sqlite*")]:
        content = path.read_bytes()
        assert not any(words in content for words in said), path
    assert log.history(session_key("rest", sender)) == []
    assert product.ask("原来有多少", sender)[1]["outcome"] != "answered"


async def test_exported_stories_pass_rasas_own_test(product: Product, tmp_path: Path) -> None:
    """What was asked and done, replayed by `rasa test core` on the same model, is understood and done the same."""
    sender = uuid.uuid4().hex
    said = (
        "到2025年养老床位有多少张",
        "谢谢",
        "gongzufang 以后会多建吗",
        "那徐泾呢",
        "我要投诉",
        "今天天气怎么样",
        "你好",
        "公租房申请要带什么材料",
    )
    for words in said:
        product.ask(words, sender)
    stories, own = tmp_path / "all.yml", tmp_path / "test_stories.yml"
    command(product, "export", "--format", "stories", "--out", str(stories))
    exported = YAML(typ="safe").load(stories)
    (story,) = exported["stories"] = [s for s in exported["stories"] if session_key("rest", sender) in s["story"]]
    YAML().dump(exported, own)
    assert len(story["steps"]) == 2 * len(said)
    agent = Agent.load("models/ask-qingpu.tar.gz")
    result = await run_stories(str(own), agent, e2e=True, out_directory=str(tmp_path))
    assert result["report"]["conversation_accuracy"]["accuracy"] == 1.0, (
        tmp_path / "failed_test_stories.yml"
    ).read_text()
