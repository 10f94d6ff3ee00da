"""The tokenizer against SentencePiece itself, over the same table."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
import sentencepiece
from sentencepiece import sentencepiece_model_pb2 as schema

from knowledge.encoder.tokens import Tokenizer, write_pieces
from knowledge.encoder.weights import E5Weights

pytestmark = pytest.mark.slow  # SentencePiece takes seconds to read the table
CHANCE = random.Random(7)


@pytest.fixture(scope="module")
def weights() -> E5Weights:
    """The model file."""
    return E5Weights()


@pytest.fixture(scope="module")
def ours(weights: E5Weights, tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    """The tokenizer under test."""
    path = tmp_path_factory.mktemp("tokens") / "pieces.npz"
    write_pieces(weights, path)
    return Tokenizer(weights, path)


@pytest.fixture(scope="module")
def theirs(weights: E5Weights) -> Callable[[str], list[int]]:
    """SentencePiece with the table of the model file; what it would do to a text before is left out."""
    model = schema.ModelProto()
    model.trainer_spec.model_type = schema.TrainerSpec.UNIGRAM
    model.normalizer_spec.name = "identity"
    model.normalizer_spec.add_dummy_prefix = False
    model.normalizer_spec.remove_extra_whitespaces = False
    model.normalizer_spec.escape_whitespaces = False
    kinds = schema.ModelProto.SentencePiece
    special = {weights.unknown: kinds.UNKNOWN}
    special |= dict.fromkeys((weights.begin, weights.end, weights.padding), kinds.CONTROL)
    for number, (piece, score) in enumerate(zip(weights.pieces(), weights.piece_scores.tolist())):
        model.pieces.add(piece=piece, score=score, type=special.get(number, kinds.NORMAL))
    return sentencepiece.SentencePieceProcessor(model_proto=model.SerializeToString()).encode


TEXTS = [
    "query: 到2025年养老院床位有多少张",
    "passage: 优化床位供给结构，持续增加专业性照护床位供给，养老机构护理型床位占比达到60%。",
    "Hello, world!  I  am looking for  childcare",
    "𠮷𠮷野家 𠮷",
    "🐼🐼 ﷺ ༀ༁༂ \x00 x\ufffd",
    "a" * 40 + "啊" * 600,
    "".join(chr(code) for code in range(33, 3000, 11)),
    *("".join(CHANCE.choices("𠀀𠀁丂丄丆丏养老院托班abc 12.", k=60)) for _ in range(50)),
    " ",
    "",
]


def test_ids_are_those_of_sentencepiece(
    ours: Tokenizer, theirs: Callable[[str], list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of questions, of texts that no table knows, and of long ones; runs of unknown characters are one id."""
    found = [ours.ids(text).tolist() for text in TEXTS]
    monkeypatch.setattr(ours, "_cut", theirs)
    assert found == [ours.ids(text).tolist() for text in TEXTS]
    assert any(3 in ids for ids in found)  # some character is unknown
