"""One turn of a conversation at a time over many processes, on a real Redis: plain, and behind TLS and a password."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import LockError, RedisLockStore
from redis.exceptions import AuthenticationError
from redis.exceptions import ConnectionError as RedisConnectionError

from bot.channels.turns import OnNewMessage, TurnTaker
from bot.places import Places
from bot.shared_locks import PREFIX, SharedLocks, redis_as_set
from conversations.identity import session_key
from conversations.notices import NoticeBoard
from conversations.requests import RequestBook
from conversations.turn_log import TurnLog
from tests.certificates import Certificates, made_in
from tests.services import redis, redis_server

pytestmark = pytest.mark.slow  # starts Redis
CONVERSATION, PASSWORD = "s-0123", "Zk3-rather-random-9fQx"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """One Redis for the tests of this file."""
    with redis() as found:
        yield found


@pytest.fixture
def stores(port: int, monkeypatch: pytest.MonkeyPatch) -> list[SharedLocks]:
    """As many as there are processes, each with connections of its own.

    None gives a place up within a test: Redis ends it by the clock on the wall, which a machine may set forward.
    """
    monkeypatch.setenv("TURN_DEADLINE_S", "600")
    monkeypatch.setenv("REDIS_HOST", "127.0.0.1")
    monkeypatch.setenv("REDIS_PORT", str(port))
    return [SharedLocks() for _ in range(4)]


def test_rasa_s_own_locks_let_two_in(port: int) -> None:
    """Its steps, as two processes may take them: both are given the same ticket, and both may go in."""
    one, other = (RedisLockStore("127.0.0.1", port) for _ in range(2))
    locks = [store.get_or_create_lock(CONVERSATION) for store in (one, other)]
    tickets = [lock.issue_ticket(60) for lock in locks]
    for store, lock in zip((one, other), locks):
        store.save_lock(lock)
    assert tickets[0] == tickets[1]
    assert not any(store.get_lock(CONVERSATION).is_locked(tickets[0]) for store in (one, other))  # type: ignore[union-attr]


async def test_after_a_restart_of_redis_no_turn_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every connection that was kept is dead; the first turn on each goes through, also where Redis is still on its way."""
    with redis_server() as server:
        monkeypatch.setenv("REDIS_HOST", "127.0.0.1")
        monkeypatch.setenv("REDIS_PORT", str(server.port))
        store = SharedLocks()

        async def turn(number: int) -> None:
            async with store.lock(f"{CONVERSATION}-{number}"):
                await asyncio.sleep(0.05)

        await asyncio.gather(*map(turn, range(8)))  # as many connections
        server.stop()
        server.start()
        await asyncio.gather(*map(turn, range(8)))
        server.stop()
        late = threading.Timer(0.2, server.start)
        late.start()
        await turn(9)
        late.join()
        left = [key async for key in redis_as_set().scan_iter(f"{PREFIX}*")]
        assert left == []


async def test_one_at_a_time_and_first_come_first_served(stores: list[SharedLocks]) -> None:
    """Thirty turns at four processes, in the order in which they came; another conversation waits for none of them."""
    inside, most, order, server = 0, 0, list[int](), redis_as_set()

    async def turn(number: int) -> None:
        nonlocal inside, most
        async with stores[number % 4].lock(CONVERSATION):
            inside += 1
            most = max(most, inside)
            order.append(number)
            await asyncio.sleep(0.01)
            inside -= 1

    turns = []
    async with stores[3].lock(CONVERSATION):
        for number in range(30):
            turns.append(asyncio.create_task(turn(number)))
            while await server.llen(PREFIX + CONVERSATION) < number + 2:  # noqa: ASYNC110 - Redis tells nobody
                await asyncio.sleep(0.001)
        async with stores[0].lock("s-another"):
            assert order == []
    await asyncio.gather(*turns)
    assert most == 1 and order == list(range(30))
    left = [await server.keys(f"{PREFIX}{name}*") for name in (CONVERSATION, "s-another")]
    assert left == [[], []]


async def test_a_message_has_its_place_before_it_is_read(
    stores: list[SharedLocks], conversations_url: str, watch_loaded: None
) -> None:
    """The process to which the first of two messages came is busy reading; the other one's does not overtake it."""
    server, answered, busy = redis_as_set(), list[str](), threading.Event()
    queue = PREFIX + session_key("rest", "resident")

    def bot(locks: SharedLocks) -> tuple[TurnTaker, OnNewMessage]:
        own = Places()
        own.attach(locks)
        taker = TurnTaker(TurnLog(), RequestBook(), NoticeBoard(), own_places=own)

        async def rasa(message: UserMessage) -> None:
            async with locks.lock(message.sender_id):
                answered.append(message.text)

        return taker, rasa

    (first, first_rasa), (second, second_rasa) = map(bot, stores[:2])
    first._reader.submit(busy.wait)
    asked = [asyncio.create_task(first.take(first_rasa, "第一句", "resident", "rest"))]
    while not await server.llen(queue):  # noqa: ASYNC110 - Redis tells nobody
        await asyncio.sleep(0.001)
    asked.append(asyncio.create_task(second.take(second_rasa, "第二句", "resident", "rest")))
    while await server.llen(queue) < 2 or second._reader._work_queue.qsize():  # noqa: ASYNC110
        await asyncio.sleep(0.001)
    await asyncio.sleep(0.3)  # the second is read by now
    assert answered == []
    busy.set()
    await asyncio.gather(*asked)
    assert answered == ["第一句", "第二句"]
    while await server.exists(queue):  # noqa: ASYNC110 - both leave without being waited for
        await asyncio.sleep(0.001)


async def test_a_place_does_not_wait_for_redis(stores: list[SharedLocks], monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is in danger is answered while Redis is away; whoever needs the lock is told."""
    monkeypatch.setenv("REDIS_PORT", "1")
    away = SharedLocks()
    with away.place_of(CONVERSATION):
        pass  # a reply that needs no lock
    with away.place_of(CONVERSATION), pytest.raises(RedisConnectionError):
        await away.lock(CONVERSATION).__aenter__()
    await asyncio.gather(*away._leaving)


async def test_who_gives_up_waiting_leaves_the_queue(stores: list[SharedLocks]) -> None:
    """A turn that is past its deadline while it waits keeps nobody out."""

    async def turn_of(store: SharedLocks) -> str:
        async with store.lock(CONVERSATION):
            return "was let in"

    async with stores[0].lock(CONVERSATION):
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(turn_of(stores[1]), 0.3)
    assert await asyncio.wait_for(turn_of(stores[2]), 60) == "was let in"


async def test_whoever_gives_up_is_let_go_at_once(stores: list[SharedLocks]) -> None:
    """Whatever the moment: of 180 given up a few ten-thousandths of a second apart, redis-py kept 2 to 9 waiting."""
    late = 0

    async def given_up(number: int) -> None:
        nonlocal late
        waiting = asyncio.ensure_future(stores[1].lock(CONVERSATION).__aenter__())
        await asyncio.sleep(0.05 + number * 0.0004)
        waiting.cancel()
        done, _ = await asyncio.wait([waiting], timeout=5)
        late += not done
        waiting.cancel()

    async with stores[0].lock(CONVERSATION):
        for _ in range(3):
            await asyncio.gather(*map(given_up, range(60)))
    assert late == 0
    await asyncio.gather(*stores[1]._leaving)
    assert await redis_as_set().keys(f"{PREFIX}{CONVERSATION}*") == []


async def test_a_place_that_redis_lost_is_told(stores: list[SharedLocks]) -> None:
    """Whose place others gave up, because its process stood still for so long, does not wait behind them for ever."""
    async with stores[0].lock(CONVERSATION):
        waiting = asyncio.ensure_future(stores[1].lock(CONVERSATION).__aenter__())
        server = redis_as_set()
        while await server.llen(PREFIX + CONVERSATION) < 2:  # noqa: ASYNC110 - Redis tells nobody
            await asyncio.sleep(0.001)
        await server.rpop(PREFIX + CONVERSATION)
        with pytest.raises(LockError, match="lost the queue"):
            await asyncio.wait_for(waiting, 60)


async def test_the_place_of_a_process_that_is_gone_is_given_up(
    stores: list[SharedLocks], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a turn's longest time, and not for ever."""
    monkeypatch.setenv("TURN_DEADLINE_S", "1")
    gone = SharedLocks().lock("s-gone")
    await gone.__aenter__()  # and then its process was killed
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(stores[0].lock("s-gone").__aenter__(), 0.5)
    await asyncio.wait_for(stores[1].lock("s-gone").__aenter__(), 20)


def chain_of(error: BaseException | None) -> Iterator[BaseException]:
    """An exception and what it came from."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


async def test_redis_behind_tls_and_a_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the right ones it locks; with neither, a wrong password, or an authority that nobody knows, it refuses."""
    certificates: Certificates = made_in(tmp_path)
    with redis(password=PASSWORD, certificates=certificates) as port:
        for name, value in {
            "REDIS_HOST": "localhost",
            "REDIS_PORT": str(port),
            "REDIS_TLS": "on",
            "REDIS_PASSWORD": PASSWORD,
            "REDIS_CA_FILE": str(certificates.authority),
        }.items():
            monkeypatch.setenv(name, value)
        async with SharedLocks().lock(CONVERSATION):
            pass
        with monkeypatch.context() as wrong, pytest.raises(AuthenticationError):
            wrong.setenv("REDIS_PASSWORD", "wrong")
            await SharedLocks().lock(CONVERSATION).__aenter__()
        with monkeypatch.context() as wrong, pytest.raises(RedisConnectionError) as refused:
            wrong.delenv("REDIS_CA_FILE")  # whom the system trusts did not sign it
            await SharedLocks().lock(CONVERSATION).__aenter__()
        assert ssl.SSLCertVerificationError in {type(each) for each in chain_of(refused.value)}


async def test_a_redis_that_hangs_or_is_stopped_costs_the_turns_of_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits is told within the time of a turn, and when it is back turns go on as before."""
    with redis_server() as server:
        monkeypatch.setenv("REDIS_HOST", "127.0.0.1")
        monkeypatch.setenv("REDIS_PORT", str(server.port))
        store = SharedLocks()

        async def turn() -> bool:
            async with store.lock(CONVERSATION):
                return True

        assert await turn()
        with server.hung(), pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(turn(), 1)
        assert await asyncio.wait_for(turn(), 60)
        await asyncio.to_thread(server.stop)
        with pytest.raises(RedisConnectionError):
            await asyncio.wait_for(turn(), 60)
        await asyncio.to_thread(server.start)
        assert await asyncio.wait_for(turn(), 60)
