"""Rasa's event broker for the conversation log: every turn of every channel passes here before it is saved."""

from __future__ import annotations

import logging
from asyncio import AbstractEventLoop
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.utils.endpoints import EndpointConfig

from conversations.errors import ConversationsError
from conversations.requests import RequestBook, StaffRequest
from conversations.turn_events import TurnAssembler
from conversations.turn_log import TurnLog
from conversations.turns import Turn
from monitor.metrics import LOG_WRITE_FAILURES, LOGGED_TURNS

logger = logging.getLogger(__name__)


class ConversationEventBroker(EventBroker):
    """Writes each turn, and each request for a person, the moment it is whole: on disk when `publish` returns.

    Rasa publishes a turn's events before it saves its tracker, and a channel answers after that. A failing
    log is reported, never a lost turn: the tracker keeps its words.
    """

    def __init__(self, log: TurnLog, book: RequestBook) -> None:
        self._log = log
        self._book = book
        self._turns = TurnAssembler()

    @classmethod
    async def from_endpoint_config(
        cls, broker_config: EndpointConfig | None, event_loop: AbstractEventLoop | None = None
    ) -> ConversationEventBroker:
        """`url` in `endpoints.yml`, or `CONVERSATIONS_URL`, or the default under `var/`."""
        url = broker_config.url if broker_config else None
        log = TurnLog(url)
        try:
            log.check()
        except ConversationsError:
            logger.exception("the conversation log cannot be written; residents are answered all the same")
        return cls(log, RequestBook(url))

    def publish(self, event: dict[str, Any]) -> None:
        """Called by Rasa for each new event, in order."""
        try:
            turn, request = self._turns.feed(event)
        except Exception:
            logger.exception("an event of kind %s could not be read for the log", event.get("event"))
            return
        if turn:
            self._record(turn, request)

    def _record(self, turn: Turn, request: StaffRequest | None) -> None:
        try:
            LOGGED_TURNS.inc(self._log.record(turn))
        except Exception:
            LOG_WRITE_FAILURES.labels("turn").inc()
            logger.exception("turn %s of %s could not be logged; its words are in the tracker", turn.id, turn.session)
        if request is None:
            return
        try:
            self._book.record(request)
        except Exception:
            LOG_WRITE_FAILURES.labels("request").inc()
            logger.exception("request %s could not be recorded; it stays in the tracker", request.reference)

    async def close(self) -> None:
        """Give the connections back."""
        self._log.close()
        self._book.close()
