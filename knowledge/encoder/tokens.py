"""The model's tokenizer (SentencePiece, unigram), rebuilt from the table in the model file."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import sentencepiece
from numpy.typing import NDArray

from knowledge.encoder.weights import E5Weights

_SPACE = "\u2581"  # how SentencePiece writes a blank
_BLANKS = re.compile(" {2,}")


def write_pieces(weights: E5Weights, path: Path) -> None:
    """Write the table as a SentencePiece model file; normalising is left to `Tokenizer`."""
    from sentencepiece import sentencepiece_model_pb2 as schema

    model = schema.ModelProto()
    model.trainer_spec.model_type = schema.TrainerSpec.UNIGRAM
    model.normalizer_spec.name = "identity"
    model.normalizer_spec.add_dummy_prefix = False
    model.normalizer_spec.remove_extra_whitespaces = False
    model.normalizer_spec.escape_whitespaces = False
    kinds = schema.ModelProto.SentencePiece
    special = {weights.unknown: kinds.UNKNOWN} | dict.fromkeys(
        (weights.begin, weights.end, weights.padding), kinds.CONTROL
    )
    for number, (piece, score) in enumerate(zip(weights.pieces(), weights.piece_scores.tolist())):
        model.pieces.add(piece=piece, score=score, type=special.get(number, kinds.NORMAL))
    path.write_bytes(model.SerializeToString())


class Tokenizer:
    """Text → token ids as E5 was trained with, begin and end marks not included."""

    def __init__(self, weights: E5Weights, path: Path) -> None:
        self._replacements = weights.replacements
        self._pieces = sentencepiece.SentencePieceProcessor(model_file=str(path))

    def ids(self, text: str) -> NDArray[np.int64]:
        """Ids of the pieces, shape `(n,)`."""
        text = _BLANKS.sub(" ", text.translate(self._replacements))
        text = text if text.startswith(" ") else " " + text
        return np.array(self._pieces.encode(text.replace(" ", _SPACE)), dtype=np.int64)
