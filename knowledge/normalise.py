"""Residents' words → the form in which everything else reads them. Used once, for NLU, search and training alike.

Full-width and Traditional forms, emoji, blanks and repetitions, Shanghai words, pinyin and typing
errors are put right here; what had to be guessed (pinyin, typing errors) is reported, so that a
reply can say how it understood.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from opencc import OpenCC

from knowledge.curated_yaml import load_mapping
from knowledge.vocabulary import Vocabulary, fuzzy, sound_of, syllables

_INVISIBLE = re.compile(r"[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufe0f]")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_BETWEEN_CHINESE = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")
_REPEATED = re.compile(r"(.)\1{2,}")
_LATIN_RUN = re.compile(r"[a-zü][a-zü'’ ]*[a-zü]")
_PUNCTUATION = re.compile(r"[^\w\u4e00-\u9fff%.+\-/:：《》“”]+")
_FUNCTION_CHARACTERS = frozenset("呢吗吧啊呀的了是有在能会要多少怎么谁哪几和与及我你他她们这那就都也还不没什请问")
MIN_PINYIN_LETTERS = 4  # shorter Latin runs are names or abbreviations: 5G, AQI, APP
REMEMBERED = 16384  # texts whose result is kept: a build reads each of some 8,000 questions several times
MAX_WINDOW = 8  # characters of the longest term that is searched for by sound


@dataclass(frozen=True)
class Understood:
    """A question as understood. `guesses` are (typed, taken for), only where something was guessed."""

    text: str
    guesses: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Dialect:
    """Words of the region and what they mean; `endings` are particles that close a clause."""

    words: Mapping[str, str]
    endings: Mapping[str, str]

    @classmethod
    def load(cls, path: Path) -> Dialect:
        """Read `lexicon/dialect.yml`. Raises `CatalogueError` if it cannot be read."""
        data, _ = load_mapping(path)
        return cls(dict(data.get("words") or {}), dict(data.get("endings") or {}))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, sorted(self.words, key=len, reverse=True))) or "(?!)")

    @cached_property
    def _ending_pattern(self) -> re.Pattern[str]:
        endings = "|".join(map(re.escape, sorted(self.endings, key=len, reverse=True))) or "(?!)"
        return re.compile(rf"({endings})(?=$|[\s，。！？,.!?])")

    def translate(self, text: str) -> str:
        """The text with regional words said in the common language."""
        text = self._pattern.sub(lambda match: self.words[match.group()], text)
        return self._ending_pattern.sub(lambda match: self.endings[match.group()] or "", text)


class Normalizer:
    """Reads residents' words. Immutable after construction; safe to share between threads."""

    def __init__(self, vocabulary: Vocabulary, dialect: Dialect) -> None:
        self.vocabulary = self._vocabulary = vocabulary
        self._dialect = dialect
        self._simplify = OpenCC("t2s").convert
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._normalise)
        self._by_sound = _index_by_sound(vocabulary)
        self._by_pinyin, self._total = _index_by_pinyin(vocabulary)
        self._longest_pinyin = max(map(len, self._by_pinyin), default=0)

    def normalise(self, text: str) -> Understood:
        """The question in plain Simplified Chinese, with what had to be guessed.

        Never raises; an empty or unreadable text gives "".
        """
        return self._remembered(text)

    def _normalise(self, text: str) -> Understood:
        plain = self.plain(text)
        guesses: list[tuple[str, str]] = []
        plain = self._read_pinyin(plain, guesses)
        plain = self._mend_by_sound(plain, guesses)
        plain = self._mend_by_shape(plain, guesses)
        return Understood(plain, tuple(guesses))

    def plain(self, text: str) -> str:
        """Only what is certain: width, case, script, blanks, repetitions and regional words."""
        text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).lower()
        text = "".join(" " if unicodedata.category(c) in ("So", "Cc", "Cs", "Co", "Cn", "Sk") else c for c in text)
        text = self._simplify(text)
        text = _REPEATED.sub(r"\1", text)
        text = _PUNCTUATION.sub(" ", text)
        text = self._dialect.translate(text)
        return _BETWEEN_CHINESE.sub(" ", text).strip()

    def _read_pinyin(self, text: str, guesses: list[tuple[str, str]]) -> str:
        def read(match: re.Match[str]) -> str:
            letters = re.sub(r"[^a-zü]", "", match.group())
            if len(letters) < MIN_PINYIN_LETTERS:
                return match.group()
            chinese = self._segment(letters)
            if chinese is None:
                return match.group()
            guesses.append((match.group().strip(), chinese))
            return chinese

        return _BETWEEN_CHINESE.sub("", _LATIN_RUN.sub(read, text)) if _LATIN_RUN.search(text) else text

    def _segment(self, letters: str) -> str | None:
        """The likeliest words spelt by `letters` (unigram Viterbi), or None if they spell none."""
        best: list[tuple[float, str] | None] = [(0.0, "")] + [None] * len(letters)
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - self._longest_pinyin), end):
                before = best[start]
                entry = self._by_pinyin.get(letters[start:end])
                if before is None or entry is None:
                    continue
                word, count = entry
                cost = before[0] - math.log(count / self._total)
                here = best[end]
                if here is None or cost < here[0]:
                    best[end] = (cost, before[1] + word)
        last = best[-1]
        return last[1] if last and len(last[1]) >= 2 else None

    def _mend_by_sound(self, text: str, guesses: list[tuple[str, str]]) -> str:
        sounds = [sound_of(character) for character in text]
        words = set(self._vocabulary.tokenizer.cut(text))
        at = 0
        while at < len(text):
            for length in range(min(MAX_WINDOW, len(text) - at), 1, -1):
                typed = text[at : at + length]
                term = self._by_sound.get(tuple(sounds[at : at + length]))
                if term is None or not _CHINESE.match(typed) or typed == term:
                    if term is not None and typed == term:
                        break
                    continue
                if self._is_slip(typed, term, words):
                    guesses.append((typed, term))
                    text = text[:at] + term + text[at + length :]
                    break
            else:
                at += 1
                continue
            at += length
        return text

    def _is_slip(self, typed: str, term: str, words: set[str]) -> bool:
        """Whether `typed` can only be a slip for `term`: it is no word, nor made of the words it was cut into."""
        if self._vocabulary.is_common_word(typed) or typed in self._vocabulary.terms:
            return False
        if len(typed) == 2:
            return typed not in words and not any(c in _FUNCTION_CHARACTERS for c in typed)
        different = [i for i, (a, b) in enumerate(zip(typed, term)) if a != b]
        return not all(
            any(self._vocabulary.is_common_word(typed[j : j + 2]) for j in (i - 1, i) if 0 <= j < len(typed) - 1)
            for i in different
        )

    def _mend_by_shape(self, text: str, guesses: list[tuple[str, str]]) -> str:
        """One wrong character in a term of four or more, where no reading of the typed characters is a word."""
        for term in self._terms_half_in(text):
            if term in text:
                continue
            whole_words = self._whole_words(text)
            for at in range(len(text) - len(term) + 1):
                typed = text[at : at + len(term)]
                wrong = [i for i, (a, b) in enumerate(zip(typed, term)) if a != b]
                if len(wrong) != 1 or at + wrong[0] in whole_words:
                    continue
                if not self._is_misshapen(text, at + wrong[0], last=wrong[0] == len(term) - 1):
                    continue
                guesses.append((typed, term))
                text = text[:at] + term + text[at + len(term) :]
                break
        return text

    def _whole_words(self, text: str) -> set[int]:
        """Positions of characters that stand in a word of two or more characters: nothing is wrong with them."""
        tokenizer = self._vocabulary.tokenizer
        return {
            position
            for word, start, end in tokenizer.tokenize(text)
            if len(word) >= 2 and tokenizer.FREQ.get(word)
            for position in range(start, end)
        }

    def _is_misshapen(self, text: str, at: int, *, last: bool) -> bool:
        if not _CHINESE.match(text[at]) or text[at] in _FUNCTION_CHARACTERS:
            return False
        around = [text[j : j + 2] for j in (at - 1, at) if j >= 0 and len(text[j : j + 2]) == 2]
        if last:
            around.append(text[at : at + 3])
        return not any(self._vocabulary.is_common_word(pair) for pair in around)

    def _terms_half_in(self, text: str) -> list[str]:
        """Terms of four or more characters of which one half stands in the text, longest first."""
        found: set[str] = set()
        for length in self._half_lengths:
            for at in range(len(text) - length + 1):
                found.update(self._by_half.get(text[at : at + length], ()))
        return sorted(found, key=lambda term: (-len(term), term))

    @cached_property
    def _by_half(self) -> dict[str, list[str]]:
        halves: dict[str, list[str]] = defaultdict(list)
        for term in self._vocabulary.terms:
            if len(term) >= 4:
                middle = len(term) // 2
                halves[term[:middle]].append(term)
                halves[term[middle:]].append(term)
        return dict(halves)

    @cached_property
    def _half_lengths(self) -> list[int]:
        return sorted({len(half) for half in self._by_half})


def _index_by_sound(vocabulary: Vocabulary) -> dict[tuple[str, ...], str]:
    """Fuzzy pinyin of each term → the term; where two sound alike, neither (it would be a guess too far)."""
    index: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for term in vocabulary.terms:
        if len(term) <= MAX_WINDOW:
            index[tuple(fuzzy(s) for s in syllables(term))].add(term)
    return {sound: next(iter(terms)) for sound, terms in index.items() if len(terms) == 1}


def _index_by_pinyin(vocabulary: Vocabulary) -> tuple[dict[str, tuple[str, int]], int]:
    """Joined pinyin → (commonest word so spelt, its count), and the sum of counts."""
    index: dict[str, tuple[str, int]] = {}
    total = 0
    for word, count in vocabulary.counts.items():
        total += count
        spelling = "".join(syllables(word)).replace("ü", "v")
        known = index.get(spelling)
        if known is None or count > known[1]:
            index[spelling] = (word, count)
    return index, max(1, total)


@lru_cache(maxsize=2)
def shared_normalizer(vocabulary: Path, dialect: Path) -> Normalizer:
    """The process's normaliser for these two files, read at first use."""
    return Normalizer(Vocabulary.load(vocabulary), Dialect.load(dialect))
