"""An adopted plan asked in this process, with the NLU that is to serve beside it: what a Rasa model would make of a message.

Topics and intents belong to no plan, so that a release of an adopted plan has the model of the release that serves. What
that model makes of a message is the regression of the release's own finder on the same examples (a test holds the two
against each other), on the words as the adopted plan understands them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actions.answering import responder_on
from actions.dialogue.conversation import Conversation
from actions.dialogue.responder import Responder
from actions.dialogue.utterance import Utterance
from danger.watch import Level, shared_watch
from evaluation.adopted.sets import DANGER
from evaluation.truthfulness import OfferedPassages
from knowledge.catalogue.commitments import Commitment
from knowledge.document.plan_text import squash
from knowledge.groundwork.settings import KnowledgePaths
from knowledge.search.finder import Finder

ERROR = "error"


@dataclass(frozen=True)
class Said:
    """A reply as far as it is judged and shown: `quotes` and `offered` are squashed passages, most relevant first."""

    outcome: str
    headline: str = ""
    quotes: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    shown_id: str = ""

    def shown(self) -> dict[str, str]:
        """For a report."""
        return {"outcome": self.outcome, "headline": self.headline, "commitment_id": self.shown_id}


class PlanBot:
    """What answers from one store; `nlu` is the finder of the release whose model reads the messages, the store's own by default."""

    def __init__(self, responder: Responder, nlu: Finder | None = None) -> None:
        self._responder = responder
        self._nlu = nlu or responder.finder
        self._offers = OfferedPassages.of(self.commitments)

    @classmethod
    def opened(cls, paths: KnowledgePaths, nlu: Finder | None = None) -> PlanBot:
        """On the store of a folder; takes seconds. Raises `KnowledgeError`."""
        return cls(responder_on(paths), nlu)

    @property
    def finder(self) -> Finder:
        """What it searches with."""
        return self._responder.finder

    @property
    def commitments(self) -> Sequence[Commitment]:
        """All that the store has."""
        return self._responder.finder.stored.commitments

    def ask(self, message: str) -> Said:
        """The reply to a message that begins a conversation; a reply that fails is an `ERROR`, as residents would get it."""
        try:
            return self._asked(message)
        except (
            Exception
        ) as error:  # what a resident would be told of is one reply that failed, not the end of the evaluation
            return Said(ERROR, f"{type(error).__name__}: {error}")

    def _asked(self, message: str) -> Said:
        finder = self._responder.finder
        understood = finder.normalizer.normalise(message)
        if shared_watch().assess(message, understood.text).level is Level.ACUTE:
            return Said(DANGER)
        vector = finder.encoder.query(understood.text)
        intents = self._nlu.intents(understood.text, vector)
        likeliest = max(intents, key=lambda name: intents[name])
        answer = self._responder.reply(
            Utterance(message, intents, understood, vector), Conversation(), likeliest
        ).answer
        choices = [each.payload for each in answer.related] if answer.outcome.value == "clarify" else []
        return Said(
            answer.outcome.value,
            answer.headline,
            tuple(squash(each.quote) for each in answer.citations),
            self._offers.quotes(choices),
            answer.citations[0].commitment_id if answer.citations else "",
        )
