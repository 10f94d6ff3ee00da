"""The door to several documents: a turn is read as by one, what it asks is asked of all, and one of them replies.

With an empty shelf it is the door to the deployment's own plan and nothing else (docs/decisions/0055).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from actions.dialogue.conversation import Conversation
from actions.dialogue.reply import Reply
from actions.dialogue.responder import Responder
from actions.dialogue.utterance import Utterance
from actions.documents.asking import asked_of
from actions.documents.choosing import DocumentReply, chosen, speaks
from actions.documents.introducing import introduced
from actions.documents.naming import NamedDocument, named_document
from actions.documents.opened import OpenDocument, OpenShelf
from actions.documents.remarking import remarked
from actions.documents.standings import RESIDENTS, TurnScope, in_order, in_scope
from knowledge.reply.answer import Outcome
from knowledge.reply.judging import DIALOGUE_OUTCOMES
from knowledge.shelf.record import OWN, DocumentRecord, document_of

# Steps whose reply is to a question in full, which can be put to another document as well. The others lean on what was
# shown, explain it, or talk.
logger = logging.getLogger(__name__)
_ANY_TIME = {"weighed", "several", "listed", "broad", "chosen", "bare_word", "named_alone"}
_IN_CONTEXT = {"next_object", "next_alone", "joined", "bears_the_name", "with_question", "with_story", "corrected"}
_IN_CONTEXT |= {"corrected_of_subject", "likeliest_in_context", "second_in_context", "third_in_context"}
TO_ALL = _ANY_TIME | _IN_CONTEXT
# Steps that need nothing of what was shown: the own plan's dialogue, which is fitted on residents' turns, reads them.
ANEW = _ANY_TIME | {"small_talk", "request", "taught_talk", "heard", "none_of_these", "nothing_named", "next_plan"}
ASKED = (Outcome.ANSWERED, Outcome.NOT_IN_PLAN, Outcome.OUT_OF_SCOPE, Outcome.CLARIFY)


class DocumentDesk:
    """Stateless but for the shelf; one for each release that answers."""

    def __init__(self, own: Responder, shelf: OpenShelf, now: Callable[[], datetime] = datetime.now) -> None:
        self.own = own
        self._shelf = shelf
        self._now = now

    def reply(
        self, utterance: Utterance, before: Conversation, intent: str = "", scope: TurnScope = RESIDENTS
    ) -> Reply:
        """The reply to a turn that NLU holds for `intent`, from the documents in `scope`."""
        shelf = self._shelf.current()
        if not shelf.documents:
            return self.own.reply(utterance, before, intent)
        documents = in_scope(self.own, shelf, scope, self._now().year)
        if len(documents) == 1 and documents[0].record.id == OWN:
            return self.own.reply(utterance, before, intent)
        named = _named(utterance, [each.record for each in documents])
        if named and named.firmly and named.id != OWN and DIALOGUE_OUTCOMES.get(intent) == Outcome.HANDOFF.value:
            reply = self.own.reply(Utterance(named.rest, utterance.intents), before, intent)
            return _registered_whole(reply, [*before.told, utterance.text])
        if named and named.firmly:
            return self._of_named(named, documents, utterance, before, intent)
        base = _read(documents, utterance, before, intent)
        if base.reply.step not in TO_ALL or base.reply.answer.outcome not in ASKED:
            return _signed(base)
        replies = self._asked_of_all(base, documents, utterance, before)
        return _signed(_given(named, replies))

    def resting_on(self) -> tuple[object, ...]:
        """The documents and what staff have published: as long as these are the same objects, equal turns get equal replies on one day."""
        shelf = self._shelf.current()
        responders = [self.own, *(each.responder for each in shelf.documents)]
        return (shelf, *(state for responder in responders for state in responder.published_state))

    def today(self) -> date:
        """The day on which it replies: which documents are over depends on it."""
        return self._now().date()

    def _of_named(
        self,
        named: NamedDocument,
        documents: Sequence[OpenDocument],
        utterance: Utterance,
        before: Conversation,
        intent: str,
    ) -> Reply:
        """What the named document says: of the last question where nothing else is asked; alone it is introduced."""
        document = next(each for each in documents if each.record.id == named.id)
        asked = before.question if named.asks_nothing else named.rest
        if document.record.id == OWN and not (named.asks_nothing and asked):
            return self.own.reply(utterance, before, intent)
        language = before.language_of(utterance.text)
        if not asked:
            return _signed(DocumentReply(document, introduced(document, before, language)))
        return _signed(DocumentReply(document, asked_of(document.responder, Utterance(asked, {}), before, language)))

    def _asked_of_all(
        self, base: DocumentReply, documents: Sequence[OpenDocument], utterance: Utterance, before: Conversation
    ) -> list[DocumentReply]:
        """One look-up in each other document, for the question in full that the dialogue settled on."""
        language, question = before.language_of(utterance.text), _settled(base.reply, utterance)
        others = [each for each in documents if each is not base.document]
        replies = [reply for each in others for reply in _asked(each, question, before, language)]
        ranks = {id(each): at for at, each in enumerate(in_order(documents))}
        return sorted([base, *replies], key=lambda each: ranks[id(each.document)])


def _named(utterance: Utterance, records: Sequence[DocumentRecord]) -> NamedDocument | None:
    """By the words as typed, else as understood: 「shiwuwu」 names a plan too."""
    understood = utterance.understood.text if utterance.understood else ""
    typed = named_document(utterance.text, records)
    return typed if typed or not understood else named_document(understood, records)


def _registered_whole(reply: Reply, said: Sequence[str]) -> Reply:
    """What waits for staff, in all its words: it was read without the document's name, which sounds like a question."""
    return replace(reply, handoff={**reply.handoff, "text": "\n".join(said)}) if reply.handoff else reply


def _read(documents: Sequence[OpenDocument], utterance: Utterance, before: Conversation, intent: str) -> DocumentReply:
    """The turn as read by the document that was shown last where it leans on that, else by the first."""
    first, shown = documents[0], document_of(before.commitment_id)
    last = next((each for each in documents if each.record.id == shown and each is not first), None)
    if last:
        reply = last.responder.reply(utterance, before, intent)
        if reply.step not in ANEW:
            return DocumentReply(last, reply, is_base=True)
    return DocumentReply(first, first.responder.reply(utterance, before, intent), is_base=True)


def _asked(document: OpenDocument, question: Utterance, before: Conversation, language: str) -> list[DocumentReply]:
    """Its reply; none where it fails: what stands beside the plan takes nobody's answer away."""
    try:
        return [DocumentReply(document, asked_of(document.responder, question, before, language))]
    except Exception:
        if document.record.id == OWN:
            raise
        logger.exception("document %s cannot be asked", document.record.id)
        return []


def _settled(reply: Reply, utterance: Utterance) -> Utterance:
    """The question as the others are asked it; what NLU worked out goes along where the words are the turn's own.

    A word that the first plan's vocabulary guessed (pinyin, a slip) is for each document to guess by its own.
    """
    finding, said = reply.finding, utterance.understood
    if finding is None or (said and finding.understood.text == said.text):
        return Utterance(utterance.text, utterance.intents) if said is None or said.guesses else utterance
    return Utterance(finding.understood.text, finding.intents)


def _given(named: NamedDocument | None, replies: Sequence[DocumentReply]) -> DocumentReply:
    """The one that is chosen, with what the others add to it; a document of whose years one is asked comes first."""
    if named:
        base = next(each for each in replies if each.is_base)
        its = [each for each in replies if each.document.record.id == named.id and speaks(each, base)]
        if its:
            return its[0]
    given = chosen(replies)
    return replace(given, reply=remarked(given, replies))


def _signed(given: DocumentReply) -> Reply:
    """With the version of the store that answered, where that is not the own plan's."""
    if given.document.record.id == OWN:
        return given.reply
    return replace(given.reply, knowledge=given.document.responder.knowledge)
