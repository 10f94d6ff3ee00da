"""A phrase as its parts in order, found as a regular expression finds it, but never twice the same way.

`re` tries every way of reading overlapping fillers (问 · 一下 · 问一下) before it gives up: twice the ways with each
filler more. Here no part is tried twice at one place, so that the effort grows with the text and not with the ways.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

REMEMBERED = 64  # texts: the steps of a turn ask the same phrase of the same words again
_State = tuple[int, int]  # the part to be read next, and where


@dataclass(frozen=True)
class Part:
    """Words of which one stands in the text, or, with `optional`, none, or, with `repeated`, any number.

    Earlier words are tried first, and more before fewer. No words: any one character. With `fewest`, as few as will do.
    """

    words: tuple[str, ...]
    optional: bool = False
    repeated: bool = False
    fewest: bool = False
    name: str = ""


def one_of(words: str) -> Part:
    """One of the words, written with `|` between; # in a word is any digit."""
    return Part(tuple(words.split("|")))


def maybe(words: str, name: str = "") -> Part:
    """One of the words or none."""
    return Part(tuple(words.split("|")), optional=True, name=name)


def any_of(words: str) -> Part:
    """As many of the words as there are."""
    return Part(tuple(words.split("|")), optional=True, repeated=True)


def anything(name: str) -> tuple[Part, Part]:
    """At least one character, as few as will do."""
    return Part((), name=name), Part((), optional=True, repeated=True, fewest=True, name=name)


class Phrase:
    """Parts that make up a whole text without line breaks. Immutable."""

    def __init__(self, *parts: Part) -> None:
        self._parts = parts
        self._words: list[dict[str, list[str]]] = [_by_first_character(part) for part in parts]
        self._begins = [_begins(parts[number:]) for number in range(len(parts) + 1)]
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._read)

    def read(self, text: str) -> Mapping[str, str] | None:
        """What the named parts are in the first way in which the parts make up the text, or None if there is no way.

        First is what `re` would find first. The effort is parts × characters; what was read lately is remembered.
        """
        return self._remembered(text)

    def _read(self, text: str) -> Mapping[str, str] | None:
        end = (len(self._parts), len(text))
        came_from: dict[_State, _State | None] = {}
        ahead: list[tuple[_State, _State | None]] = [((0, 0), None)]
        while ahead:
            state, before = ahead.pop()
            if state in came_from:
                continue
            came_from[state] = before
            if state == end:
                return MappingProxyType(self._named(text, state, came_from))
            if state[0] < end[0]:
                ahead += [(following, state) for following in reversed(self._after(state, text))]
        return None

    def fits(self, text: str) -> bool:
        """Whether the parts make up the text in some way."""
        return self.read(text) is not None

    def _after(self, state: _State, text: str) -> list[_State]:
        """What may follow, the first to be tried first; the next part only where the next character can begin it."""
        number, at = state
        part, character = self._parts[number], text[at : at + 1]
        following = number if part.repeated else number + 1
        found = [
            (following, at + len(word))
            for word in self._words[number].get(character, ())
            if text.startswith(word, at) or ("#" in word and _fits(word, text[at : at + len(word)]))
        ]
        if not part.words and character:
            found.append((following, at + 1))
        begins = self._begins[number + 1]
        if part.optional and (begins is None or character in begins):
            return [(number + 1, at), *found] if part.fewest else [*found, (number + 1, at)]
        return found

    def _named(self, text: str, end: _State, came_from: dict[_State, _State | None]) -> dict[str, str]:
        found = {part.name: "" for part in self._parts if part.name}
        state, before = end, came_from[end]
        while before is not None:
            name = self._parts[before[0]].name
            if name:
                found[name] = text[before[1] : state[1]] + found[name]
            state, before = before, came_from[before]
        return found


def _by_first_character(part: Part) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for word in part.words:
        found[word[0]].append(word)
    return dict(found)


def _begins(parts: Sequence[Part]) -> frozenset[str] | None:
    """The characters with which parts may begin, "" if they may be nothing; None if with any."""
    found: set[str] = set()
    for part in parts:
        if not part.words:
            return None
        found.update(word[0] for word in part.words)
        if not part.optional:
            return frozenset(found)
    return frozenset((*found, ""))


def _fits(word: str, text: str) -> bool:
    return len(word) == len(text) and all(a == b or (a == "#" and b.isdecimal()) for a, b in zip(word, text))


def as_typed(text: str) -> str:
    """A text for phrases in English: one blank between words, and the apostrophe that keyboards have."""
    return " ".join(text.replace("’", "'").split())
