"""What a common dictionary says of words, names and characters: counted once by `python -m evaluation.fit_masking --words`.

Reading the dictionary itself took each process a second and 25 MB; what is kept is mapped.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from marisa_trie import RecordTrie

WORDS, CHARACTERS = (Path(__file__).with_name(name) for name in ("masking_words.marisa", "masking_characters.json"))
RECORD = "<B"  # of a word: the sum of what holds of it
PLAIN = 1  # of two or three characters, and anything else than somebody's name, or a name that everybody uses
PERSON = 2  # whom books and newspapers name
USED = 4  # of two to four characters, no name, and not rare


@dataclass(frozen=True)
class Character:
    """How often names of the dictionary have it as the first and the second character given, and how often other words do.

    `surname`: how many of its likely names begin with it.
    """

    first: int = 0
    second: int = 0
    elsewhere: int = 0
    surname: int = 0


@dataclass(frozen=True)
class CommonWords:
    """The dictionary as counted; `names` and `uses` are the sums over all characters of `first` and `elsewhere`."""

    words: RecordTrie
    characters: dict[str, Character]
    names: int
    uses: int

    def holds(self, word: str, what: int) -> bool:
        """Whether one of `what` holds of a word."""
        return any(found & what for (found,) in self.words.get(word, ()))

    def of(self, character: str) -> Character:
        """What is counted of a character."""
        return self.characters.get(character, _NEVER_SEEN)


_NEVER_SEEN = Character()


@lru_cache(maxsize=1)
def common_words() -> CommonWords:
    """What is kept, loaded at first use."""
    characters = {name: Character(*counts) for name, counts in json.loads(CHARACTERS.read_text("utf-8")).items()}
    names, uses = (sum(getattr(each, part) for each in characters.values()) for part in ("first", "elsewhere"))
    return CommonWords(RecordTrie(RECORD).mmap(str(WORDS)), characters, names, uses)
