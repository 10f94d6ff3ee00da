"""How words sound: toneless pinyin, and what is easily taken for it.

pypinyin cuts a text into words of its phrase dictionary and spells each by itself. So what was spelt once is kept: the
catalogue's questions are made of few words, and spelling each text anew cost every process seconds at its start.
"""

from __future__ import annotations

from functools import lru_cache

from pypinyin import Style, lazy_pinyin, pinyin
from pypinyin.seg.simpleseg import seg

REMEMBERED = 65536  # words: twice what the plan and all questions are made of
# Syllables that residents of the Yangtze delta (and phone keyboards set for them) do not tell apart.
_FUZZY = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_FUZZY_ENDINGS = (("ang", "an"), ("eng", "en"), ("ing", "in"))


def syllables(text: str) -> tuple[str, ...]:
    """Toneless pinyin, one syllable a Chinese character; a run of anything else stays as it is. As `lazy_pinyin`."""
    return tuple(syllable for word in seg(text) for syllable in _syllables_of(word))


def syllables_and_letters(text: str) -> list[str]:
    """Toneless pinyin, one syllable a Chinese character; of anything else each character by itself."""
    return [sound for word in seg(text) for sound in _letters_of(word)]


def spelling(text: str) -> list[str]:
    """The same as a keyboard writes it: ü is v."""
    return [sound.replace("ü", "v") for sound in syllables_and_letters(text)]


@lru_cache(maxsize=REMEMBERED)
def _syllables_of(word: str) -> tuple[str, ...]:
    return tuple(lazy_pinyin([word]))


@lru_cache(maxsize=REMEMBERED)
def _letters_of(word: str) -> tuple[str, ...]:
    spelt = pinyin([word], style=Style.NORMAL, errors=list)  # type: ignore[arg-type] # others: each by itself
    return tuple(sound[0] for sound in spelt)


@lru_cache(maxsize=8192)
def sound_of(character: str) -> str:
    """The fuzzy pinyin of one character; the character itself if it has none."""
    return fuzzy(syllables(character)[0])


@lru_cache(maxsize=8192)
def fuzzy(syllable: str) -> str:
    """A syllable with the pairs that are easily confused made equal (zh/z, ang/an, n/l …)."""
    for long, short in _FUZZY:
        if syllable.startswith(long):
            syllable = short + syllable[2:]
    for long, short in _FUZZY_ENDINGS:
        if syllable.endswith(long):
            syllable = syllable[: -len(long)] + short
    return "l" + syllable[1:] if syllable.startswith("n") and len(syllable) > 1 else syllable
