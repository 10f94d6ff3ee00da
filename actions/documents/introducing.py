"""A document that is named and of which nothing is asked."""

from __future__ import annotations

from actions.dialogue.conversation import Conversation
from actions.dialogue.reply import Reply
from actions.documents.opened import OpenDocument
from knowledge.reply import wording
from knowledge.reply.answer import Answer, Outcome


def introduced(document: OpenDocument, before: Conversation, language: str) -> Reply:
    """That it is here, of which years it is, and that anything of it can be asked."""
    record = document.record
    first_last = record.period
    years = wording.DOCUMENT_YEARS.of(language, first=first_last[0], last=first_last[1]) if first_last else ""
    text = wording.DOCUMENT_HERE.of(language, document=record.short_title, years=years)
    answer = Answer(text, Outcome.CHAT, text, language=language)
    return Reply(answer, before.after_other(), step=introduced.__name__)
