"""What every resident channel does with a message before and after Rasa."""

from __future__ import annotations

import asyncio
import logging
import secrets
import uuid
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from conversations.requests import RequestBook, StaffRequest
from knowledge import settings, wording
from knowledge.answer import Answer, Outcome
from knowledge.encoder import shared_encoder
from knowledge.normalise import shared_normalizer

logger = logging.getLogger(__name__)
MAX_MESSAGE_CHARS = 1000  # design/contract.md


def neutral(text: str) -> str:
    """The message as ordinary text: Rasa takes a leading `/` for a command, so it becomes the full-width `／`."""
    stripped = text.lstrip()
    return "／" + stripped[1:] if stripped.startswith("/") else text


def read_ahead(text: str) -> None:
    """Normalise and encode a message before Rasa's pipeline asks for it.

    Done in a thread of its own, where the encoder releases the interpreter lock: it fills the shared
    normaliser's and encoder's memory while the event loop serves other residents.
    """
    normalizer = shared_normalizer(settings.knowledge_paths().vocabulary, settings.DIALECT)
    understood = normalizer.normalise(text).text
    if understood:
        shared_encoder().query(understood)


def too_long(length: int) -> Answer:
    """The polite refusal of a message over the limit."""
    text = wording.TOO_LONG.format(length=length, limit=MAX_MESSAGE_CHARS)
    return Answer(text, Outcome.OUT_OF_SCOPE, text)


def messages_of(answer: Answer, recipient: str) -> list[dict[str, Any]]:
    """An answer that did not come from the action server, in the shape of Rasa's REST channel."""
    answer_id = f"a-{uuid.uuid4().hex}"
    return [
        {"recipient_id": recipient, "text": answer.text},
        {"recipient_id": recipient, "custom": answer.custom(answer_id)},
    ]


class TurnTaker:
    """Sends a message through Rasa and collects the reply; nothing a resident says is lost."""

    def __init__(self, book: RequestBook) -> None:
        self._book = book
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="encode")

    async def take(
        self,
        on_new_message: Callable[[UserMessage], Awaitable[Any]],
        text: str,
        sender: str,
        channel: str,
        metadata: dict[str, Any] | None = None,
    ) -> list[dict[str, Any]]:
        """The reply's messages, after Rasa has saved the turn. A failure gives outcome `error`."""
        if len(text) > MAX_MESSAGE_CHARS:
            return messages_of(too_long(len(text)), sender)
        collector = CollectingOutputChannel()
        message = UserMessage(neutral(text), collector, sender, input_channel=channel, metadata=metadata)
        try:
            await asyncio.get_running_loop().run_in_executor(self._reader, read_ahead, message.text)
            await on_new_message(message)
        except Exception:
            logger.exception("turn failed channel=%s", channel)
        if any("custom" in sent for sent in collector.messages):
            return list(collector.messages)
        self._keep(text, sender, channel)
        return messages_of(Answer(wording.ERROR, Outcome.ERROR, wording.ERROR), sender)

    def _keep(self, text: str, sender: str, channel: str) -> None:
        request = StaffRequest(
            reference=f"F{datetime.now(timezone.utc):%y%m%d}-{secrets.token_hex(5)}",
            kind="failed_question",
            session=sender,
            channel=channel,
            text=text,
        )
        try:
            self._book.record(request)
        except Exception:
            logger.exception("failed question could not be kept: %r", text)
