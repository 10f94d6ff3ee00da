"""What the classifier reads of a message: pieces of its text, its sound, its sentence vector, and what the rules see."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from danger.forms import Message
from danger.rules import ENGLISH_SIGNS, Seen
from knowledge.language.languages import ENGLISH
from knowledge.language.pieces import Numbers, runs

MAX_CHARACTERS, MAX_SYLLABLES = 4, 3  # of a piece of text, of a piece of sound
SHORT_CHARS = 12
SIGNS = ("past", "over", "denied", "what_if", "service", "figure", ENGLISH_SIGNS)
CUES = (
    "sure and nothing calm",
    "sure beside one sign of calm",
    "sure beside several",
    "kinds of sure rules",
    "kinds of likely rules",
    "length",
    "English",
    "short",
    *(f"sign of calm: {name}" for name in SIGNS),
)


def text_pieces(message: Message) -> Iterator[str]:
    """Every run of one to `MAX_CHARACTERS` characters of the text as written."""
    return runs(message.joined, MAX_CHARACTERS)


def sound_pieces(message: Message) -> Iterator[str]:
    """Every run of one to `MAX_SYLLABLES` syllables, or English words."""
    return runs(message.pinyin.split(), MAX_SYLLABLES, " ")


def cues(message: Message, seen: Seen) -> Numbers:
    """What `CUES` names, shape `(15,) float32`, each about between 0 and 1."""
    sure, calm = bool(seen.sure), len(seen.calm)
    return np.array(
        [
            sure and not calm,
            sure and calm == 1,
            sure and calm > 1,
            min(len(seen.sure), 2) / 2,
            min(len(seen.likely), 3) / 3,
            math.log1p(len(message.said)) / 5,
            message.script == ENGLISH,
            len(message.written) < SHORT_CHARS,
            *(name in seen.signs for name in SIGNS),
        ],
        np.float32,
    )
