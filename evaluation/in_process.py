"""The bot's understanding and its dialogue without servers: NLU's view is the finder's own.

It is the same regression on the same examples (a test holds the two against each other); the action is the one that
`data/rules.yml` gives the likeliest intent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from actions.dialogue.conversation import Conversation
from actions.dialogue.reply import Reply
from actions.dialogue.responder import Responder
from actions.dialogue.utterance import Utterance
from knowledge.groundwork.curated_yaml import load_mapping
from knowledge.groundwork.settings import ROOT
from knowledge.search.finder import Finder

RULES = ROOT.parent / "data" / "rules.yml"


class InProcess:
    """Answers conversations as the running bot does."""

    def __init__(self, responder: Responder) -> None:
        self._responder = responder
        self._finder: Finder = responder.finder
        self._actions = actions_of(RULES)

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
        understood = self._finder.normalizer.normalise(message)
        vector = self._finder.encoder.query(understood.text)
        intents = self._finder.intents(understood.text, vector)
        kind = max(intents, key=lambda name: intents[name])
        said = Utterance(message, intents, understood, vector)
        answering: dict[str, Callable[[], Reply]] = {
            "action_answer": lambda: self._responder.answer(said, before),
            "action_follow_up": lambda: self._responder.follow_up(said, before, kind),
            "action_chat": lambda: self._responder.chat(said, before, kind),
            "action_handoff": lambda: self._responder.handoff(said, before, kind),
        }
        return answering[self._actions[kind]]()


def actions_of(path: Path) -> dict[str, str]:
    """Intent → action, as the rules say."""
    data, _ = load_mapping(path)
    steps = [rule["steps"] for rule in data["rules"]]
    return {str(each[0]["intent"]): str(each[1]["action"]) for each in steps if "intent" in each[0]}
