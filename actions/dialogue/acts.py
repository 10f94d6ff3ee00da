"""What a turn does in its conversation: asks, tells, thanks, corrects …; fitted by `python -m evaluation.fit_dialogue`.

NLU's intents say what a question is about. This says whether there is a question at all, and whether it leans on what was
said before; it belongs to no plan, so it is a file of this folder and not of a release.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from knowledge.encoder.text_encoder import Vectors
from knowledge.groundwork.kept_files import Plain, read_arrays, write_arrays
from knowledge.language.pieces import Numbers, PieceModel, runs

FILE = Path(__file__).with_name("acts.npz")
FORMAT = 1
LONGEST = 3  # characters of a piece
MAX_CHARS = 300  # of a turn: what it does is said in less

OWN, LEANING, CORRECTION, RETURN = "own", "leaning", "correction", "return"
ASKING = (OWN, LEANING, CORRECTION, RETURN)
TELL, DENIAL, SOURCE, MORE, REPEAT = "tell", "denial", "source", "more", "repeat"
PERSON, COMPLAINT, OFF_TOPIC = "person", "complaint", "off_topic"
SMALL_TALK = {"greeting": "greet", "thanks": "thanks", "goodbye": "goodbye", "help": "help", "identity": "identity"}
ACTS = (*ASKING, TELL, DENIAL, SOURCE, MORE, REPEAT, *SMALL_TALK, PERSON, COMPLAINT, OFF_TOPIC)


def pieces_of(text: str) -> Iterator[str]:
    """Runs of a turn's characters as typed, punctuation and its two ends included."""
    return runs(f"^{unicodedata.normalize('NFKC', text).lower().strip()[:MAX_CHARS]}$", LONGEST)


@dataclass(frozen=True)
class ActModel:
    """A softmax over `acts` of what the characters say and what the sentence vector says."""

    acts: tuple[str, ...]
    characters: PieceModel
    vector: Numbers  # (384, acts)

    def read(self, text: str, vector: Vectors) -> Mapping[str, float]:
        """Act → probability of a turn as typed and the unit vector `(384,)` of it as understood."""
        scores = self.characters.scores(pieces_of(text)) + vector @ self.vector
        shares = np.exp(scores - scores.max())
        return dict(zip(self.acts, map(float, shares / shares.sum())))

    def save(self, path: Path) -> None:
        """As arrays and JSON."""
        plain = Plain.joined({"characters": self.characters.plain()})
        vector = {"vector": self.vector.astype("<f2")}
        write_arrays(path, FORMAT, Plain({"acts": list(self.acts)}, {**plain.arrays, **vector}), compressed=True)

    @classmethod
    def load(cls, path: Path) -> ActModel:
        """Raises `FileUnreadable`."""
        plain = read_arrays(path, FORMAT)
        start = "characters."
        parts = {name.removeprefix(start): array for name, array in plain.arrays.items() if name.startswith(start)}
        return cls(tuple(plain.about["acts"]), PieceModel.of(parts), plain.arrays["vector"].astype(np.float32))


@lru_cache(maxsize=1)
def shipped_acts() -> ActModel:
    """The model of this folder, loaded at first use. Raises `FileUnreadable`."""
    return ActModel.load(FILE)
