"""Asking a database that may hang: it takes connections and answers nothing, as a server does that was stopped or is cut off."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from typing import Any, TypeVar

from conversations.errors import LogUnavailable

T = TypeVar("T")


class Patience:
    """Calls in threads of its own; nobody waits longer than `patience_s`. Safe to share between threads.

    What was given up goes on by itself, and as long as it does nobody else waits: a hanging database costs once.
    """

    def __init__(self, patience_s: float, name: str, threads: int = 4) -> None:
        self._patience_s = patience_s
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._late: set[Future[Any]] = set()

    def ask(self, call: Callable[..., T], *arguments: Any) -> T:
        """What the call returns or raises; `LogUnavailable` where it takes too long."""
        asked = self._begun(call, *arguments)
        try:
            return asked.result(self._patience_s)
        except TookTooLong:
            raise self._given_up(asked) from None

    async def asked(self, call: Callable[..., T], *arguments: Any) -> T:
        """The same, for an event loop."""
        asked = self._begun(call, *arguments)
        try:
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(asked)), self._patience_s)
        except asyncio.TimeoutError:
            raise self._given_up(asked) from None

    def close(self) -> None:
        """End the threads; what is under way may end by itself."""
        self._threads.shutdown(wait=False)

    def _begun(self, call: Callable[..., T], *arguments: Any) -> Future[T]:
        if self._late:
            raise LogUnavailable("数据库还没有答上一次 — 看它是不是停住了 / the database has not answered yet")
        return self._threads.submit(call, *arguments)

    def _given_up(self, asked: Future[Any]) -> LogUnavailable:
        self._late.add(asked)
        asked.add_done_callback(self._late.discard)
        return LogUnavailable(f"数据库 {self._patience_s:g} 秒没有回答 / the database has not answered in this time")
