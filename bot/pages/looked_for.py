"""The words that a reader looks for, and where they stand: as they are, or in a form that is written out.

A number may have its thousands apart (9,500); a name may be short where the plan writes it out, or the other way round:
轨交17号线, 轨道交通17号线. A short name keeps the signs of the long one in their order, with little between two of them;
numbers in it stay whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from knowledge.language.script import simplified

MAX_FIND_CHARS = 50  # a longer text is a question, for the bot
MOST_WORDS = 5
LEAST_NEAR_CHARS = 3  # of a short name: two signs with something between them are too often two words
BETWEEN = r"[^{sign}\n]{{0,2}}"  # signs that a short name leaves out: not the next one, so that there is one way to read a text
_THOUSANDS = re.compile(r"(?<=[0-9])[,，](?=[0-9]{3}(?![0-9]))")
_HAN_RUN = re.compile("[\u4e00-\u9fff]{4,}")
_ASCII_PAIR = re.compile(r"[0-9a-z.%]{2}")


def words_of(query: str) -> tuple[str, ...]:
    """What to look for: the query's words in plain Simplified Chinese, numbers without separators, at most five."""
    plain = simplified(unicodedata.normalize("NFKC", query[:MAX_FIND_CHARS])).lower()
    return tuple(dict.fromkeys(_THOUSANDS.sub("", plain).split()))[:MOST_WORDS]


def pattern_of(words: Sequence[str], *, near: bool = False) -> re.Pattern[str]:
    """Where any of the words stands; `near`: also where one is written out, or short."""
    return _pattern(tuple(sorted(words, key=len, reverse=True)), near)


def all_stand(text: str, words: Sequence[str], *, near: bool = False) -> bool:
    """Whether each of the words stands in a text."""
    return all(_pattern((word,), near).search(text) for word in words)


def _pattern(words: tuple[str, ...], near: bool) -> re.Pattern[str]:
    return re.compile("|".join(_of_word(word, near and len(word) >= LEAST_NEAR_CHARS) for word in words), re.IGNORECASE)


def _of_word(word: str, near: bool) -> str:
    if not near:
        return _spelt(word)
    left_out = sum(len(run) // 2 for run in _HAN_RUN.findall(word))
    may_be_short = left_out and len(word) - left_out >= LEAST_NEAR_CHARS
    return _spelt(word, near=True) + (f"|{_HAN_RUN.sub(_abbreviated, _spelt(word))}" if may_be_short else "")


def _spelt(word: str, *, near: bool = False) -> str:
    """The signs of a word, with thousands of its numbers apart or not; `near`: with what may stand between two others."""
    parts = [re.escape(word[:1])]
    for before, sign in pairwise(word):
        if before.isdigit() and sign.isdigit():
            parts.append("[,，]?")
        elif near and not _ASCII_PAIR.fullmatch(before + sign):
            parts.append(BETWEEN.format(sign=re.escape(sign)))
        parts.append(re.escape(sign))
    return "".join(parts)


def _abbreviated(run: re.Match[str]) -> str:
    """Words of two signs each, of which the second may be left out: 轨道交通, 轨交. None where a sign comes twice: no name."""
    return re.sub(r"(.)(.)", r"\1\2?", run[0]) if len(set(run[0])) == len(run[0]) else run[0]
