"""The scaled form, by configuration only: two bots, PostgreSQL, Redis, RabbitMQ and the consumer that writes the log."""

from __future__ import annotations

import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace

import pytest
from sqlalchemy import create_engine, text

from conversations.identity import session_key
from conversations.turn_log import TurnLog
from conversations.turns import Turn
from tests.journeys.processes import READY_WITHIN_S, Product
from tests.services import free_port, postgres, rabbitmq, redis

SECRET = "a secret of these machines only"


@pytest.fixture(scope="module")
def bots(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Product, Product]]:
    """Two bots that share everything but their process."""
    folder = tmp_path_factory.mktemp("scaled")
    with ExitStack() as stack:
        with ThreadPoolExecutor(3) as pool:
            server, queue, locks = pool.map(lambda start: stack.enter_context(start()), (postgres, rabbitmq, redis))
        settings = {
            "BOT_ENDPOINTS": "deploy/endpoints-scaled.yml",
            "CONVERSATIONS_URL": server.new_database(),
            "TRACKER_URL": server.new_database(),
            "REDIS_HOST": "127.0.0.1",
            "REDIS_PORT": str(locks),
            "RABBITMQ_HOST": "127.0.0.1",
            "RABBITMQ_PORT": str(queue),
            "RABBITMQ_USER": "guest",
            "RABBITMQ_PASSWORD": "guest",
            "CONVERSATIONS_SECRET": SECRET,
        }
        stack.enter_context(pytest.MonkeyPatch.context()).setenv("CONVERSATIONS_SECRET", SECRET)  # of the tests below
        first = Product(folder, procfile="deploy/Procfile-scaled", settings=settings)
        subprocess.run([sys.executable, "-m", "conversations", "migrate"], env=first.environment, check=True)
        first.launch()
        stack.callback(first.stop)
        second = replace(first, bot_port=free_port(), process=None)
        log = stack.enter_context((folder / "second.txt").open("wb"))
        process = subprocess.Popen([sys.executable, "-m", "bot"], env=second.environment, stdout=log, stderr=log)
        stack.callback(process.wait, 40)
        stack.callback(process.terminate)
        first.wait_until_ready()
        deadline = time.monotonic() + READY_WITHIN_S
        while second.get("/webhooks/web/ready")[0] != 200:
            assert time.monotonic() < deadline and process.poll() is None, (folder / "second.txt").read_text()[-3000:]
            time.sleep(0.5)
        yield first, second


def logged(product: Product, sender: str, turns: int) -> list[Turn]:
    """A sender's turns, once the consumer has written as many."""
    log = TurnLog(product.environment["CONVERSATIONS_URL"])
    session = session_key("rest", sender)
    for _ in range(300):
        found = log.history(session)
        if len(found) >= turns:
            break
        time.sleep(0.1)
    log.close()
    return found


def test_a_conversation_goes_on_at_another_bot(bots: tuple[Product, Product]) -> None:
    """The context is in PostgreSQL, the log is written through the queue, whole and in order."""
    first, second = bots
    sender = uuid.uuid4().hex
    _, custom = first.ask("养老机构床位到2025年有多少张", sender)
    assert "8278" in second.ask("原来有多少", sender)[0]
    asked, followed = logged(first, sender, 2)
    assert (asked.id, asked.question) == (custom["answer_id"], "养老机构床位到2025年有多少张")
    assert asked.candidates and asked.latency_ms["nlu"] > 0 and followed.question == "原来有多少"


def test_many_at_once_on_both_bots_are_all_logged(bots: tuple[Product, Product]) -> None:
    """Twenty residents, three turns each, now here, now there; each turn once, each session in order."""
    senders = [uuid.uuid4().hex for _ in range(20)]
    words = ("小学生课后服务怎么样", "谢谢", "公租房以后会多建一点吗")

    def talk(sender: str) -> None:
        for number, said in enumerate(words):
            bots[number % 2].ask(said, sender)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(talk, senders))
    for sender in senders:
        assert [turn.question for turn in logged(bots[0], sender, 3)] == list(words)


def test_a_second_delivery_to_the_other_bot_gets_the_stored_reply(bots: tuple[Product, Product]) -> None:
    """A platform that sends again reaches whichever bot is free."""
    first, second = bots
    body = {"sender": uuid.uuid4().hex, "message": "托班有多少", "message_id": "m-1"}
    reply = first.post("/webhooks/rest/webhook", body)
    (turn,) = logged(first, body["sender"], 1)
    assert second.post("/webhooks/rest/webhook", body) == reply and turn.id in reply[1]
    assert len(logged(first, body["sender"], 1)) == 1


def test_erasing_reaches_the_shared_databases(bots: tuple[Product, Product]) -> None:
    """Log and tracker in PostgreSQL forget the session."""
    first, second = bots
    sender = uuid.uuid4().hex
    first.ask("养老机构床位到2025年有多少张", sender)
    logged(first, sender, 1)
    command = [sys.executable, "-m", "conversations", "erase", "--sender", "rest", sender]
    subprocess.run(command, env=first.environment, check=True)
    assert logged(first, sender, 0) == []
    engine = create_engine(first.environment["TRACKER_URL"], future=True)
    with engine.connect() as connection:
        events = text("select count(*) from events where sender_id = :session")
        assert connection.execute(events, {"session": session_key("rest", sender)}).scalar() == 0
    engine.dispose()
    assert second.ask("原来有多少", sender)[1]["outcome"] != "answered"
