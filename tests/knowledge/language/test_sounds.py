"""What is kept of a word changes no spelling."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin, pinyin

from knowledge.catalogue.commitments import Commitment
from knowledge.language.sounds import fuzzy, sound_of, syllables, syllables_and_letters

AS_TYPED = st.text(alphabet="银行长重庆朝阳还没得着了养老院abü3 ，。\n𠮷呣", max_size=12)


def as_pypinyin_spells(text: str) -> None:
    """The same, whole texts at once."""
    assert list(syllables(text)) == lazy_pinyin(text)
    whole = pinyin(text, style=Style.NORMAL, errors=list)  # type: ignore[arg-type]
    assert syllables_and_letters(text) == [sound[0] for sound in whole]


@given(AS_TYPED)
def test_texts_sound_as_pypinyin_says(text: str) -> None:
    """Characters of several readings, in every company, with letters, digits and blanks among them."""
    as_pypinyin_spells(text)


def test_the_questions_of_the_catalogue_sound_as_pypinyin_says(commitments: tuple[Commitment, ...]) -> None:
    """Every seventh of them."""
    for question in [question for commitment in commitments for question in commitment.questions][::7]:
        as_pypinyin_spells(question)


def test_what_the_delta_does_not_tell_apart_is_one() -> None:
    """zh and z, ang and an, n and l; a character without a sound is its own."""
    assert fuzzy("zhang") == fuzzy("zan") and fuzzy("neng") == fuzzy("len") and fuzzy("n") == "n"
    assert sound_of("南") == sound_of("兰") and sound_of("x") == "x"
