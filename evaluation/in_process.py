"""The bot's understanding and its dialogue without servers: NLU's view is the finder's own.

It is the same regression on the same examples (a test holds the two against each other).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from actions.answering import responder_of, responder_on
from actions.asking import as_nlu_hears
from actions.dialogue.conversation import Conversation
from actions.dialogue.reply import Reply
from actions.dialogue.responder import Responder
from knowledge.groundwork.settings import KnowledgePaths
from knowledge.search.finder import Finder


class InProcess:
    """Answers conversations as the running bot does."""

    def __init__(self, responder: Responder) -> None:
        self._responder = responder
        self._finder: Finder = responder.finder

    @classmethod
    def opened(cls, paths: KnowledgePaths | None = None) -> InProcess:
        """On the knowledge that is built, or that of a folder. Raises `KnowledgeError` if none is; takes seconds."""
        return cls(responder_on(paths) if paths else responder_of(None))

    @property
    def responder(self) -> Responder:
        """What it answers with."""
        return self._responder

    @property
    def finder(self) -> Finder:
        """What it searches with."""
        return self._finder

    def ask(self, messages: Sequence[str]) -> Reply:
        """The reply to the last of the messages of one conversation."""
        return self.converse(messages)[-1]

    def converse(self, messages: Sequence[str]) -> list[Reply]:
        """The reply to each of the messages of one conversation."""
        replies: list[Reply] = []
        for message in messages:
            replies.append(self._turn(message, replies[-1].conversation if replies else Conversation()))
        return replies

    def _turn(self, message: str, before: Conversation) -> Reply:
        said, intent = as_nlu_hears(self._finder, message)
        return self._responder.reply(said, before, intent)


def told_why(error: Exception) -> int:
    """Says on standard error why a command could not ask, and what to do; its exit code."""
    print(f"错误：{error} — 知识库没有建好时先运行 make train", file=sys.stderr)
    return 1
