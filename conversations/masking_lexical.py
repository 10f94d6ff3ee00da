"""What a neural reader of Chinese takes each character for: a person's name, a place, a noun, a verb …

The network is Baidu's LAC (two layers of bidirectional GRUs over characters), of which `python -m evaluation.fit_masking`
keeps what single characters need (docs/decisions/0058). It says what stands where; what of it is personal data, the
tagger weighs.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import onnxruntime

GRAPH = Path(__file__).with_name("masking_lexical.onnx")
VOCABULARY = Path(__file__).with_name("masking_lexical.json")
FORMAT = 1
_PERSON, _PLACE = ("nr-", "PER-"), ("ns-", "LOC-")


@dataclass(frozen=True)
class LexicalReading:
    """Of each character: its likeliest class, and how likely a name begins or goes on there, or a place stands there."""

    classes: list[str]  # `PER-B`: begins a name; `n-I`: goes on in a noun
    name_begins: list[float]
    name_goes_on: list[float]
    place: list[float]


class LexicalReader:
    """Reads texts of any length; the time it takes grows with that."""

    def __init__(self, graph: Path = GRAPH, vocabulary: Path = VOCABULARY) -> None:
        import onnxruntime

        kept = json.loads(vocabulary.read_text(encoding="utf-8"))
        if kept["format"] != FORMAT:
            raise ValueError(f"{vocabulary.name}: format {kept['format']}, not {FORMAT}")
        self._rows = {character: row for row, character in enumerate(kept["characters"])}
        self._unknown = len(self._rows)  # the last row
        self._classes: list[str] = kept["classes"]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._graph: onnxruntime.InferenceSession = onnxruntime.InferenceSession(
            str(graph), options, providers=["CPUExecutionProvider"]
        )
        self._begins = self._columns(_PERSON, "B")
        self._goes_on = self._columns(_PERSON, "I")
        self._place = self._columns(_PLACE, "BI")

    def read(self, text: str) -> LexicalReading:
        """`text` has at least one character."""
        rows = np.array([[self._rows.get(character, self._unknown) for character in text]], np.int64)
        scores: NDArray[Any] = self._graph.run(None, {"token_ids": rows, "length": np.array([len(text)], np.int64)})[0][
            0
        ]
        scores = scores[:, : len(self._classes)]  # the last columns were never used
        likely = np.exp(scores - scores.max(axis=1, keepdims=True))
        likely /= likely.sum(axis=1, keepdims=True)
        return LexicalReading(
            [self._classes[column] for column in scores.argmax(axis=1)],
            likely[:, self._begins].sum(axis=1).tolist(),
            likely[:, self._goes_on].sum(axis=1).tolist(),
            likely[:, self._place].sum(axis=1).tolist(),
        )

    def _columns(self, kinds: tuple[str, ...], places: str) -> list[int]:
        return [at for at, name in enumerate(self._classes) if name.startswith(kinds) and name[-1] in places]


@lru_cache(maxsize=1)
def lexical_reader() -> LexicalReader:
    """The one of this process; loaded when it is first asked for."""
    return LexicalReader()
