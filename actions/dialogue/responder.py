"""The door to the dialogue: an utterance and its context in, a reply out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from actions.dialogue.acts import shipped_acts
from actions.dialogue.choosing import shipped_choice
from actions.dialogue.conversation import Conversation
from actions.dialogue.entries import CERTAIN, QUESTION, READINGS
from actions.dialogue.leaning import Leaning
from actions.dialogue.options import Option, Reading
from actions.dialogue.reply import Reply
from actions.dialogue.services import Services
from actions.dialogue.stepping import any_reply, first_reply, options
from actions.dialogue.utterance import Utterance
from knowledge.language.languages import CHINESE
from knowledge.reply.compose import Composer
from knowledge.reply.english_words import EnglishWords
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
        places, english = finder.stored.meta["places"], EnglishWords.load()
        self.services = Services(finder, composer, subjects, places, shipped_acts(), now, english)
        self._choice = shipped_choice()

    def reply(self, utterance: Utterance, before: Conversation, intent: str = "") -> Reply:
        """The reply to a turn that NLU holds for `intent`."""
        language = before.language_of(utterance.text)
        leaning = self.leaning(utterance, before, intent, language)
        reply = self._choice.choose(_options(leaning)).reply
        noticed = before.noticed or leaning.services.composer.tells_of_period(reply.answer)
        return _offering(replace(reply, finding=reply.finding or leaning.finding), language, noticed)

    @property
    def published_state(self) -> tuple[object, ...]:
        """What staff have published that replies rest on: as long as these are the same objects, equal turns get equal replies."""
        return (*self.finder.published_state, *self.services.composer.published_state)

    def question_in(self, leaning: Leaning) -> Reply:
        """The reply to words that another document's dialogue took for a question of their own: one look-up, and nothing weighed against other readings."""
        return self.offering(_as_question(leaning), leaning)

    def offering(self, reply: Reply, leaning: Leaning) -> Reply:
        """A reply with what the next turn has to know of it."""
        composer, before = leaning.services.composer, leaning.before
        return _offering(reply, composer.language, before.noticed or composer.tells_of_period(reply.answer))

    def options(self, utterance: Utterance, before: Conversation, intent: str = "") -> list[Option]:
        """All that a turn may be read as, one if it is never in doubt: what the choice is fitted on."""
        return _options(self.leaning(utterance, before, intent))

    def leaning(self, utterance: Utterance, before: Conversation, intent: str = "", language: str = CHINESE) -> Leaning:
        """A turn in its conversation: what steps and options are made of."""
        services = replace(self.services, composer=self.services.composer.speaking(language, before.noticed))
        return Leaning(utterance, before, services, _as_question, intent)


def _options(leaning: Leaning) -> list[Option]:
    if certain := any_reply(CERTAIN, leaning):
        return [Option((Reading(certain.step, certain),), {})]
    return options(READINGS, QUESTION, leaning)


def _as_question(leaning: Leaning) -> Reply:
    return first_reply(QUESTION, leaning)


def _offering(reply: Reply, language: str, noticed: bool) -> Reply:
    """With the choices of the reply kept, one of which the next turn may name by its number, its language and what was said."""
    offered = tuple(related.payload for related in reply.answer.related)
    after = replace(reply.conversation, offered=offered, language=language, noticed=noticed)
    return replace(reply, conversation=after.having_said(reply.answer))
