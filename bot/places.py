"""A message's place in the queue of its conversation, from the moment at which it comes.

Before Rasa asks for the lock a message is read: masked, looked at for danger, encoded. Where one process is busier than
another, a message that came later would be read sooner there, and overtake. So its place is taken before it is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rasa.core.lock_store import LockStore

from bot.shared_locks import SharedLocks


class Places:
    """The process's one. Without shared locks nothing is done: a single process reads messages in the order in which they come."""

    def __init__(self) -> None:
        self._locks: SharedLocks | None = None

    def attach(self, locks: LockStore) -> None:
        """Take places in these locks from now on."""
        self._locks = locks if isinstance(locks, SharedLocks) else None

    @contextmanager
    def taken(self, session: str) -> Iterator[None]:
        """For the time of a turn. Waits for nothing: who is in danger is answered whether Redis is there or not."""
        if self._locks is None:
            yield
            return
        with self._locks.place_of(session):
            yield


places = Places()
