"""The refusal of a message that is longer than one may be."""

from __future__ import annotations

from knowledge.reply import wording
from knowledge.reply.answer import Answer, Outcome
from knowledge.reply.sentence import said
from wire.message import MAX_MESSAGE_CHARS


def too_long(length: int, language: str) -> Answer:
    """The polite refusal of a message of `length` characters."""
    return said(wording.TOO_LONG, Outcome.OUT_OF_SCOPE, language, length=length, limit=MAX_MESSAGE_CHARS)
