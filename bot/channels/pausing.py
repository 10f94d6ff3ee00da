"""While staff have turned answering off: the kind reply that every channel gives instead."""

from __future__ import annotations

from conversations.notices import Notice
from knowledge.language.languages import ENGLISH
from knowledge.reply import wording
from knowledge.reply.answer import Answer, Outcome
from knowledge.reply.sentence import said


def paused_answer(notice: Notice, language: str) -> Answer:
    """The notice, in English where it was written in English too, and that the question is kept."""
    words = notice.en if language == ENGLISH and notice.en else notice.zh
    return said(wording.PAUSED, Outcome.ERROR, language, notice=words.rstrip("。."))
