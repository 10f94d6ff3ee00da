"""The event broker of the scaled form: Rasa's own for RabbitMQ, whose queue `python -m conversations consume` reads."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import aio_pika
import rasa.shared.core.events  # noqa: F401 - rasa.core.brokers.pika uses it without importing it
from rasa.core.brokers.pika import PikaEventBroker

from conversations.keeping import TurnKeeper
from conversations.requests import RequestBook
from conversations.turn_events import TurnAssembler
from conversations.turn_log import TurnLog
from conversations.turns import Turn
from monitor.metrics import UNCONFIRMED_EVENTS
from wire.queue_address import queue_address

logger = logging.getLogger(__name__)
RECEIPT_TIMEOUT_S = 2.0  # a resident waits no longer for the queue; what is late is delivered when it is back
KNOWN_LATE_S = 0.2  # nor so long where earlier receipts are still missing


class QueueEventBroker(PikaEventBroker):
    """Publishes every event; requests for a person are also written at once, so that a contact finds its request.

    Turns whose receipts do not come are written to the log without the queue, or spooled: what it delivers later is
    there already.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{"username": "", "password": "", **options})  # `queue_address` has the real ones
        self._turns = TurnAssembler()
        self._log, self._book = TurnLog(), RequestBook()
        self._keeper = TurnKeeper(self._log, self._book)
        self._unconfirmed: list[Turn] = []
        self._late: set[asyncio.Task[Any]] = set()

    async def _connect(self) -> Any:
        """As Rasa's, which takes TLS only with a client's certificate; patient at the start, where both come up at once."""
        for _ in range(self._connection_attempts - 1):
            try:
                return await aio_pika.connect_robust(**queue_address())
            except Exception as error:
                logger.warning("RabbitMQ cannot be reached yet: %s", error)
                await asyncio.sleep(self._retry_delay_in_seconds)
        return await aio_pika.connect_robust(**queue_address())

    def publish(self, event: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        """Called by Rasa for each new event, in order."""
        super().publish(event, headers)
        try:
            turn, request = self._turns.feed(event)
        except Exception:
            logger.exception("an event of kind %s could not be read; it is in the queue", event.get("event"))
            return
        if turn:
            self._unconfirmed.append(turn)
        if request:
            self._keeper.keep_request(request)

    async def delivered(self) -> None:
        """Wait until the queue has confirmed what was published: it is on the queue's disk. What is late is kept here."""
        turns, self._unconfirmed = self._unconfirmed, []
        self._late &= self._background_tasks
        tasks = self._background_tasks - self._late
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=KNOWN_LATE_S if self._late else RECEIPT_TIMEOUT_S)
            self._late |= late
        if self._late or self._unpublished_events:
            UNCONFIRMED_EVENTS.inc(len(turns))
            logger.error("RabbitMQ has not confirmed %d turns; they are kept without it", len(turns))
            for turn in turns:
                self._keeper.keep_turn(turn)

    async def close(self) -> None:
        """Give the connections back."""
        self._keeper.close()
        self._log.close()
        self._book.close()
        await super().close()
