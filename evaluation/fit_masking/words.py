"""Counts what masking has to know of a common dictionary (jieba's), as the files that `conversations/masking_words.py` reads."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple

import jieba
from marisa_trie import RecordTrie

from conversations.masking_likely import LIKE_NAMES, likelihood
from conversations.masking_persons import is_everyday, surname_at
from conversations.masking_words import CHARACTERS, PERSON, PLAIN, RECORD, USED, WORDS, Character, CommonWords

_USUAL = 100  # of its counts: a "name" used as often is a word or somebody in the history books
_KNOWN = 20  # a name that is counted less often is nobody's whom books name
_RARE = 3  # a word that is counted less often is none


def dictionary() -> Iterator[tuple[str, int, str]]:
    """Each word of the dictionary, how often it is used, and what it is; `nr`: a name."""
    with jieba.get_module_res("dict.txt") as lines:
        for line in lines.read().decode("utf-8").splitlines():
            word, count, tag = line.split(" ")
            yield word, int(count), tag


def counted() -> CommonWords:
    """The dictionary as masking knows it."""
    first, second, elsewhere, surnames = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    held: dict[str, int] = {}
    for word, count, tag in dictionary():
        if found := _held(word, count, tag):
            held[word] = held.get(word, 0) | found
        if not tag.startswith("nr"):
            for character in word:
                elsewhere[character] += count
        elif len(word) == 3 and surname_at(word, 0) == 1:
            first[word[1]] += 1
            second[word[2]] += 1
    names, uses = sum(first.values()), sum(elsewhere.values())
    every = first.keys() | second.keys() | elsewhere.keys()
    without = {each: Character(first[each], second[each], elsewhere[each]) for each in every}
    words = RecordTrie(RECORD, [(word, (found,)) for word, found in held.items()])
    known = CommonWords(words, without, names, uses)
    for word, _, tag in dictionary():
        if len(word) == 3 and tag == "nr" and likelihood(known, word[1:]) > LIKE_NAMES:
            surnames[word[0]] += 1
    characters = {
        each: Character(first[each], second[each], elsewhere[each], surnames[each])
        for each in sorted(every | surnames.keys())
    }
    return CommonWords(words, characters, names, uses)


def keep() -> None:
    """Writes both files."""
    found = counted()
    found.words.save(str(WORDS))
    characters = {name: astuple(each) for name, each in found.characters.items()}
    CHARACTERS.write_text(json.dumps(characters, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def _held(word: str, count: int, tag: str) -> int:
    """What holds of a word of the dictionary."""
    is_name, found = tag.startswith("nr"), 0
    if 2 <= len(word) <= 3:
        if not is_name or word[0] == word[-1] or (count >= _USUAL and is_everyday(word[0])):
            found |= PLAIN
        if is_name and count >= _KNOWN:
            found |= PERSON
    if not is_name and 2 <= len(word) <= 4 and count >= _RARE:
        found |= USED
    return found
