"""Rasa's event broker for the conversation log: sees every event of every channel before the turn is saved."""

from __future__ import annotations

import logging
from asyncio import AbstractEventLoop
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.utils.endpoints import EndpointConfig

from conversations.requests import RequestBook, StaffRequest

logger = logging.getLogger(__name__)


class ConversationEventBroker(EventBroker):
    """Writes requests for a person to `conversations`. A failing log is reported, never a lost turn."""

    def __init__(self, book: RequestBook) -> None:
        self._book = book

    @classmethod
    async def from_endpoint_config(
        cls, broker_config: EndpointConfig | None, event_loop: AbstractEventLoop | None = None
    ) -> ConversationEventBroker:
        """`url` in `endpoints.yml`, or `CONVERSATIONS_URL`, or the default under `var/`."""
        return cls(RequestBook(broker_config.url if broker_config else None))

    def publish(self, event: dict[str, Any]) -> None:
        """Called by Rasa for each new event of a turn, before the tracker is saved."""
        if event.get("event") != "slot" or event.get("name") != "handoff_request":
            return
        value = event.get("value")
        if not isinstance(value, dict):
            return
        request = StaffRequest(
            reference=value["reference"],
            kind=value["kind"],
            session=str(event.get("sender_id") or ""),
            text=value["text"],
            about=value.get("about") or "",
        )
        try:
            self._book.record(request)
        except Exception:
            logger.exception("request %s could not be recorded; it stays in the tracker", request.reference)

    async def close(self) -> None:
        """Give the connections back."""
        self._book.close()
