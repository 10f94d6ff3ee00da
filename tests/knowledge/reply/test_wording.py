"""Every sentence of the bot's own stands in Chinese and in English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import Formatter

import pytest

from knowledge.reply import wording
from knowledge.reply.sentence import BotSentence

CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Chinese that a resident is told to look for or to reply, in quotation marks.
QUOTED = re.compile(r"“(?:随申办|人工|还有呢)”")
PLAIN_TEXT = {
    "LIST_PAYLOAD",
    "NONE_PAYLOAD",
    "REGISTER_PAYLOAD",
    "TOLD_TO_REPLY",
    "ASPECT_NAMES",
    "STATE_NAMES",
    "QUALIFIERS",
}


def sentences() -> Iterator[tuple[str, object]]:
    """All of `wording.py`, those in tables one by one."""
    for name, value in vars(wording).items():
        if name.isupper() and name not in PLAIN_TEXT:
            entries = value.items() if isinstance(value, dict) else [("", value)]
            yield from ((f"{name} {key}".strip(), each) for key, each in entries)


def fields(text: str) -> set[str]:
    """The `{fields}` of a template."""
    return {field for _, field, _, _ in Formatter().parse(text) if field}


@pytest.mark.parametrize(("name", "sentence"), sentences())
def test_each_sentence_has_its_english(name: str, sentence: object) -> None:
    """Both are there, in their own language, and say the same of the same things."""
    assert isinstance(sentence, BotSentence), f"{name} stands in one language only"
    assert sentence.zh.strip() and sentence.en.strip()
    assert fields(sentence.zh) == fields(sentence.en)
    english = sentence.en.removeprefix("The plan says (in Chinese):\n{headline}")
    if english != "{number}. “{question}”\n{said}":
        assert re.search("[a-z]", english) or not CHINESE.search(sentence.zh) or name == "LIST_PLACE"
    assert not CHINESE.search(QUOTED.sub("", english)), english


def test_there_are_sentences() -> None:
    """The walk over the module finds them."""
    assert len(list(sentences())) > 60


def test_what_is_put_into_the_mouth_of_an_english_reader_is_known() -> None:
    """Every Chinese word that an English sentence asks to be replied keeps the language."""
    told = set()
    for _, sentence in sentences():
        assert isinstance(sentence, BotSentence)
        told |= set(re.findall(r"reply “([\u4e00-\u9fff]+)”", sentence.en))
    assert told == set(wording.TOLD_TO_REPLY)


def test_what_holds_quotation_marks_itself_is_set_in_others() -> None:
    """Nothing reads ““…”; the bot's own marks stay where the words hold none."""
    held = "发展“喘息服务”"
    assert wording.QUOTE.of("zh", quote=held) == f"原文：「{held}」"
    assert wording.QUOTE.of("en", quote=held).endswith(f"「{held}」")
    assert wording.QUOTE.of("zh", quote="增加床位") == "原文：“增加床位”"
    assert wording.PART.of("zh", number=1, question="“三高两区”呢", said="“是”") == "1. 「“三高两区”呢」\n“是”"
