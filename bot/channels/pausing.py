"""While staff have turned answering off: the kind reply that every channel gives instead."""

from __future__ import annotations

from conversations.notices import Notice
from knowledge.reply import wording
from knowledge.reply.answer import Answer, Outcome


def paused_answer(notice: Notice) -> Answer:
    """The notice and that the question is kept."""
    headline = wording.PAUSED.format(notice=notice.zh.rstrip("。"))
    return Answer(headline, Outcome.ERROR, headline)
