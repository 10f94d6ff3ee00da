"""The file of starts that the repository brings along."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.building.starts import BuildStarts, load_starts, save_starts
from knowledge.groundwork import settings
from knowledge.search.projection import FOLDS
from knowledge.search.starts import WHOLE


def test_the_file_that_is_shipped_can_be_read_and_has_every_fit() -> None:
    """Where this fails: `python -m knowledge ship-starts`."""
    starts = load_starts(settings.SHIPPED_STARTS)
    assert starts.intents.of(WHOLE, []) is None  # no columns are named yet
    starts.intents.name_columns(["养老", "#0", "没有人用过的词"])
    start = starts.intents.of(WHOLE, ["ask_elderly_care", "ask_housing", "no_such_intent"])
    assert start is not None and start.coefficients.shape == (3, 3)
    assert start.coefficients[0, 0] > start.coefficients[1, 0]  # whoever says 养老 asks about elderly care
    assert not start.coefficients[2].any() and not start.coefficients[:, 2].any()
    starts.wording.name_columns(["w 报名", "#0"])
    assert starts.wording.of(0, [0, 1]) is not None
    assert all(starts.space._kept.get(fold) is not None for fold in range(WHOLE, FOLDS))


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 half a file"])
def test_a_file_that_cannot_be_read_is_done_without(content: bytes | None, tmp_path: Path) -> None:
    """A build then begins where nothing is known."""
    path = tmp_path / "starts.npz"
    if content is not None:
        path.write_bytes(content)
    starts = load_starts(path)
    starts.intents.name_columns(["养老"])
    assert starts.intents.of(WHOLE, ["甲", "乙"]) is None and starts.space.of(WHOLE, ("甲",)) is None


def test_nothing_is_kept_where_nothing_was_fitted(tmp_path: Path) -> None:
    """Nor is what stood there touched."""
    with pytest.raises(ValueError, match="nothing was fitted"):
        save_starts(BuildStarts(), ("甲",), tmp_path / "starts.npz")
    assert not list(tmp_path.iterdir())
