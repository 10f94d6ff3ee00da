"""jieba's dictionary, mapped from a file that all processes share, and the two jieba classes that read it from there.

jieba holds 350,000 words in two dicts of each tokenizer, and half as many beginnings of words beside them: 170 MB and two
seconds of CPU in every process. Here they stand in a trie (marisa) on disk; how texts are cut and which parts of speech
words get stays the same (docs/decisions/0043).
"""

from __future__ import annotations

import io
import logging
import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

import jieba
import marisa_trie
import numpy as np
from numpy.typing import NDArray

from knowledge.groundwork import settings
from knowledge.groundwork.kept_files import Plain, mapped_arrays, write_arrays
from knowledge.language.tagging import RunTagger

jieba.setLogLevel(logging.WARNING)

PREPARED = "words-*"  # the name of its file, of whatever version; who lacks it makes it anew
UNKNOWN = "x"  # part of speech of what is no word, as jieba calls it
_FORMAT = 1  # of this file: raise it when it changes
REMEMBERED = 16384  # pieces of text whose count is kept: 2 MB, and three look-ups in four (docs/performance.md)


class Dictionary:
    """jieba's words with their counts and parts of speech, read-only. `total` is that of their counts."""

    def __init__(self, path: Path) -> None:
        plain = mapped_arrays(path, _FORMAT)
        self._words = marisa_trie.Trie().frombytes(plain.arrays["trie"].tobytes())
        self._counts, self._tags = plain.arrays["counts"].data, plain.arrays["tags"].data
        self._names: Sequence[str] = plain.about["tags"]
        self.total = int(plain.about["total"])

    def count(self, word: str) -> int | None:
        """How often jieba's authors met a word, 0 for the beginning of one; None if no word of theirs begins so."""
        number = self._words.get(word)
        return None if number is None else self._counts[number]

    def get(self, word: str, unknown: str) -> str:
        """The part of speech of a word: what jieba's tagger asks its table for."""
        number = self._words.get(word)
        return unknown if number is None else self._names[self._tags[number]]


def write_dictionary(path: Path) -> None:
    """Read jieba's own file and keep it as a trie, and as arrays in the order of the trie's numbers."""
    counts, total = jieba.Tokenizer.gen_pfdict(jieba.dt.get_dict_file())
    with jieba.dt.get_dict_file() as stream:
        tags = {line.split()[0].decode(): line.split()[2].decode() for line in stream if line.strip()}
    words = marisa_trie.Trie(counts)  # beginnings of words too, as jieba has them
    names = sorted({*tags.values(), UNKNOWN})
    row = {name: number for number, name in enumerate(names)}
    ordered = [words.restore_key(number) for number in range(len(words))]
    arrays: dict[str, NDArray[Any]] = {
        "trie": np.frombuffer(words.tobytes(), np.uint8),
        "counts": np.array([counts[word] for word in ordered], np.int32),
        "tags": np.array([row[tags.get(word, UNKNOWN)] for word in ordered], np.uint8),
    }
    write_arrays(path, _FORMAT, Plain({"tags": names, "total": total}, arrays))


def prepared_dictionary(folder: Path) -> Dictionary:
    """The dictionary in `folder`, written if it is missing or of another version (about 2 s). Safe to race."""
    path = folder / f"words-{version('jieba')}-{_FORMAT}.npz"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob(f"{PREPARED}{path.suffix}"):
            old.unlink(missing_ok=True)
        side = path.with_name(f"{path.name}.{os.getpid()}")
        write_dictionary(side)
        side.replace(path)
    return Dictionary(path)


@lru_cache(maxsize=1)
def shared_dictionary() -> Dictionary:
    """The process's dictionary, mapped at first use."""
    return prepared_dictionary(settings.built_paths().folder)


class _Frequencies:
    """What jieba calls FREQ: the dictionary's counts, with those of words that were added before them."""

    def __init__(self, dictionary: Dictionary, added: Mapping[str, int]) -> None:
        self._dictionary = dictionary
        self.added = dict(added)
        self.get = lru_cache(maxsize=REMEMBERED)(self._get)

    def _get(self, word: str, unknown: int | None = None) -> int | None:
        count = self.added.get(word)
        if count is None:
            count = self._dictionary.count(word)
        return unknown if count is None else count

    def __contains__(self, word: str) -> bool:
        return self.get(word) is not None

    def __setitem__(self, word: str, count: int) -> None:
        self.added[word] = count
        self.get.cache_clear()


class WordCutter(jieba.Tokenizer):
    """jieba's tokenizer over the mapped dictionary; it knows `words` besides, and cuts each of them out as a whole.

    `weighed` is the `weights` and the `total` of a cutter of the same words, which need not be weighed again.
    """

    FREQ: _Frequencies

    def __init__(self, words: Sequence[str] = (), weighed: tuple[Mapping[str, int], int] | None = None) -> None:
        super().__init__()
        dictionary = shared_dictionary()
        weights, self.total = weighed or ({}, dictionary.total)
        self.FREQ = _Frequencies(dictionary, weights)
        self.initialized = True
        for word in words if weighed is None else ():
            self.add_word(word)

    @property
    def weights(self) -> Mapping[str, int]:
        """How often each word that was added counts as met, and 0 for each beginning of one."""
        return self.FREQ.added

    def get_DAG(self, sentence: str) -> dict[int, list[int]]:  # noqa: N802 - jieba's name
        """Where each word that begins at a character may end; as jieba's, with half of its look-ups."""
        count_of, found = self.FREQ.get, {}
        for start in range(len(sentence)):
            ends, end = [], start
            while end < len(sentence) and (count := count_of(sentence[start : end + 1])) is not None:
                if count:
                    ends.append(end)
                end += 1
            found[start] = ends or [start]
        return found


def tagger(words: WordCutter) -> Any:
    """jieba's tagger (`POSTokenizer`) over the same words; parts of speech come from the mapped dictionary."""
    posseg = _posseg()
    found = posseg.POSTokenizer.__new__(posseg.POSTokenizer)
    found.tokenizer, found.word_tag_tab = words, shared_dictionary()
    return found


@lru_cache(maxsize=1)
def _posseg() -> ModuleType:
    """jieba's tagging, without the table that it reads for a tagger which nobody uses, and with a faster search."""
    jieba.dt.get_dict_file = io.BytesIO
    try:
        found = import_module("jieba.posseg")
    finally:
        del jieba.dt.get_dict_file
    found.viterbi = RunTagger(found.char_state_tab_P, found.start_P, found.trans_P, found.emit_P)  # type: ignore[attr-defined]
    return found
