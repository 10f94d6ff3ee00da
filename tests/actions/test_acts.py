"""What a turn does: the model as it is kept, and what it reads a turn by."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from actions.dialogue import acts
from actions.dialogue.acts import ACTS, MAX_CHARS, ActModel, pieces_of, shipped_acts
from knowledge.groundwork.errors import FileUnreadable
from knowledge.groundwork.kept_files import Plain, read_arrays, write_arrays
from knowledge.language.pieces import PieceModel
from tests.actions.findings import VECTOR


def model() -> ActModel:
    """Two acts: one that 「谢」 says, one that the first number of a vector says."""
    coefficients = np.array([[4.0, -4.0], [1.0, -1.0]], np.float32)
    pieces = PieceModel({"谢": 0, "吧$": 1}, np.ones(2, np.float32), coefficients, np.array([0.0, 0.25], np.float32))
    return ActModel(("thanks", "own"), pieces, np.eye(384, 2, k=1, dtype=np.float32) * 3)


@pytest.mark.parametrize(
    ("text", "has", "has_not"),
    [
        ("谢谢！", {"^", "^谢谢", "谢!$"}, {"！", "谢谢!$"}),
        ("ＡＢ  ", {"^ab", "ab$"}, {"A", "Ａ", " "}),
        ("字" * 1000, {"字字$", "字字字"}, {"字字字字"}),
    ],
)
def test_pieces_are_runs_of_what_was_typed_with_its_ends(text: str, has: set[str], has_not: set[str]) -> None:
    """Punctuation included, at most three characters, of the beginning of a long turn."""
    pieces = list(pieces_of(text))
    assert has <= set(pieces) and not has_not & set(pieces)
    assert max(map(len, pieces)) == 3 and len(pieces) <= 3 * (MAX_CHARS + 2)


def test_characters_and_the_vector_both_tell_what_a_turn_does() -> None:
    """Probabilities of all acts; where nothing speaks, the intercept does."""
    by_words, by_vector = model().read("谢谢", VECTOR * 0), model().read("床位", VECTOR)
    assert list(by_words) == ["thanks", "own"]
    assert by_words["thanks"] > 0.9 and by_vector["own"] > 0.9
    assert sum(by_words.values()) == pytest.approx(1)
    assert model().read("", VECTOR * 0)["own"] == pytest.approx(1 / (1 + np.exp(-0.25)))


def test_a_kept_model_reads_the_same(tmp_path: Path) -> None:
    """Its acts in their order, and what it says of a turn."""
    path = tmp_path / "acts.npz"
    model().save(path)
    kept = ActModel.load(path)
    assert kept.acts == ("thanks", "own") and list(kept.characters.index) == ["谢", "吧$"]
    for text in ("谢谢侬", "就这样吧", "养老院床位有多少", ""):
        assert kept.read(text, VECTOR / 2) == pytest.approx(dict(model().read(text, VECTOR / 2)))


def test_a_file_of_another_format_or_damaged_is_refused(tmp_path: Path) -> None:
    """By its name: what its numbers mean is not guessed."""
    path = tmp_path / "acts.npz"
    model().save(path)
    plain = read_arrays(path, acts.FORMAT)
    write_arrays(path, acts.FORMAT + 1, Plain(plain.about, plain.arrays))
    with pytest.raises(FileUnreadable, match=re.escape(path.name)):
        ActModel.load(path)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(FileUnreadable, match=re.escape(path.name)):
        ActModel.load(path)


def test_the_model_of_the_folder_knows_every_act() -> None:
    """Those that steps and features ask for by name."""
    assert set(shipped_acts().acts) == set(ACTS)
    assert shipped_acts().vector.shape == (384, len(ACTS))
