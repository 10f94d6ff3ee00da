"""The forms of a message in which danger may be hidden."""

from __future__ import annotations

import pytest

from danger.forms import Message
from knowledge.language.languages import ENGLISH, MAX_CHARS, SIMPLIFIED, TRADITIONAL, segment


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("我想自杀", SIMPLIFIED),
        ("我想自殺", TRADITIONAL),
        ("我唔想活喇", SIMPLIFIED),  # no character of it differs between the scripts
        ("I want to die", ENGLISH),
        ("SOS", ENGLISH),
        ("wo bu xiang huo le", SIMPLIFIED),
        ("jiuming a", SIMPLIFIED),
        ("我家WIFI坏了", SIMPLIFIED),
        ("", SIMPLIFIED),
    ],
)
def test_a_reply_comes_in_the_script_of_the_message(text: str, script: str) -> None:
    """Simplified, Traditional or English; pinyin is Chinese."""
    assert Message(text).script == script


@pytest.mark.parametrize("text", ["自杀", "自 杀", "自*杀", "自…殺", "自\u200b杀", "自  ， 杀", "自😀杀"])
def test_signs_between_characters_hide_nothing(text: str) -> None:
    """Blanks, signs, emoji and invisible characters fall away."""
    assert Message(text).compact == "自杀"


def test_full_width_letters_are_letters() -> None:
    """One width, one case."""
    assert Message("ＨＥＬＰ　ＭＥ").compact == "help me"


@pytest.mark.parametrize(
    ("letters", "syllables"),
    [
        ("buxianghuo", ("bu", "xiang", "huo")),
        ("xian", ("xian",)),
        ("xi'an", ("xian",)),
        ("hello", None),
        ("help", None),
    ],
)
def test_letters_are_pinyin_where_they_spell_syllables_throughout(
    letters: str, syllables: tuple[str, ...] | None
) -> None:
    """English words are no pinyin."""
    assert segment(letters) == syllables


def test_characters_and_letters_that_sound_alike_have_one_sound() -> None:
    """「不想活」, 「bu xiang huo」 and 「布响货」."""
    assert {Message(text).pinyin for text in ("不想活", "bu xiang huo", "buxianghuo", "布响货")} == {" bu xiang huo "}


def test_no_more_is_read_than_a_message_may_have() -> None:
    """A flood costs no more than the longest message."""
    assert len(Message("火" * 1 + "水火" * 100_000).written) <= MAX_CHARS
