"""A message as danger may be hidden in it: its script, and the forms of its text that the rules and the classifier read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pypinyin import Style, lazy_pinyin

from knowledge.language.normalise import without_blanks, written_text
from knowledge.language.script import simplified

SIMPLIFIED, TRADITIONAL, ENGLISH = "zh-Hans", "zh-Hant", "en"
MAX_CHARS = 1100  # of a message that are read: its limit, and what stands across it
MIN_ENGLISH_LETTERS = 2
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LATIN_RUN = re.compile(r"[a-z]+")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufe0f]")
_REPEATED = re.compile(r"(\D)\1{2,}")
_CLAUSE_END = re.compile(r"[，。！？；,.!?;\n…]")
_BURNING = re.compile(r"(?<![名显原土编论卓昭巨专])著(?![名作者述书称])")  # 「著火」: OpenCC leaves 著 alone
_SPACED = re.compile(r"(?<=[\u3400-\u9fff])[^\w？！?!，。,]+(?=[\u3400-\u9fff])")
_SYLLABLE_MAX = 6  # letters of the longest syllable: zhuang


@dataclass(frozen=True)
class Message:
    """A resident's words, cut to `MAX_CHARS`; every form is worked out when it is first asked for."""

    raw: str

    @cached_property
    def _one_width(self) -> str:
        text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", self.raw[:MAX_CHARS])).lower()
        return _REPEATED.sub(r"\1", text)

    @cached_property
    def script(self) -> str:
        """`SIMPLIFIED`, `TRADITIONAL` or `ENGLISH`: the one to reply in. Pinyin is Chinese."""
        chinese = len(_CHINESE.findall(self._one_width))
        letters = sum(len(run) for run in _LATIN_RUN.findall(self._one_width))
        if chinese == 0 and letters >= MIN_ENGLISH_LETTERS and not self._is_pinyin:
            return ENGLISH
        if letters > 6 * chinese and not self._is_pinyin:
            return ENGLISH
        return TRADITIONAL if self.written != self._one_width else SIMPLIFIED

    @cached_property
    def written(self) -> str:
        """One width, case and script; signs as they are."""
        return _BURNING.sub("着", simplified(self._one_width))

    @cached_property
    def joined(self) -> str:
        """`written` without blanks, stars and the like between characters."""
        return _SPACED.sub("", self.written).strip()

    @property
    def vector_text(self) -> str:
        """What is encoded: for most messages the same as the normaliser makes of it, so that it is encoded once a turn."""
        return written_text(self.raw[:MAX_CHARS]).strip(" ，")

    @cached_property
    def compact(self) -> str:
        """`written` without anything but letters, digits and characters: 「自 * 杀」 is 「自杀」; words of Latin letters stay apart."""
        pieces = re.findall(r"[\u3400-\u9fff]|[a-z0-9']+", self.written)
        joined = [f" {piece} " if piece[0].isascii() and not piece.isdigit() else piece for piece in pieces]
        return " ".join("".join(joined).split())

    @cached_property
    def clauses(self) -> tuple[str, ...]:
        """`written` in its clauses, without blanks beside Chinese."""
        parts = (without_blanks(part) for part in _CLAUSE_END.split(self.written))
        return tuple(part.strip() for part in parts if part.strip())

    @cached_property
    def pinyin(self) -> str:
        """The toneless syllables of `compact`, each between blanks; Latin letters that spell pinyin are read as such."""
        found: list[str] = []
        for piece in re.findall(r"[\u3400-\u9fff]+|[a-z']+|[0-9]+", self.written):
            if piece[0].isascii():
                found += segment(piece) or [piece]
            else:
                found += lazy_pinyin(piece, style=Style.NORMAL)
        return f" {' '.join(found)} "

    @cached_property
    def _is_pinyin(self) -> bool:
        """Whether the Latin letters spell syllables throughout."""
        runs = _LATIN_RUN.findall(self._one_width)
        return bool(runs) and all(segment(run) for run in runs) and len(self._segmented(runs)) >= 2

    @staticmethod
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
