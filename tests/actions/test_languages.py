"""The language of a conversation: each turn follows its message, what says nothing by itself the turn before."""

from __future__ import annotations

from datetime import datetime

import pytest

from actions.dialogue.conversation import Conversation
from actions.dialogue.responder import Responder
from actions.dialogue.utterance import Utterance
from knowledge.groundwork import settings
from knowledge.language.languages import CHINESE, ENGLISH
from knowledge.reply.compose import Composer
from knowledge.reply.listing import Subjects
from knowledge.search.finder import Finder

OFFERED = "养老床位有多少"
IN_ENGLISH = Conversation(offered=(OFFERED,), language=ENGLISH)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("How many beds are there?", ENGLISH),
        ("托育点有多少", CHINESE),
        ("2", ENGLISH),
        (OFFERED, ENGLISH),  # a button sent it
        ("还有呢", ENGLISH),  # the English sentence asked for it
        ("人工", ENGLISH),
    ],
)
def test_what_the_bot_put_into_the_mouth_changes_no_language(text: str, language: str) -> None:
    """Choices ask in Chinese whatever the resident's language."""
    assert IN_ENGLISH.language_of(text) == language


def test_in_a_chinese_conversation_such_words_are_chinese() -> None:
    """And so they are where nothing was said before."""
    assert {Conversation(language=last).language_of("还有呢") for last in ("", CHINESE)} == {CHINESE}


def test_the_slot_keeps_the_language() -> None:
    """What an earlier version stored has none."""
    assert Conversation.from_slot(IN_ENGLISH.as_slot()) == IN_ENGLISH
    assert Conversation.from_slot({"question": "床位"}).language == ""


def test_every_reply_tells_its_language_and_the_next_turn_knows_it(finder: Finder) -> None:
    """On the real knowledge: English, a number, Chinese, a number."""
    meta = finder.stored.meta
    composer = Composer(meta["short_title"], tuple(meta["period"]), "http://x/plan", finder.stored.commitments)
    responder = Responder(finder, composer, Subjects.load(settings.SUBJECTS), now=lambda: datetime(2026, 11, 1))
    conversation, languages = Conversation(), []
    for text in ("Hello, good morning to you", "7", "养老院床位有多少", "7"):
        reply = responder.reply(Utterance(text, {}), conversation)
        conversation = reply.conversation
        languages.append((reply.answer.language, conversation.language))
    assert languages == [(ENGLISH, ENGLISH)] * 2 + [(CHINESE, CHINESE)] * 2
