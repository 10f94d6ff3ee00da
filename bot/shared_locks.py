"""One turn of a conversation at a time, over many bot processes: a queue for each conversation in Redis.

Rasa's own `RedisLockStore` reads a lock, changes it and writes it back. Two processes that do so at once are given the
same ticket, run together, and each drops the other's (`tests/bot/test_shared_locks.py` shows it); and who waits looks
once a second. Here each step is one script inside Redis, where nothing comes between.
"""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LockError, LockStore
from rasa.utils.endpoints import EndpointConfig
from redis.asyncio import Redis
from redis.exceptions import RedisError

from settings.bot import TURN_DEADLINE_S
from settings.conversations import REDIS_CA_FILE, REDIS_HOST, REDIS_PASSWORD, REDIS_PORT, REDIS_TLS, REDIS_USER

PREFIX = "ask-qingpu:turn:"
SPARE_S = 2.0  # beyond a turn's deadline: what holds a place longer belongs to a process that is gone
SOCKET_TIMEOUT_S = 5.0
LOOK_EVERY_S = (0.005, 0.01, 0.02, 0.05)  # how soon who waits looks again; the last one from there on
# Who is first, and whether that is this ticket. Those before it whose process is gone are taken out of the queue.
_LOOK = """
redis.call('SET', KEYS[1] .. ARGV[1], '', 'PX', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[2] * 10)
while true do
  local first = redis.call('LINDEX', KEYS[1], 0)
  if not first then return -1 end
  if first == ARGV[1] then return 1 end
  if redis.call('EXISTS', KEYS[1] .. first) == 1 then return 0 end
  redis.call('LPOP', KEYS[1])
end
"""
_ENTER = """
redis.call('RPUSH', KEYS[1], ARGV[1])
redis.call('SET', KEYS[1] .. ARGV[1], '', 'PX', ARGV[2])
"""
_LEAVE = """
redis.call('LREM', KEYS[1], 0, ARGV[1])
redis.call('DEL', KEYS[1] .. ARGV[1])
"""


class SharedLocks(LockStore):
    """First come, first served. A place that its process does not renew, or a turn beyond its deadline, is given up."""

    def __init__(self, endpoint_config: EndpointConfig | None = None) -> None:
        self._redis = redis_as_set()
        self._leaving: set[asyncio.Task[Any]] = set()
        self._place_ms = int((TURN_DEADLINE_S.read() + SPARE_S) * 1000)

    @asynccontextmanager
    async def lock(  # type: ignore[override]
        self, conversation_id: str, lock_lifetime: float = 0.0, wait_time_in_seconds: float = 0.0
    ) -> AsyncIterator[TicketLock]:
        """For the time of a turn. Raises `LockError` where Redis lost the queue; Rasa's own times are not used."""
        queue, ticket = PREFIX + conversation_id, uuid.uuid4().hex
        try:
            await self._redis.eval(_ENTER, 1, queue, ticket, self._place_ms)
            await self._first(queue, ticket)
            yield TicketLock(conversation_id)
        except BaseException:
            self._leave_later(queue, ticket)  # a Redis that hangs must not hold up whoever has given up
            raise
        await asyncio.shield(self._redis.eval(_LEAVE, 1, queue, ticket))

    def _leave_later(self, queue: str, ticket: str) -> None:
        leaving: asyncio.Task[Any] = asyncio.ensure_future(self._left(queue, ticket))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)

    async def _left(self, queue: str, ticket: str) -> None:
        with contextlib.suppress(RedisError):  # a place that nobody renews is given up by itself
            await self._redis.eval(_LEAVE, 1, queue, ticket)

    async def _first(self, queue: str, ticket: str) -> None:
        for look in range(10**9):
            place: Any = await self._redis.eval(_LOOK, 1, queue, ticket, self._place_ms)
            if place == 1:
                return
            if place == -1:
                raise LockError("Redis 忘了谁在等这段会话 / Redis lost the queue of a conversation")
            await asyncio.sleep(LOOK_EVERY_S[min(look, len(LOOK_EVERY_S) - 1)])

    def get_lock(self, conversation_id: str) -> TicketLock | None:
        """Rasa asks for none by itself."""
        return None

    def delete_lock(self, conversation_id: str) -> None:
        """Places are given up by those who have them."""

    def save_lock(self, lock: TicketLock) -> None:
        """What counts is in Redis."""


def redis_as_set() -> Redis:
    """The Redis of the settings, with password and TLS where they are set; connected at first use."""
    tls = {"ssl": True, "ssl_ca_certs": REDIS_CA_FILE.read() or None, "ssl_check_hostname": True}
    return Redis(
        host=REDIS_HOST.read(),
        port=REDIS_PORT.read(),
        db=1,  # as Rasa's lock store
        username=REDIS_USER.read() or None,
        password=REDIS_PASSWORD.read() or None,
        socket_timeout=SOCKET_TIMEOUT_S,
        socket_connect_timeout=SOCKET_TIMEOUT_S,
        health_check_interval=30,
        **(tls if REDIS_TLS.read() else {}),
    )
