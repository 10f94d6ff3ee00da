"""What the rules of `rules.yml` see in a message, by looking up its short pieces: linear in its length, whatever it holds."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pypinyin import Style, lazy_pinyin

from danger.errors import DangerError
from danger.forms import Message
from knowledge.groundwork.curated_yaml import load_mapping
from knowledge.language.languages import ENGLISH

FILE = Path(__file__).with_name("rules.yml")
FORMAT = 1
SURE, LIKELY = "sure", "likely"
ENGLISH_SIGNS = "english"  # the signs of calm in an English message
MIN_SYLLABLES = 3  # of a phrase that is recognised by its sound alone: shorter ones sound like too much else
_GROUP = re.compile(r"<(\w+)>")
_ALL_CHINESE = re.compile(r"[\u4e00-\u9fff]+")


@dataclass(frozen=True)
class Seen:
    """What the rules see: kinds of the sure and of the likely rules, the most told of first; signs of calm beside the sure ones.

    `signs` are all signs of calm in the message, by their group; `words` are those that the rules rest on, for whoever asks why.
    """

    sure: tuple[str, ...] = ()
    likely: tuple[str, ...] = ()
    calm: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def is_danger(self) -> bool:
        """Whether the rules by themselves call it danger: something sure, and nothing calm in the same sentence."""
        return bool(self.sure) and not self.calm


@dataclass(frozen=True)
class _Rule:
    """A word of each of `every` stands in a sentence."""

    kind: str
    strength: str
    every: tuple[frozenset[str], ...]

    def found(self, pieces: frozenset[str]) -> str:
        """The words that it rests on among a sentence's, "" where it does not hold."""
        words = [max(group & pieces, key=lambda word: (len(word), word), default="") for group in self.every]
        return "+".join(words) if all(words) else ""


class _Pieces:
    """Finds words in a sequence of characters or of words, each by one look-up a place and length."""

    def __init__(self, words: Iterable[Sequence[str]]) -> None:
        self._words = frozenset(map(tuple, words))
        self._lengths = sorted({len(word) for word in self._words})

    def of(self, units: Sequence[str]) -> frozenset[tuple[str, ...]]:
        """Which words stand in `units`."""
        return frozenset(
            piece
            for length in self._lengths
            for start in range(len(units) - length + 1)
            if (piece := tuple(units[start : start + length])) in self._words
        )


class Rules:
    """All rules. Raises `DangerError` where the file cannot be used."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        if data.get("format") != FORMAT:
            raise DangerError(f"rules.yml: format 是 {data.get('format')!r} — 这个版本只读 {FORMAT}")
        self._groups = {str(name): tuple(map(str, words)) for name, words in data["groups"].items()}
        kinds = {str(kind): each for kind, each in data["kinds"].items()}
        self._rules = [
            _Rule(kind, strength, tuple(map(self._expanded, str(text).split(" & "))))
            for kind, each in kinds.items()
            for strength in (SURE, LIKELY)
            for text in each.get(strength) or ()
        ]
        # What a rule names outright, not through a group: 「着火」, not 「老人」.
        texts = (
            str(text) for each in kinds.values() for strength in (SURE, LIKELY) for text in each.get(strength) or ()
        )
        self._named = frozenset(text for text in texts if "<" not in text and len(text) > 1)
        self._by_word: dict[str, list[_Rule]] = defaultdict(list)
        for rule in self._rules:
            for word in rule.every[0]:
                self._by_word[word].append(rule)
        self._calm = {name: frozenset(self._groups[name]) for name in (_GROUP.sub(r"\1", str(c)) for c in data["calm"])}
        words = {word for rule in self._rules for group in rule.every for word in group}
        self._pieces = _Pieces(words | set().union(*self._calm.values()))
        self._sounds = {sound: kind for kind, each in kinds.items() for sound in self._sounds_of(each.get(SURE) or ())}
        self._heard = _Pieces(self._sounds)
        self._english = {tuple(str(p).split()): kind for kind, e in kinds.items() for p in e.get("sure_english") or ()}
        self._calm_english = {tuple(str(phrase).split()) for phrase in data["calm_english"]}
        self._phrases = _Pieces([*self._english, *self._calm_english])

    def read(self, message: Message) -> Seen:
        """What a message tells, sentence by sentence; what is calm counts where it stands beside something sure."""
        found = [(self._sounds[sound], SURE, " ".join(sound)) for sound in self._heard.of(message.pinyin.split())]
        calm: list[str] = []
        signs: list[str] = []
        if message.script == ENGLISH:
            phrases = self._phrases.of(message.compact.split())
            found += [(self._english[phrase], SURE, " ".join(phrase)) for phrase in phrases if phrase in self._english]
            signs += [ENGLISH_SIGNS] if phrases & self._calm_english else []
            calm += signs if found else []
        else:
            heard = bool(found)
            for sentence in _sentences(message):
                pieces = frozenset("".join(piece) for piece in self._pieces.of(sentence))
                beside = [name for name, group in self._calm.items() if group & pieces]
                signs += beside
                asked = {id(rule): rule for word in pieces for rule in self._by_word.get(word, ())}.values()
                here = [(rule.kind, rule.strength, words) for rule in asked if (words := rule.found(pieces))]
                if heard or any(strength == SURE for _, strength, _ in here):
                    calm += beside
                found += here
        return _seen(found, calm, signs)

    def names(self, word: str) -> bool:
        """Whether a word is one that a rule rests on."""
        return word in self._named

    def _expanded(self, part: str) -> frozenset[str]:
        """「闻到<gas>」: each word of the group in its place."""
        match = _GROUP.search(part)
        if match is None:
            return frozenset((part.strip(),))
        if match[1] not in self._groups:
            raise DangerError(f"rules.yml: 没有词组 <{match[1]}> — 在 groups 里写上，或改正名字")
        return frozenset(part.strip().replace(match.group(), word) for word in self._groups[match[1]])

    def _sounds_of(self, rules: Iterable[Any]) -> list[tuple[str, ...]]:
        """The syllables of the phrases that are long enough to be told by them."""
        single = (word for text in map(str, rules) if " & " not in text for word in self._expanded(text))
        long = (word for word in single if len(word) >= MIN_SYLLABLES and _ALL_CHINESE.fullmatch(word))
        return [tuple(lazy_pinyin(word, style=Style.NORMAL)) for word in long]


def _seen(found: Sequence[tuple[str, str, str]], calm: Sequence[str], signs: Sequence[str]) -> Seen:
    def kinds(strength: str) -> tuple[str, ...]:
        weights: dict[str, int] = {}
        for kind, its, words in set(found):
            if its == strength:
                weights[kind] = weights.get(kind, 0) + len(words)
        return tuple(sorted(weights, key=lambda kind: (-weights[kind], kind)))

    words = tuple(sorted({words for _, _, words in found}))
    return Seen(kinds(SURE), kinds(LIKELY), tuple(dict.fromkeys(calm)), tuple(dict.fromkeys(signs)), words)


def _sentences(message: Message) -> list[str]:
    """Each clause with the next one, and the whole without its signs where signs stand between the characters."""
    clauses = message.clauses
    pairs = ["，".join(clauses[i : i + 2]) for i in range(max(1, len(clauses) - 1))]
    whole = message.compact.replace(" ", "")
    return pairs if whole == "".join(clauses) else [*pairs, whole]


@lru_cache(maxsize=1)
def shipped_rules() -> Rules:
    """The rules of the file."""
    data, _ = load_mapping(FILE)
    return Rules(data)
