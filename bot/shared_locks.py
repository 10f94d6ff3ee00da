"""One turn of a conversation at a time, over many bot processes: a queue for each conversation in Redis.

Rasa's own `RedisLockStore` reads a lock, changes it and writes it back. Two processes that do so at once are given the
same ticket, run together, and each drops the other's (`tests/bot/test_shared_locks.py` shows it); and who waits looks
once a second. Here each step is one script inside Redis, where nothing comes between.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LockError, LockStore
from rasa.utils.endpoints import EndpointConfig
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as ConnectionLost

from settings.bot import TURN_DEADLINE_S
from settings.conversations import REDIS_CA_FILE, REDIS_HOST, REDIS_PASSWORD, REDIS_PORT, REDIS_TLS, REDIS_USER

logger = logging.getLogger(__name__)
PREFIX = "ask-qingpu:turn:"
SPARE_S = 2.0  # beyond a turn's deadline: what holds a place longer belongs to a process that is gone
SOCKET_TIMEOUT_S = 5.0  # at least: a turn waits no longer than it may, and a loop that stood still would blame Redis
# After a restart of Redis each kept connection is dead: what is asked on it is asked again on a new one, also while Redis
# is away for a moment (0.75 s in all). Each script may be run twice.
TRIES_AGAIN, FIRST_PAUSE_S, LONGEST_PAUSE_S = 4, 0.05, 0.4
LOOK_EVERY_S = (0.005, 0.01, 0.02, 0.05)  # how soon who waits looks again; the last one from there on
# Who is first, and whether that is this ticket. Those before it whose process is gone are taken out of the queue.
_LOOK = """
if not redis.call('LPOS', KEYS[1], ARGV[1]) then return -1 end
redis.call('SET', KEYS[1] .. ARGV[1], '', 'PX', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[2] * 10)
while true do
  local first = redis.call('LINDEX', KEYS[1], 0)
  if first == ARGV[1] then return 1 end
  if redis.call('EXISTS', KEYS[1] .. first) == 1 then return 0 end
  redis.call('LPOP', KEYS[1])
end
"""
_ENTER = """
if not redis.call('LPOS', KEYS[1], ARGV[1]) then redis.call('RPUSH', KEYS[1], ARGV[1]) end
redis.call('SET', KEYS[1] .. ARGV[1], '', 'PX', ARGV[2])
"""
_LEAVE = """
redis.call('LREM', KEYS[1], 0, ARGV[1])
redis.call('DEL', KEYS[1] .. ARGV[1])
"""


@dataclass(frozen=True)
class QueuePlace:
    """Where a message stands in the queue of a conversation; `entered` ends when Redis knows of it, or cannot be told."""

    conversation: str
    ticket: str
    entered: asyncio.Future[Any]

    @property
    def queue(self) -> str:
        """Its list in Redis."""
        return PREFIX + self.conversation


_taken: ContextVar[QueuePlace | None] = ContextVar("taken", default=None)


class SharedLocks(LockStore):
    """First come, first served. A place that its process does not renew, or a turn beyond its deadline, is given up."""

    def __init__(self, endpoint_config: EndpointConfig | None = None) -> None:
        self._redis = redis_as_set()
        self._place_ms = int((TURN_DEADLINE_S.read() + SPARE_S) * 1000)
        self._leaving: set[asyncio.Future[None]] = set()
        self._looking: set[asyncio.Future[Any]] = set()

    @asynccontextmanager
    async def lock(  # type: ignore[override]
        self, conversation_id: str, lock_lifetime: float = 0.0, wait_time_in_seconds: float = 0.0
    ) -> AsyncIterator[TicketLock]:
        """For the time of a turn. Raises `LockError` where Redis lost the queue; Rasa's own times are not used."""
        taken = _taken.get()
        if taken is not None and taken.conversation == conversation_id:
            await self._first(taken)
            yield TicketLock(conversation_id)
            return
        place = self._enter(conversation_id)
        try:
            await self._first(place)
            yield TicketLock(conversation_id)
        except BaseException:
            self._leave_later(place)  # a Redis that hangs must not hold up whoever has given up
            raise
        await asyncio.shield(self._leave(place))

    @contextmanager
    def place_of(self, conversation_id: str) -> Iterator[None]:
        """A place that is taken now, and is the one that `lock` waits for inside. Waits for nothing itself."""
        place = self._enter(conversation_id)
        token = _taken.set(place)
        try:
            yield
        finally:
            _taken.reset(token)
            self._leave_later(place)

    def _enter(self, conversation_id: str) -> QueuePlace:
        ticket = uuid.uuid4().hex
        entering = self._redis.eval(_ENTER, 1, PREFIX + conversation_id, ticket, self._place_ms)
        return QueuePlace(conversation_id, ticket, asyncio.ensure_future(entering))

    async def _first(self, place: QueuePlace) -> None:
        await asyncio.shield(place.entered)
        for look in range(10**9):
            found = await asyncio.shield(self._look(place))
            if found == 1:
                return
            if found == -1:
                raise LockError("Redis 忘了谁在等这段会话 / Redis lost the queue of a conversation")
            await asyncio.sleep(LOOK_EVERY_S[min(look, len(LOOK_EVERY_S) - 1)])

    def _look(self, place: QueuePlace) -> asyncio.Future[Any]:
        """Waited for behind a shield: redis-py 4 on Python 3.10 loses a cancellation that comes together with a reply.

        Both use `asyncio.wait_for`, and a turn that is past its deadline would wait on.
        """
        looking = asyncio.ensure_future(self._redis.eval(_LOOK, 1, place.queue, place.ticket, self._place_ms))
        self._looking.add(looking)  # or nobody but the loop would know of one that was given up
        looking.add_done_callback(self._looking.discard)
        return looking

    def _leave_later(self, place: QueuePlace) -> None:
        leaving = asyncio.ensure_future(self._leave(place))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._left)

    async def _leave(self, place: QueuePlace) -> None:
        await asyncio.wait([place.entered])
        if place.entered.exception() is None:
            await self._redis.eval(_LEAVE, 1, place.queue, place.ticket)

    def _left(self, leaving: asyncio.Future[None]) -> None:
        self._leaving.discard(leaving)
        if not leaving.cancelled() and leaving.exception() is not None:
            logger.error("a place could not be given up, it ends by itself: %s", leaving.exception())

    def get_lock(self, conversation_id: str) -> TicketLock | None:
        """Rasa asks for none by itself."""
        return None

    def delete_lock(self, conversation_id: str) -> None:
        """Places are given up by those who have them."""

    def save_lock(self, lock: TicketLock) -> None:
        """What counts is in Redis."""


def redis_as_set() -> Redis:
    """The Redis of the settings, with password and TLS where they are set; connected at first use."""
    timeout_s = max(SOCKET_TIMEOUT_S, TURN_DEADLINE_S.read())
    tls = {"ssl": True, "ssl_ca_certs": REDIS_CA_FILE.read() or None, "ssl_check_hostname": True}
    return Redis(
        host=REDIS_HOST.read(),
        port=REDIS_PORT.read(),
        db=1,  # as Rasa's lock store
        username=REDIS_USER.read() or None,
        password=REDIS_PASSWORD.read() or None,
        socket_timeout=timeout_s,
        socket_connect_timeout=timeout_s,
        health_check_interval=30,
        retry=Retry(ExponentialBackoff(cap=LONGEST_PAUSE_S, base=FIRST_PAUSE_S), TRIES_AGAIN),
        retry_on_error=[ConnectionLost],
        **(tls if REDIS_TLS.read() else {}),
    )
