"""Turns through a real RabbitMQ: what the bot publishes, the consumer writes."""

from __future__ import annotations

import asyncio
import sys
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aio_pika
import pytest

from bot.queue_broker import RECEIPT_TIMEOUT_S, QueueEventBroker
from conversations.consume import QUEUE, Consumer
from conversations.identity import session_key
from conversations.requests import RequestBook
from conversations.turn_log import TurnLog
from tests.certificates import made_in
from tests.services import rabbitmq, rabbitmq_server
from wire.queue_address import queue_address

WITHIN_S = 60


@pytest.fixture(scope="module")
def queue_port() -> Iterator[int]:
    """One RabbitMQ for the tests of this file."""
    with rabbitmq() as port:
        yield port


@pytest.fixture
def url(tmp_path: Path, queue_port: int, monkeypatch: pytest.MonkeyPatch) -> str:
    """Broker and consumer find the queue and a log of their own."""
    url = f"sqlite:///{tmp_path}/c.sqlite"
    monkeypatch.setenv("CONVERSATIONS_URL", url)
    monkeypatch.setenv("RABBITMQ_PORT", str(queue_port))
    return url


def events_of(sender: str, number: int, *, asks_for_a_person: bool = False) -> list[dict[str, Any]]:
    """A turn as Rasa publishes it."""
    custom = {"answer_id": f"a-{sender[-6:]}-{number}", "outcome": "chat", "headline": "您好", "citations": []}
    request = {"reference": f"QP{sender[-6:]}", "kind": "handoff", "text": "要人工", "about": ""}
    user = {
        "event": "user",
        "text": f"问{number}",
        "message_id": f"m{number}",
        "input_channel": "rest",
        "parse_data": {},
    }
    events: list[dict[str, Any]] = [
        user,
        {"event": "action", "name": "action_answer"},
        {"event": "bot", "text": "您好", "data": {"custom": custom}},
        *([{"event": "slot", "name": "handoff_request", "value": request}] if asks_for_a_person else []),
        {"event": "action", "name": "action_listen"},
    ]
    return [{"sender_id": sender, "timestamp": time.time(), **event} for event in events]


async def broker_on(port: int) -> QueueEventBroker:
    """The bot's end of the queue."""
    broker = QueueEventBroker("127.0.0.1", port=port, queues=[QUEUE])
    await broker.connect()
    return broker


async def consumer() -> Process:
    """`python -m conversations consume`."""
    nowhere = {"stdout": DEVNULL, "stderr": DEVNULL}
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "conversations", "consume", **nowhere)


async def written(log: TurnLog, sessions: list[str], turns: int) -> list[list[str]]:
    """What each session asked, once all of it is in the log."""
    deadline = time.monotonic() + WITHIN_S
    while time.monotonic() < deadline:
        found = [[turn.question for turn in log.history(session)] for session in sessions]
        if all(len(questions) >= turns for questions in found):
            break
        await asyncio.sleep(0.1)
    return found


async def confirmed(broker: QueueEventBroker) -> bool:
    """Whether the queue has confirmed all that was published."""
    await asyncio.sleep(0.5)
    return not broker._unpublished_events and not any(not task.done() for task in broker._background_tasks)


async def until_empty(port: int) -> None:
    """Until everything in the queue was read and acknowledged."""
    async with await aio_pika.connect(host="127.0.0.1", port=port) as connection:
        channel = await connection.channel()
        deadline = time.monotonic() + WITHIN_S
        while (await channel.declare_queue(QUEUE, passive=True)).declaration_result.message_count:
            assert time.monotonic() < deadline, "nobody reads the queue"
            await asyncio.sleep(0.2)


async def test_a_consumer_that_is_killed_loses_and_repeats_nothing(url: str, queue_port: int) -> None:
    """Forty residents at once; the consumer dies in the middle, another goes on; what is no event is thrown away."""
    sessions = [session_key("rest", f"{number}") for number in range(40)]
    log = TurnLog(url)
    log.check()
    first = await consumer()
    broker = await broker_on(queue_port)
    await broker._exchange.publish(aio_pika.Message(b"no json"), "")

    async def talk(session: str, turns: range) -> None:
        for number in turns:
            for event in events_of(session, number):
                broker.publish(event)
            await broker.delivered()

    await asyncio.gather(*(talk(session, range(3)) for session in sessions))
    await written(log, sessions[:1], 1)
    first.kill()
    await first.wait()
    await asyncio.gather(*(talk(session, range(3, 5)) for session in sessions))
    second = await consumer()
    try:
        assert await written(log, sessions, 5) == [[f"问{n}" for n in range(5)]] * 40
    finally:
        second.terminate()
        assert await asyncio.wait_for(second.wait(), 30) == 0
        await broker.close()
        log.close()


async def test_requests_do_not_wait_for_the_queue(url: str, queue_port: int) -> None:
    """The request is on disk before the reply, so that its contact can be added; the consumer does not repeat it."""
    session = session_key("rest", "handoff")
    broker, log, book, stop = await broker_on(queue_port), TurnLog(url), RequestBook(url), asyncio.Event()
    for event in events_of(session, 1, asks_for_a_person=True):
        broker.publish(event)
    (request,) = book.open_requests()
    assert book.add_contact(request.answer_id, "13800001234")
    await broker.delivered()
    consuming = asyncio.create_task(Consumer(log, book).run(stop))
    assert await written(log, [session], 1) == [["问1"]]
    stop.set()
    await consuming
    assert book.contact(request.reference) == "13800001234" and len(book.all_requests()) == 1
    await broker.close()
    log.close()
    book.close()


@pytest.mark.slow  # a RabbitMQ of its own
async def test_a_queue_that_hangs_or_is_stopped_loses_and_repeats_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bot waits two seconds once and writes the log itself; what the queue delivers when it is back is there already."""
    session = session_key("rest", "patient")
    with rabbitmq_server() as server:
        monkeypatch.setenv("CONVERSATIONS_URL", f"sqlite:///{tmp_path}/c.sqlite")
        monkeypatch.setenv("RABBITMQ_PORT", str(server.port))
        log = TurnLog()
        log.check()
        reading = await consumer()
        broker = await broker_on(server.port)

        async def told(number: int) -> float:
            begun = time.monotonic()
            for event in events_of(session, number):
                broker.publish(event)
            await broker.delivered()
            return time.monotonic() - begun

        async def in_order(turns: int) -> None:
            assert await written(log, [session], turns) == [[f"问{n}" for n in range(turns)]]

        await told(0)
        await in_order(1)
        with server.hung():
            waited = [await told(1), await told(2)]
            assert [turn.question for turn in log.history(session)] == ["问0", "问1", "问2"]  # by the bot itself
        assert waited[0] >= RECEIPT_TIMEOUT_S and waited[1] < RECEIPT_TIMEOUT_S  # nobody pays twice
        await in_order(3)
        await asyncio.to_thread(server.stop)
        await told(3)
        await in_order(4)
        await asyncio.to_thread(server.start)
        deadline = time.monotonic() + WITHIN_S
        number = 4
        while not await confirmed(broker):
            await told(number)
            number += 1
            assert time.monotonic() < deadline, "the bot does not find the queue again"
        await told(number)
        await in_order(number + 1)
        assert reading.returncode is None  # the consumer found it again as well
        await until_empty(server.port)
        await in_order(number + 1)
        reading.terminate()
        assert await asyncio.wait_for(reading.wait(), 30) == 0
        await broker.close()
        log.close()


@pytest.mark.slow  # a RabbitMQ of its own
async def test_the_queue_behind_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who knows the authority is let in, and whoever does not, or speaks no TLS, is not."""
    certificates = made_in(tmp_path)
    with rabbitmq(certificates) as port:
        monkeypatch.setenv("RABBITMQ_HOST", "localhost")
        monkeypatch.setenv("RABBITMQ_PORT", str(port))
        with pytest.raises((OSError, aio_pika.exceptions.AMQPError)):
            await aio_pika.connect(**queue_address())
        monkeypatch.setenv("RABBITMQ_TLS", "on")
        with pytest.raises((OSError, aio_pika.exceptions.AMQPError)):
            await aio_pika.connect(**queue_address())
        monkeypatch.setenv("RABBITMQ_CA_FILE", str(certificates.authority))
        connection = await aio_pika.connect(**queue_address())
        channel = await connection.channel()
        await channel.declare_queue(QUEUE, durable=True)
        await connection.close()
