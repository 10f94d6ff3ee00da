"""The model's tokenizer (SentencePiece, unigram), over the table in the model file, kept as a trie.

Source: `unigram_model.cc` of SentencePiece 0.2. Of all ways to cut a text into pieces the one with the highest sum of
scores, kept in single precision as there: the same ids (a test compares). Its own library builds the table anew in every
process, which takes a second and 74 MB.
"""

from __future__ import annotations

import re
from array import array
from pathlib import Path

import marisa_trie
import numpy as np
from numpy.typing import NDArray

from knowledge.encoder.weights import E5Weights
from knowledge.groundwork.kept_files import Plain, mapped_arrays, write_arrays

_FORMAT = 1  # of the file of pieces
_SPACE = "\u2581"  # how SentencePiece writes a blank
_BLANKS = re.compile(" {2,}")
_UNKNOWN_COSTS = 10.0  # what an unknown character scores below the worst piece


def write_pieces(weights: E5Weights, path: Path) -> None:
    """Keep the pieces as a trie, with the id and the score of each in the order of the trie's numbers."""
    special = {weights.unknown, weights.begin, weights.end, weights.padding}
    ids = {piece: number for number, piece in enumerate(weights.pieces()) if number not in special}
    trie = marisa_trie.Trie(ids)
    ordered = np.array([ids[trie.restore_key(number)] for number in range(len(trie))], np.int32)
    arrays = {
        "trie": np.frombuffer(trie.tobytes(), np.uint8),
        "ids": ordered,
        "scores": np.asarray(weights.piece_scores)[ordered],
    }
    write_arrays(path, _FORMAT, Plain({"longest": max(map(len, ids))}, arrays))


class Tokenizer:
    """Text → token ids as E5 was trained with, begin and end marks not included. Safe to share between threads."""

    def __init__(self, weights: E5Weights, path: Path) -> None:
        self._replacements = weights.replacements
        self._unknown = weights.unknown
        plain = mapped_arrays(path, _FORMAT)
        self._trie = marisa_trie.Trie().frombytes(plain.arrays["trie"].tobytes())
        self._ids, self._scores = plain.arrays["ids"].data, plain.arrays["scores"].data
        self._unknown_score = float(np.float32(plain.arrays["scores"].min() - np.float32(_UNKNOWN_COSTS)))
        self._longest = int(plain.about["longest"])

    def ids(self, text: str) -> NDArray[np.int64]:
        """Ids of the pieces, shape `(n,)`."""
        text = _BLANKS.sub(" ", text.translate(self._replacements))
        text = text if text.startswith(" ") else " " + text
        return np.array(self._cut(text.replace(" ", _SPACE)), dtype=np.int64)

    def _cut(self, text: str) -> list[int]:
        """The ids of the best way to cut a text; of several unknown characters in a row there is one."""
        best = array("f", bytes(4 * (len(text) + 1)))  # single precision: sums that differ there are equal here
        begun, pieces = [-1] * (len(text) + 1), [self._unknown] * (len(text) + 1)
        for start in range(len(text)):
            known = False
            for piece, number in self._trie.iter_prefixes_with_ids(text[start : start + self._longest]):
                end, score = start + len(piece), self._scores[number] + best[start]
                known = known or end == start + 1
                if begun[end] < 0 or score > best[end]:
                    begun[end], pieces[end], best[end] = start, self._ids[number], score
            if not known:
                end, single = start + 1, array("f", [self._unknown_score + best[start]])
                if begun[end] < 0 or single[0] > best[end]:
                    begun[end], pieces[end], best[end] = start, self._unknown, single[0]
        return self._followed(begun, pieces)

    def _followed(self, begun: list[int], pieces: list[int]) -> list[int]:
        """The pieces from the end back to the start, in the order of the text."""
        found: list[int] = []
        at = len(begun) - 1
        while at > 0:
            if not (found and found[-1] == self._unknown == pieces[at]):
                found.append(pieces[at])
            at = begun[at]
        return found[::-1]
