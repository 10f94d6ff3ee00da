"""Reads the bot's events from RabbitMQ and writes the log: the scaled form of the in-process event broker."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import aio_pika

from conversations.errors import LogUnavailable
from conversations.requests import RequestBook, StaffRequest
from conversations.turn_events import TurnAssembler
from conversations.turn_log import TurnLog
from conversations.turns import Turn
from conversations.watched import watched
from monitor.context import working_for
from monitor.metrics import LOG_WRITE_FAILURES, LOGGED_TURNS
from wire.queue_address import queue_address

logger = logging.getLogger(__name__)
QUEUE = "conversations"  # as in deploy/endpoints-scaled.yml
PREFETCH = 2000  # events of unfinished turns wait unacknowledged; a turn has about ten, published together
RETRY_S = 2.0


class Consumer:
    """Writes turns as they become whole, and acknowledges their events only then: a crash repeats them, none is lost."""

    def __init__(self, log: TurnLog, book: RequestBook) -> None:
        self._log = log
        self._book = book
        self._turns = TurnAssembler()
        self._waiting: dict[str, list[Any]] = {}

    async def run(self, stop: asyncio.Event, started: Callable[[], None] = lambda: None) -> None:
        """Until `stop` is set. Reconnects by itself; a database that is away is waited for."""
        connection = await aio_pika.connect_robust(**queue_address())
        async with connection:
            channel = await connection.channel()
            await channel.set_qos(prefetch_count=PREFETCH)
            queue = await channel.declare_queue(QUEUE, durable=True)
            # One consumer at a time: a turn's events must meet in one place, in order.
            tag = await queue.consume(self._receive, exclusive=True)
            async with watched(partial(self._events, channel)):
                started()
                await stop.wait()
            await queue.cancel(tag)

    async def _events(self, channel: Any) -> Mapping[str, int]:
        """How many wait in the queue, and how many are taken out of it and not acknowledged yet."""
        queue = await channel.declare_queue(QUEUE, passive=True, robust=False)
        return {"ready": queue.declaration_result.message_count, "taken": sum(map(len, self._waiting.values()))}

    async def _receive(self, message: Any) -> None:
        event = self._read(message)
        if event is None:
            await message.ack()
            return
        sender = str(event.get("sender_id") or "")
        # Everything up to the first await belongs together: while a turn is being written the next events come in.
        done = self._waiting.pop(sender, []) if event.get("event") == "user" else []  # a turn that was cut short
        self._waiting.setdefault(sender, []).append(message)
        turn, request = self._turns.feed(event)
        if not self._turns.is_open(sender):
            done += self._waiting.pop(sender)
        if turn:
            with working_for(turn=turn.id):
                await self._written(turn, request)
        for read in done:
            await read.ack()

    @staticmethod
    def _read(message: Any) -> dict[str, Any] | None:
        try:
            event = json.loads(message.body)
        except ValueError:
            event = None
        if not isinstance(event, dict):
            logger.error("a message of %d bytes that is no event was thrown away", len(message.body))
            return None
        return event

    async def _written(self, turn: Turn, request: StaffRequest | None) -> None:
        while True:
            try:
                await asyncio.get_running_loop().run_in_executor(None, self._write, turn, request)
                return
            except LogUnavailable:
                LOG_WRITE_FAILURES.labels("turn").inc()
                logger.exception("the log cannot be written; trying again in %.0f s", RETRY_S)
                await asyncio.sleep(RETRY_S)

    def _write(self, turn: Turn, request: StaffRequest | None) -> None:
        LOGGED_TURNS.inc(self._log.record(turn))
        if request:
            self._book.record(request)
