"""Residents' words → the form in which everything else reads them. Used once, for NLU, search and training alike.

Full-width and Traditional forms, emoji, blanks and repetitions, words that staff published, Shanghai words, pinyin and
typing errors are put right here; what had to be guessed (pinyin, typing errors) is reported, so that a reply can say how
it understood.
"""

from __future__ import annotations

import copy
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from knowledge.groundwork import formats
from knowledge.groundwork.curated_yaml import load_mapping
from knowledge.groundwork.kept_files import read_json, write_json
from knowledge.groundwork.settings import KnowledgePaths
from knowledge.language.script import simplified
from knowledge.language.slips import SlipMender
from knowledge.language.vocabulary import Vocabulary
from knowledge.published.corrections import CorrectionSource, Fixed, LiveCorrections, Word
from knowledge.published.reading import published
from knowledge.published.words import LiveWords

_INVISIBLE = re.compile(r"[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufe0f]")
# 「我的电话是〔手机号〕」: what was masked, and the words that introduce it, mean nothing to the plan.
_WITHHELD = re.compile(r"〔[A-Za-z\u4e00-\u9fff]{2,6}〕")
_INTRODUCING = (
    *(
        "我",
        "我家",
        "本人",
        *"的叫是为在号打:： ",
        "姓名",
        "名字",
        "电话",
        "手机",
        "号码",
        "联系方式",
        "身份证",
        "银行",
        "卡",
    ),
    *("邮箱", "微信", "QQ", "车", "车牌", "家住", "住", "住在", "住址", "地址"),
)
# Blanks after Chinese, or before it; these are looked for from the first of several only, not from each.
_BESIDE_CHINESE = re.compile(r"(?<=[^\x00-\x7f])\s+|(?<!\s)\s+(?=[^\x00-\x7f])")
_REPEATED = re.compile(r"([^\d])\1{2,}")  # a resident leaning on a key; digits are numbers
_LATIN_RUN = re.compile(r"[a-zü][a-zü'’ ]*[a-zü]")
FORMAT = formats.UNDERSTOOD
_PUNCTUATION = re.compile(r"[^\w\u4e00-\u9fff%.+\-/:：《》“”]+")
MIN_PINYIN_LETTERS = 4  # shorter Latin runs are names or abbreviations: 5G, AQI, APP
REMEMBERED = 16384  # texts whose result is kept: a build reads each of some 8,000 questions several times


@dataclass(frozen=True)
class Understood:
    """A question as understood. `guesses` are (typed, taken for), only where something was guessed."""

    text: str
    guesses: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Dialect:
    """Words of the region and what they mean; `endings` are particles that close a clause.

    `verbs_after_may` are what 好 means 「可以」 before, in a question that ends with 伐: 「好装电梯伐」.
    """

    words: Mapping[str, str]
    endings: Mapping[str, str]
    verbs_after_may: tuple[str, ...] = ()

    @classmethod
    def load(cls, path: Path) -> Dialect:
        """Read `knowledge/sources/lexicon/dialect.yml`. Raises `CatalogueError` if it cannot be read."""
        data, _ = load_mapping(path)
        verbs = tuple(data.get("verbs_after_may") or ())
        return cls(dict(data.get("words") or {}), dict(data.get("endings") or {}), verbs)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, sorted(self.words, key=len, reverse=True))) or "(?!)")

    @cached_property
    def _may_pattern(self) -> re.Pattern[str]:
        """「好…伐」: 好 before a verb and 伐 at the end of the clause ask whether one may."""
        verbs = "|".join(map(re.escape, self.verbs_after_may)) or "(?!)"
        return re.compile(rf"好(?=(?:{verbs})[^\s，。！？,.!?]{{0,12}}伐(?:$|[\s，。！？,.!?]))")

    @cached_property
    def _ending_pattern(self) -> re.Pattern[str]:
        endings = "|".join(map(re.escape, sorted(self.endings, key=len, reverse=True))) or "(?!)"
        return re.compile(rf"({endings})(?=$|[\s，。！？,.!?])")

    def translate(self, text: str) -> str:
        """The text with regional words said in the common language."""
        text = self._may_pattern.sub("可以", text)
        text = self._pattern.sub(lambda match: self.words[match.group()], text)
        return self._ending_pattern.sub(lambda match: self.endings[match.group()] or "", text)


_USUAL = 0xFFFF  # whatever strangers type, no more than this many characters are kept


class _Legible(dict[int, str]):
    """For `str.translate`: a blank for a sign that cannot be read, all else as it is; the usual ones are kept as met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        unreadable = unicodedata.category(character) in ("So", "Cc", "Cs", "Co", "Cn", "Sk")
        read = " " if unreadable else character
        return self.setdefault(code, read) if code <= _USUAL else read


_LEGIBLE = _Legible()


def without_blanks(text: str) -> str:
    """The text without the blanks beside Chinese characters."""
    return _BESIDE_CHINESE.sub("", text)


def written_text(text: str) -> str:
    """What was typed, only put into one width, case and script, without what cannot be read and repetitions."""
    text = unicodedata.normalize("NFKC", _without_withheld(_INVISIBLE.sub("", text))).lower()
    text = without_blanks(simplified(text.translate(_LEGIBLE)))
    text = _REPEATED.sub(r"\1", text)
    return _PUNCTUATION.sub(lambda marks: " " if marks.group().isspace() else "，", text)


def _without_withheld(text: str) -> str:
    parts, at = [], 0
    for withheld in _WITHHELD.finditer(text):
        parts += [text[at : _introduced_from(text, withheld.start(), at)], " "]
        at = withheld.end()
    return "".join([*parts, text[at:]])


def _introduced_from(text: str, end: int, least: int) -> int:
    """The first position, not before `least`, from which nothing but introducing words lead up to `end`."""
    first, reached = end, {end}
    for at in range(end, least, -1):
        if at < first:
            break
        if at in reached:
            starts = {at - len(word) for word in _INTRODUCING if text.endswith(word, least, at)}
            reached |= starts
            first = min(first, *starts, end)
    return first


def plain_text(text: str, dialect: Dialect) -> str:
    """A text in plain Simplified Chinese as far as that is certain, without anything guessed."""
    return dialect.translate(written_text(text)).strip(" ，")


class Normalizer:
    """Reads residents' words. Safe to share between threads.

    `known` are results of an equal normaliser, which need not be worked out again. `corrections` holds the words that
    staff published since the vocabulary was built; all else never changes.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        dialect: Dialect,
        known: Mapping[str, Understood] | None = None,
        corrections: CorrectionSource | None = None,
    ) -> None:
        self.vocabulary = vocabulary
        self._known = known or {}
        self._dialect = dialect
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._normalise)
        self._slips = SlipMender(vocabulary)
        self._by_pinyin, self._total = _index_by_pinyin(vocabulary)
        self._longest_pinyin = max(map(len, self._by_pinyin), default=0)
        self._corrections = corrections or Fixed()
        self._live: tuple[LiveCorrections, LiveWords | None] = (LiveCorrections(), None)

    @classmethod
    def load(cls, paths: KnowledgePaths, corrections: CorrectionSource | None = None) -> Normalizer:
        """The normaliser of a build. Raises `FileUnreadable`, `CatalogueError` if it cannot be read."""
        known = load_understood(paths.understood)
        return cls(Vocabulary.load(paths.vocabulary), Dialect.load(paths.dialect), known, corrections)

    def with_corrections(self, corrections: CorrectionSource) -> Normalizer:
        """The same vocabulary and dialect with these words beside them; nothing is read again."""
        other = copy.copy(self)
        other._corrections, other._live = corrections, (LiveCorrections(), None)
        return other

    def knowing(self, known: Mapping[str, Understood]) -> Normalizer:
        """The same normaliser with results of its own, which need not be worked out again."""
        found = copy.copy(self)
        found._known = known
        return found

    def normalise(self, text: str) -> Understood:
        """The question in plain Simplified Chinese, with what had to be guessed.

        Never raises; an empty or unreadable text gives "".
        """
        words, known = self._words(), self._known.get(text)
        if known is not None and not (words and words.stand_in(self.written(text))):
            return known
        return self._remembered(text, words)

    def _words(self) -> LiveWords | None:
        """Part of what a result is remembered by, so that none outlives the words that it was made with."""
        corrections = self._corrections.current()
        known, words = self._live
        if corrections is not known:
            words = self._as_live(corrections.words) if corrections.words else None
            self._live = (corrections, words)
        return words

    def _as_live(self, words: Sequence[Word]) -> LiveWords:
        def put(text: str) -> str:
            return self.written(text).strip(" ，")

        put_right = [Word(put(each.word), put(each.means), each.kind) for each in words]
        return LiveWords([each for each in put_right if each.word and each.means], self.vocabulary.tokenizer)

    def _normalise(self, text: str, words: LiveWords | None) -> Understood:
        guesses: list[tuple[str, str]] = []
        plain = self.written(text)
        if words:
            plain = words.apply(plain, guesses)
        plain = self._dialect.translate(plain).strip(" ，")
        plain = self._read_pinyin(plain, guesses)
        plain = self._slips.mend(plain, guesses)
        return Understood(plain, tuple(guesses))

    @staticmethod
    def written(text: str) -> str:
        """What was typed, put into one width, case and script (`written_text`)."""
        return written_text(text)

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

        return without_blanks(_LATIN_RUN.sub(read, text)) if _LATIN_RUN.search(text) else text

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


def _index_by_pinyin(vocabulary: Vocabulary) -> tuple[dict[str, tuple[str, int]], int]:
    """Joined pinyin → (commonest word so spelt, its count), and the sum of counts."""
    index: dict[str, tuple[str, int]] = {}
    total = 0
    for word, count in vocabulary.counts.items():
        total += count
        spelling = "".join(vocabulary.syllables_of(word)).replace("ü", "v")
        known = index.get(spelling)
        if known is None or count > known[1]:
            index[spelling] = (word, count)
    return index, max(1, total)


def save_understood(known: Mapping[str, Understood], path: Path) -> None:
    """Keep what a normaliser makes of questions, for `Normalizer.load`."""
    texts = {text: (understood.text, understood.guesses) for text, understood in known.items()}
    write_json(path, FORMAT, {"texts": texts})


def load_understood(path: Path) -> Mapping[str, Understood]:
    """What `save_understood` kept. Raises `FileUnreadable`."""
    return _KeptUnderstood(read_json(path, FORMAT)["texts"])


class _KeptUnderstood(Mapping[str, Understood]):
    """As in the file; each text is made what it stands for when it is asked for, which most never are."""

    def __init__(self, texts: Mapping[str, tuple[str, Sequence[tuple[str, str]]]]) -> None:
        self._texts = texts

    def __getitem__(self, text: str) -> Understood:
        plain, guesses = self._texts[text]
        return Understood(plain, tuple((typed, taken) for typed, taken in guesses))

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


@lru_cache(maxsize=4)
def shared_normalizer(paths: KnowledgePaths) -> Normalizer:
    """The process's normaliser for one build of the knowledge, read at first use; published words count."""
    return Normalizer.load(paths, published())
