"""What a process loads of the shelf: never what it cannot read or what is damaged."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from releases.errors import ReleaseDamaged, ReleaseUnreadable
from releases.in_use import InUse
from releases.release import Release
from releases.shelf import Shelf
from tests.releases.test_shelf import READ, kept


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """A shelf whose release `one` serves; the environment fixes nothing."""
    for name in ("KNOWLEDGE_DIR", "KNOWLEDGE_URL", "BOT_MODEL"):
        monkeypatch.delenv(name, raising=False)
    shelf = Shelf(tmp_path / "releases")
    shelf.promote(kept(shelf, tmp_path, "one").id, "测试")
    return shelf


def following(shelf: Shelf, loaded: list[str]) -> InUse[str]:
    """A process that notes what it loads."""

    def load(release: Release | None) -> str:
        assert release is not None
        loaded.append(release.model_version)
        return release.model_version

    return InUse(load, shelf=shelf, reads=READ)


def damaged(shelf: Shelf, folder: Path) -> Release:
    """A release whose archive was cut off after it was kept."""
    release = kept(shelf, folder, "damaged")
    release.model.write_bytes(b"cut off")
    return release


def unreadable(shelf: Shelf, folder: Path) -> Release:
    """A release in a format of tomorrow."""
    release = kept(shelf, folder, "unreadable")
    manifest = release.folder / "release.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"models": 2', '"models": 3'), encoding="utf-8")
    return shelf.release(release.id)


def test_one_release_is_lent_and_dropped_when_nobody_asks(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What staff compare with stays loaded while they ask; the next one takes its place; what serves is untouched."""
    two, three = kept(shelf, tmp_path, "two"), kept(shelf, tmp_path, "three")
    loaded: list[str] = []
    in_use = following(shelf, loaded)
    in_use.start()
    assert [in_use.named(two.id).id, in_use.named(two.id).id] == [two.id, two.id] and loaded == ["one", "two"]
    in_use.follow()
    assert in_use.is_loaded(two.id)
    assert in_use.named(three.id).value == "three" and not in_use.is_loaded(two.id)
    monkeypatch.setattr("releases.in_use.LENT_S", 0.0)
    in_use.follow()
    assert not in_use.is_loaded(three.id) and in_use.serving.value == "one"


def test_what_was_lent_stays_once_it_serves(shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A candidate that staff asked is promoted: it is loaded already, and nothing drops it."""
    two = kept(shelf, tmp_path, "two")
    loaded: list[str] = []
    in_use = following(shelf, loaded)
    in_use.start()
    in_use.named(two.id)
    shelf.promote(two.id, "测试")
    in_use.follow()
    monkeypatch.setattr("releases.in_use.LENT_S", 0.0)
    in_use.follow()
    assert in_use.serving.value == "two" and loaded == ["one", "two"]


@pytest.mark.parametrize(
    ("spoiled", "said"), [(damaged, "文件 model.tar.gz 缺失或被改动过"), (unreadable, "models 3（要 2）")]
)
def test_what_served_goes_on_serving(
    shelf: Shelf, tmp_path: Path, caplog: pytest.LogCaptureFixture, spoiled: object, said: str
) -> None:
    """The log says why, the fault is told, nothing is loaded of it; the next good release is."""
    loaded: list[str] = []
    process = following(shelf, loaded)
    process.start()
    release = spoiled(shelf, tmp_path)  # type: ignore[operator]
    with caplog.at_level(logging.ERROR):
        shelf.promote(release.id, "测试")
        process.follow()
    assert process.serving.value == "one" and loaded == ["one"]
    assert said in caplog.text and release.id in process.faults[0]
    shelf.promote(kept(shelf, tmp_path, "two").id, "测试")
    process.follow()
    assert process.serving.value == "two" and loaded == ["one", "two"]


def test_a_process_does_not_start_with_what_it_cannot_trust(shelf: Shelf, tmp_path: Path) -> None:
    """It has nothing to go on serving with: the error says which file, or which format, and the mend."""
    shelf.promote(damaged(shelf, tmp_path).id, "测试")
    with pytest.raises(ReleaseDamaged, match=r"model\.tar\.gz.*make train"):
        following(shelf, []).start()
    shelf.promote(unreadable(shelf, tmp_path).id, "测试")
    with pytest.raises(ReleaseUnreadable, match="make train"):
        following(shelf, []).start()
