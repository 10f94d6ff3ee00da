"""The scaled form, by configuration only: four bots, PostgreSQL, Redis, RabbitMQ and the consumer that writes the log."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from itertools import pairwise, repeat
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from conversations.identity import session_key
from conversations.turn_log import TurnLog
from conversations.turns import Turn
from releases.shelf import Shelf
from tests.journeys.processes import Product
from tests.journeys.residents import Residents
from tests.journeys.variants import keep_as_built, keep_renamed
from tests.services import Services, all_services, free_port, nginx

LIMITS = ("WEB_MESSAGES_PER_MINUTE", "WEB_MESSAGES_PER_MINUTE_PER_ADDRESS", "WEB_SESSIONS_PER_MINUTE_PER_ADDRESS")
pytestmark = pytest.mark.timeout(1200)  # a thousand turns took 5 minutes on two cores under a load of 17
SECRET = "a secret of these machines only"
SAID = (
    *("小学生课后服务怎么样", "谢谢", "公租房以后会多建一点吗", "你好", "托班有多少", "养老院床位有多少", "再见"),
    *("有没有免费网课", "老房子改造吗", "学校操场能不能给居民用", "好的", "社区食堂有吗", "要建几所幼儿园", "嗯"),
    *("今天天气怎么样", "你是谁", "护理床位有多少", "共有产权房有多少", "家庭医生怎么签", "知道了"),
)  # twenty, all different
AT_ONCE = [
    (at, at + (2 if at % 5 == 3 else 1)) for at in range(len(SAID)) if at % 5 != 4
]  # from, to: of five, two at once


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """What was built serves."""
    shelf = Shelf(tmp_path_factory.mktemp("shelf") / "releases")
    shelf.promote(keep_as_built(shelf).id, "测试")
    return shelf


@pytest.fixture(scope="module")
def services() -> Iterator[Services]:
    """What the bots stand on, to be hung and stopped."""
    with all_services() as services:
        yield services


@pytest.fixture(scope="module")
def bots(shelf: Shelf, services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Product, ...]]:
    """Four bots that share everything but their process."""
    folder = tmp_path_factory.mktemp("scaled")
    with ExitStack() as stack:
        settings = {
            **services.settings,
            "CONVERSATIONS_SECRET": SECRET,
            "RELEASES_DIR": str(shelf.folder),
            "KNOWLEDGE_DIR": "",
            "DRAIN_S": "1",
            **dict.fromkeys(LIMITS, "6000"),
        }
        stack.enter_context(pytest.MonkeyPatch.context()).setenv("CONVERSATIONS_SECRET", SECRET)  # of the tests below
        first = Product(folder, procfile="deploy/Procfile-scaled", settings=settings)
        subprocess.run([sys.executable, "-m", "conversations", "migrate"], env=first.environment, check=True)
        first.launch()
        stack.callback(first.stop)
        others = [first.launch_bot_beside() for _ in range(3)]
        for each in others:
            stack.callback(each.stop)
        for each in (first, *others):
            each.wait_until_ready()
        yield (first, *others)


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


def test_a_conversation_goes_on_at_another_bot(bots: tuple[Product, ...]) -> None:
    """The context is in PostgreSQL, the log is written through the queue, whole and in order."""
    first, second = bots[:2]
    sender = uuid.uuid4().hex
    _, custom = first.ask("养老机构床位到2025年有多少张", sender)
    assert "8278" in second.ask("原来有多少", sender)[0]
    asked, followed = logged(first, sender, 2)
    assert (asked.id, asked.question) == (custom["answer_id"], "养老机构床位到2025年有多少张")
    assert asked.candidates and asked.latency_ms["nlu"] > 0 and followed.question == "原来有多少"


def test_a_conversation_keeps_its_order_whichever_bot_takes_a_message(bots: tuple[Product, ...]) -> None:
    """Fifty residents, twenty messages each at random over the bots, every fifth sent before the last one was answered.

    Each turn is logged once. What was sent after a reply comes after it, and of two that were under way at once one was
    done with before the other was begun.
    """
    chance = random.Random(21)
    spoken = {uuid.uuid4().hex: chance.sample(SAID, len(SAID)) for _ in range(50)}
    ways = {sender: [chance.choice(bots) for _ in said] for sender, said in spoken.items()}

    def talk(sender: str) -> None:
        with ThreadPoolExecutor(2) as pool:
            for begin, end in AT_ONCE:
                list(pool.map(Product.ask, ways[sender][begin:end], spoken[sender][begin:end], repeat(sender)))

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(talk, spoken))
    for sender, said in spoken.items():
        found = [turn.question for turn in logged(bots[0], sender, len(said))]
        assert len(found) == len(said)
        for begin, end in AT_ONCE:
            assert sorted(found[begin:end]) == sorted(said[begin:end])
        kinds = tracked(bots[0], sender)
        assert kinds.count("user") == len(said)
        assert all(before == "action_listen" for before, kind in pairwise(kinds) if kind == "user"), kinds


def tracked(product: Product, sender: str) -> list[str]:
    """Messages, actions and replies of a sender in the order of the tracker: kinds of events, actions by their names."""
    query = text(
        "select type_name, action_name from events where sender_id = :session"
        " and type_name in ('user', 'action', 'bot') order by id"
    )
    engine = create_engine(product.environment["TRACKER_URL"], future=True)
    with engine.connect() as connection:
        found = connection.execute(query, {"session": session_key("rest", sender)}).all()
    engine.dispose()
    return [name if kind == "action" else kind for kind, name in found]


def test_a_second_delivery_to_the_other_bot_gets_the_stored_reply(bots: tuple[Product, ...]) -> None:
    """A platform that sends again reaches whichever bot is free."""
    first, second = bots[:2]
    body = {"sender": uuid.uuid4().hex, "message": "托班有多少", "message_id": "m-1"}
    reply = first.post("/webhooks/rest/webhook", body)
    (turn,) = logged(first, body["sender"], 1)
    assert second.post("/webhooks/rest/webhook", body) == reply and turn.id in reply[1]
    assert len(logged(first, body["sender"], 1)) == 1


def test_bots_are_renewed_one_after_the_other_and_no_resident_notices(
    bots: tuple[Product, ...], shelf: Shelf, tmp_path: Path
) -> None:
    """Two behind nginx, as it is deployed; each is ended as an operator would and comes back with another release."""
    with nginx([bot.bot_port for bot in bots[1:3]]) as port, Residents(f"http://127.0.0.1:{port}", SAID) as residents:
        residents.wait_for_more(12)
        shelf.promote(keep_renamed(shelf, tmp_path, "renewed").id, "测试")
        for bot in bots[1:3]:
            assert bot.stop() == 0
            bot.launch_bot()
            bot.wait_until_ready()
            residents.wait_for_more(12)
        renewed = len(residents.answers)
        residents.wait_for_more(12)
    assert residents.failures == residents.apologies == [], bots[0].complaints()
    answered = [custom["answer_id"] for custom in residents.answers]
    assert len(set(answered)) == len(answered)
    models = logged_models(bots[0], answered)
    assert models[0] != "renewed" and set(models[renewed:]) == {"renewed"}


def logged_models(product: Product, answers: list[str]) -> list[str]:
    """The models that gave these answers, once the consumer has written all of them."""
    engine = create_engine(product.environment["CONVERSATIONS_URL"], future=True)
    for _ in range(300):
        with engine.connect() as connection:
            found = dict(connection.execute(text("select id, model from turn")).all())
        if found.keys() >= set(answers):
            break
        time.sleep(0.1)
    engine.dispose()
    return [found[answer] for answer in answers]


def test_erasing_reaches_the_shared_databases(bots: tuple[Product, ...]) -> None:
    """Log and tracker in PostgreSQL forget the session."""
    first, second = bots[:2]
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


DEADLINE_S = 8.0  # of a turn, as the product has it
LATE_S = 4.0  # that two busy cores may add, in which clients, bots and services take their turns
HANGS_S = 2.5  # longer than RabbitMQ's receipt, a read of the log and a place in Redis are waited for
AWAY_S = 0.5


def test_while_each_service_hangs_or_is_away_residents_are_answered_in_time(
    bots: tuple[Product, ...], services: Services
) -> None:
    """Consumer, action server, PostgreSQL, Redis and RabbitMQ are stopped (SIGSTOP) one after the other, the last three
    ended and started again as well.

    Whoever asks meanwhile gets an answer or is told that it failed, within a turn's deadline; afterwards each message is
    in the log once, with the answer that its resident saw.
    """
    settings = {**bots[3].settings, "TURN_DEADLINE_S": str(DEADLINE_S)}
    punctual = replace(bots[3], bot_port=free_port(), process=None, settings=settings)
    punctual.launch_bot()
    try:
        punctual.wait_until_ready()
        with Residents(f"http://127.0.0.1:{punctual.bot_port}", SAID) as residents:
            residents.wait_for_more(3)
            for module in ("conversations", "actions"):
                pid = bots[0].pid_of(module)
                os.kill(pid, signal.SIGSTOP)
                try:
                    time.sleep(HANGS_S)
                finally:
                    os.kill(pid, signal.SIGCONT)
                residents.wait_for_more(3)
            for server, start in (
                (services.postgres.server, services.postgres.start),
                (services.redis, services.redis.start),
                (services.rabbitmq, services.rabbitmq.start),
            ):
                with server.hung():
                    time.sleep(HANGS_S)
                residents.wait_for_more(3)
                server.stop()
                time.sleep(AWAY_S)
                start()
                residents.wait_for_more(3)
        told = [custom["answer_id"] for custom in (*residents.answers, *residents.apologies)]
        logged_models(
            bots[0], told
        )  # waits until all are written, by a bot that is still there to write what it spooled
    finally:
        punctual.stop()
    assert residents.failures == []
    assert max(residents.waited_s) < DEADLINE_S + LATE_S
    assert len(set(told)) == len(told) and repeated(punctual) == []


def repeated(product: Product) -> list[str]:
    """The messages that are in the log more than once."""
    query = text("select message_id from turn group by session, message_id having count(*) > 1")
    engine = create_engine(product.environment["CONVERSATIONS_URL"], future=True)
    with engine.connect() as connection:
        found = list(connection.execute(query).scalars())
    engine.dispose()
    return found
