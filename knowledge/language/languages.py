"""Which script a message is written in, and which language it is answered in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

SIMPLIFIED, TRADITIONAL, ENGLISH = "zh-Hans", "zh-Hant", "en"  # scripts
CHINESE = "zh"  # a language, as ENGLISH is
LANGUAGES = (CHINESE, ENGLISH)
MAX_CHARS = 1100  # of a message that are read: its limit, and what stands across it
MIN_ENGLISH_LETTERS = 2
MORE_LETTERS = 6  # Latin letters for each Chinese character, beyond which the sentence around it is English
SAYS_LITTLE_LETTERS = 5  # of a word that is used in both languages when it stands alone: ok, wifi, hello
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LATIN_RUN = re.compile(r"[a-z]+")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufe0f]")
_REPEATED = re.compile(r"(\D)\1{2,}")
_PLACEHOLDER = re.compile(r"〔[^〔〕]{1,12}〕")  # what masking left: Chinese that the resident did not write
_NAME = re.compile(r"[A-Z0-9][A-Z0-9.\-]*")  # AED, PM2.5, 5G: in a Chinese question as in an English one
_SYLLABLE_MAX = 6  # letters of the longest syllable: zhuang


def one_width(text: str) -> str:
    """The first `MAX_CHARS` in one width and case, without what cannot be seen and without stretched signs."""
    seen = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text[:MAX_CHARS])).lower()
    return _REPEATED.sub(r"\1", seen)


def is_english(text: str) -> bool:
    """Whether a text of `one_width` is English: Latin letters, few Chinese characters among them, and no pinyin."""
    letters = sum(len(run) for run in _LATIN_RUN.findall(text))
    least = max(MIN_ENGLISH_LETTERS, MORE_LETTERS * len(_CHINESE.findall(text)) + 1)
    return letters >= least and not is_pinyin(text)


def reply_language(text: str, last: str = "") -> str:
    """`CHINESE` or `ENGLISH`: the language of the message; where it says too little, that of the turn before (`last`).

    Too little say a number, signs, and a short word or a name alone.
    """
    typed = _PLACEHOLDER.sub(" ", text[:MAX_CHARS]).strip()
    plain = one_width(typed)
    runs = _LATIN_RUN.findall(plain)
    if _CHINESE.search(plain):
        return ENGLISH if is_english(plain) else CHINESE
    if len(runs) > 1 and not _NAME.fullmatch(typed):
        return ENGLISH if is_english(plain) else CHINESE
    word = "".join(runs)
    if last and len(word) <= SAYS_LITTLE_LETTERS:
        return last
    is_word = is_english(plain) and not _NAME.fullmatch(typed) and segment(word) is None
    return ENGLISH if is_word else last or CHINESE


def is_pinyin(text: str) -> bool:
    """Whether the Latin letters of a text of `one_width` spell syllables throughout, two at least."""
    runs = _LATIN_RUN.findall(text)
    return bool(runs) and all(segment(run) for run in runs) and len(_segmented(runs)) >= 2


def _segmented(runs: Sequence[str]) -> list[str]:
    return [syllable for run in runs for syllable in segment(run) or ()]


@lru_cache(maxsize=4096)
def segment(letters: str) -> tuple[str, ...] | None:
    """Letters as pinyin syllables, the fewest there can be, or None if they spell none. Linear in their number."""
    letters = letters.replace("'", "")
    best: list[tuple[str, ...] | None] = [()] + [None] * len(letters)
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - _SYLLABLE_MAX), end):
            before = best[start]
            if before is None or letters[start:end] not in _syllables():
                continue
            here = best[end]
            if here is None or len(before) + 1 < len(here):
                best[end] = (*before, letters[start:end])
    return best[-1] or None


@lru_cache(maxsize=1)
def _syllables() -> frozenset[str]:
    """Every toneless syllable of Mandarin that pypinyin knows."""
    from pypinyin.constants import PINYIN_DICT

    found = {lazy_pinyin(chr(code), style=Style.NORMAL)[0] for code in PINYIN_DICT if 0x4E00 <= code <= 0x9FA5}
    plain = {s.replace("ü", "v") for s in found if s.isascii() or "ü" in s}
    return frozenset(s for s in plain if s.isalpha() and (len(s) > 1 or s in "aeo"))
