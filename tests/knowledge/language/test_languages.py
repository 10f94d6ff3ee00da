"""The language that a message is answered in."""

from __future__ import annotations

import pytest
from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PINYIN_DICT

from knowledge.language.languages import _SYLLABLES, CHINESE, ENGLISH, is_english, one_width, reply_language


def test_the_syllables_are_those_that_pypinyin_knows() -> None:
    """Of every character; those of one letter that are words by themselves only."""
    found = {lazy_pinyin(chr(code), style=Style.NORMAL)[0] for code in PINYIN_DICT if 0x4E00 <= code <= 0x9FA5}
    plain = {syllable.replace("ü", "v") for syllable in found if syllable.isascii() or "ü" in syllable}
    assert {s for s in plain if s.isalpha() and (len(s) > 1 or s in "aeo")} == _SYLLABLES


@pytest.mark.parametrize(
    ("text", "last", "language"),
    [
        ("How many beds will nursing homes have?", "", ENGLISH),
        ("How many beds will nursing homes have?", CHINESE, ENGLISH),
        ("Is there a nursery in 徐泾?", CHINESE, ENGLISH),
        ("Ｈｏｗ　ｍａｎｙ　ｂｅｄｓ", "", ENGLISH),
        ("my number is 〔手机号〕", "", ENGLISH),  # masking put the Chinese there
        ("养老院床位有多少", ENGLISH, CHINESE),
        ("我家WIFI坏了", ENGLISH, CHINESE),
        ("yanglaoyuan chuangwei", ENGLISH, CHINESE),
        ("yanglaoyuan chuangwei you duoshao", "", CHINESE),
        ("2", "", CHINESE),
        ("2", CHINESE, CHINESE),
        ("2", ENGLISH, ENGLISH),
        ("？", ENGLISH, ENGLISH),
        ("", ENGLISH, ENGLISH),
        ("hello", "", ENGLISH),
        ("hello", CHINESE, CHINESE),  # such words stand in both languages
        ("ok", CHINESE, CHINESE),
        ("ok", ENGLISH, ENGLISH),
        ("childcare", CHINESE, ENGLISH),
        ("AED", "", CHINESE),  # a name is said in Chinese too
        ("PM2.5", "", CHINESE),
        ("5G", ENGLISH, ENGLISH),
        ("hao", "", CHINESE),
    ],
)
def test_a_reply_is_in_the_language_of_the_message_or_of_the_turn_before(text: str, last: str, language: str) -> None:
    """The message decides; where it says too little, the turn before does; Chinese where there is none."""
    assert reply_language(text, last) == language


@pytest.mark.parametrize(("text", "english"), [("k", False), ("SOS", True), ("", False), ("Help 救命", False)])
def test_one_letter_is_no_english(text: str, english: bool) -> None:
    """Two letters at least, and few Chinese characters among them."""
    assert is_english(one_width(text)) is english
