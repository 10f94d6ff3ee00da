"""The event broker of the scaled form: Rasa's own for RabbitMQ, whose queue `python -m conversations consume` reads."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import aio_pika
import rasa.shared.core.events  # noqa: F401 - rasa.core.brokers.pika uses it without importing it
from rasa.core.brokers.pika import PikaEventBroker

from conversations.requests import RequestBook
from conversations.turn_events import TurnAssembler
from monitor.metrics import LOG_WRITE_FAILURES, UNCONFIRMED_EVENTS
from wire.queue_address import queue_address

logger = logging.getLogger(__name__)
RECEIPT_TIMEOUT_S = 2.0  # a resident waits no longer for the queue; what is late is delivered when it is back


class QueueEventBroker(PikaEventBroker):
    """Publishes every event; requests for a person are also written at once, so that a contact finds its request."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{"username": "", "password": "", **options})  # `queue_address` has the real ones
        self._turns = TurnAssembler()
        self._book = RequestBook()

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
            _, request = self._turns.feed(event)
            if request:
                self._book.record(request)
        except Exception:
            LOG_WRITE_FAILURES.labels("request").inc()
            logger.exception("a request could not be recorded; it is in the queue and in the tracker")

    async def delivered(self) -> None:
        """Wait until the queue has confirmed what was published: it is on the queue's disk. Late receipts are reported."""
        if not self._background_tasks:
            return
        _, late = await asyncio.wait(set(self._background_tasks), timeout=RECEIPT_TIMEOUT_S)
        if late:
            UNCONFIRMED_EVENTS.inc(len(late))
            logger.error(
                "RabbitMQ has not confirmed %d events in %.0f s; they will follow", len(late), RECEIPT_TIMEOUT_S
            )

    async def close(self) -> None:
        """Give the connections back."""
        self._book.close()
        await super().close()
