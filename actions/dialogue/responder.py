"""The door to the dialogue: one method for each action of `domain.yml`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from actions.dialogue.conversation import Conversation
from actions.dialogue.entries import ENTRIES, QUESTION
from actions.dialogue.leaning import FOLLOW_UP, Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.services import Services
from actions.dialogue.stepping import first_reply
from actions.dialogue.utterance import Utterance
from knowledge.reply.compose import Composer
from knowledge.reply.listing import Subjects
from knowledge.search.finder import Finder


class Responder:
    """Stateless: the context comes in and goes out with each turn."""

    def __init__(
        self,
        finder: Finder,
        composer: Composer,
        subjects: Subjects,
        now: Callable[[], datetime] = datetime.now,
    ) -> None:
        self.finder = finder  # for whoever hands over utterances without NLU
        self.knowledge = str(finder.stored.meta.get("fingerprint") or "")  # the version that answers
        self.services = Services(finder, composer, subjects, finder.stored.meta["places"], now)

    def answer(self, utterance: Utterance, before: Conversation) -> Reply:
        """A question of its own, or one that only makes sense after the last."""
        return self._reply("answer", utterance, before, FOLLOW_UP)

    def follow_up(self, utterance: Utterance, before: Conversation, intent: str = FOLLOW_UP) -> Reply:
        """Source, more, when, how many, or another object for the same question."""
        return self._reply("follow_up", utterance, before, intent)

    def chat(self, utterance: Utterance, before: Conversation, kind: str) -> Reply:
        """Small talk, unless a question hides in it."""
        return self._reply("chat", utterance, before, kind)

    def handoff(self, utterance: Utterance, before: Conversation, kind: str) -> Reply:
        """A request for a person, a complaint or a suggestion."""
        return self._reply("handoff", utterance, before, kind)

    def _reply(self, entry: str, utterance: Utterance, before: Conversation, kind: str) -> Reply:
        return first_reply(ENTRIES[entry], Leaning(utterance, before, self.services, _as_question, kind))


def _as_question(leaning: Leaning) -> Reply:
    return first_reply(QUESTION, leaning)
