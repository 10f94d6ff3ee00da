"""The shelf on a real file system, with archives as Rasa writes them."""

from __future__ import annotations

import io
import json
import tarfile
import threading
from pathlib import Path

import pytest

from releases.errors import NoSuchRelease, ReleaseBroken, ReleaseDamaged, ReleaseError, ReleaseUnreadable
from releases.release import Release
from releases.rollout import Rollout
from releases.shelf import KEPT, Shelf, fixed_by_environment

READ = {"models": 2, "store": 1}


def build(folder: Path, model_id: str) -> tuple[Path, Path]:
    """A folder of knowledge and a model archive."""
    knowledge, model = folder / "knowledge", folder / "model.tar.gz"
    knowledge.mkdir(parents=True, exist_ok=True)
    (knowledge / "knowledge.sqlite").unlink(missing_ok=True)  # as a build does: files are replaced, never written into
    (knowledge / "knowledge.sqlite").write_bytes(model_id.encode())
    with tarfile.open(model, "w:gz") as archive:
        data = json.dumps({"model_id": model_id}).encode()
        member = tarfile.TarInfo("metadata.json")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return knowledge, model


def kept(shelf: Shelf, folder: Path, name: str) -> Release:
    """A release of its own."""
    knowledge, model = build(folder / name, name)
    return shelf.keep(knowledge, model, knowledge_version=f"k-{name}", formats=READ, made_by="测试", remade=("e5-*",))


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """An empty shelf."""
    return Shelf(tmp_path / "releases")


def test_a_build_is_kept_once_and_outlives_the_next_build(shelf: Shelf, tmp_path: Path) -> None:
    """Files are the release's own: what the workshop builds next does not change them."""
    release = kept(shelf, tmp_path, "one")
    assert kept(shelf, tmp_path, "one").id == release.id
    build(tmp_path / "one", "other")[0].joinpath("new").touch()
    assert shelf.release(release.id).model_version == "one"
    assert [r.id for r in shelf.releases()] == [release.id]
    with tarfile.open(release.model) as archive:
        member = archive.extractfile("metadata.json")
        assert member is not None and json.load(member)["model_id"] == "one"


def test_promoting_and_rolling_back(shelf: Shelf, tmp_path: Path) -> None:
    """Back means what served before; forward again is possible; a trial ends with a promotion."""
    one, two, three = (kept(shelf, tmp_path, name).id for name in ("one", "two", "three"))
    assert shelf.rollout() is None
    with pytest.raises(NoSuchRelease, match="make train"):
        shelf.roll_back("甲")
    shelf.promote(one, "甲")
    with pytest.raises(NoSuchRelease, match="没有可以退回"):
        shelf.roll_back("甲")
    shelf.promote(two, "甲")
    shelf.try_out(three, 10, "乙")
    rollout = shelf.promote(three, "乙")
    assert rollout.serving == three and rollout.previous == (two, one) and not rollout.candidate
    assert rollout.changed_by == "乙" and rollout.changed is not None
    assert shelf.roll_back("甲").serving == two
    assert shelf.roll_back("甲", one).serving == one
    assert shelf.roll_back("甲").serving == two
    with pytest.raises(NoSuchRelease, match="现有"):
        shelf.promote("20200101-0000-abcdef", "甲")
    with pytest.raises(NoSuchRelease):
        shelf.release("../secrets")


def test_a_share_of_sessions_tries_the_candidate(shelf: Shelf, tmp_path: Path) -> None:
    """The share holds within chance, each session stays where it is, and growing the share moves nobody back."""
    one, two = (kept(shelf, tmp_path, name).id for name in ("one", "two"))
    shelf.promote(one, "甲")
    with pytest.raises(ReleaseError, match="已经在服务"):
        shelf.try_out(one, 10, "甲")
    with pytest.raises(ReleaseError, match="百分数"):
        shelf.try_out(two, 100, "甲")
    sessions = [f"s-{n}" for n in range(5000)]
    ten, fifty = (shelf.try_out(two, share, "甲") for share in (10, 50))
    chosen = {s for s in sessions if ten.release_of(s) == two}
    assert 400 < len(chosen) < 600
    assert chosen <= {s for s in sessions if fifty.release_of(s) == two}
    assert fifty.in_use == (one, two)
    assert shelf.stop_trying("甲").in_use == (one,)
    assert Rollout(one).release_of("s") == one


def test_the_oldest_go_and_nothing_that_may_be_needed(shelf: Shelf, tmp_path: Path) -> None:
    """The newest, what serves, what is tried out and what served before stay."""
    ids = []
    for n in range(KEPT + 4):
        release = kept(shelf, tmp_path, f"n{n}")
        manifest = release.folder / "release.json"
        data = json.loads(manifest.read_text())
        manifest.write_text(json.dumps({**data, "made_at": f"2026-01-{n + 1:02}T00:00:00+00:00"}))
        ids.append(release.id)
    shelf.promote(ids[0], "甲")
    shelf.promote(ids[2], "甲")
    shelf.try_out(ids[1], 5, "甲")
    assert shelf.prune() == [ids[3]]
    assert shelf.prune() == []


def test_a_broken_archive_or_rollout_says_what_to_do(shelf: Shelf, tmp_path: Path) -> None:
    """Nothing half made is left behind; a broken manifest is not offered."""
    knowledge, model = build(tmp_path / "one", "one")
    model.write_bytes(b"not an archive")
    with pytest.raises(ReleaseBroken, match="make train"):
        shelf.keep(knowledge, model, knowledge_version="k", formats=READ, made_by="测试")
    release = kept(shelf, tmp_path, "two")
    (shelf.folder / "broken").mkdir()
    (shelf.folder / "broken" / "release.json").write_text("{")
    assert [r.id for r in shelf.releases()] == [release.id]
    shelf.rollout_file.write_text("{")
    with pytest.raises(ReleaseBroken, match="make train"):
        shelf.rollout()


@pytest.mark.parametrize(
    ("reads", "said"),
    [
        ({"models": 3, "store": 1}, "models 2（要 3）"),
        ({"models": 2}, "store 1（要 –）"),
        ({**READ, "nlu": 1}, "nlu –（要 1）"),
    ],
)
def test_other_formats_are_refused(shelf: Shelf, tmp_path: Path, reads: dict[str, int], said: str) -> None:
    """Another number, a kind that the code does not know, a kind that the release has not: each is named, with the mend."""
    release = kept(shelf, tmp_path, "one")
    release.check(READ)
    with pytest.raises(ReleaseUnreadable, match="make train") as refused:
        shelf.release(release.id).check(reads)
    assert said in str(refused.value) and not release.is_readable(reads)


def test_a_release_from_before_formats_is_listed_and_refused(shelf: Shelf, tmp_path: Path) -> None:
    """Its manifest names the code and nothing else: unreadable, and no crash."""
    release = kept(shelf, tmp_path, "one")
    manifest = release.folder / "release.json"
    data = json.loads(manifest.read_text(encoding="utf-8"))
    del data["formats"], data["files"]
    manifest.write_text(json.dumps({**data, "code": "18566f651f36"}), encoding="utf-8")
    (old,) = shelf.releases()
    with pytest.raises(ReleaseUnreadable, match=r"没有写明格式.*make train"):
        old.check(READ)


@pytest.mark.parametrize("name", ["knowledge/knowledge.sqlite", "model.tar.gz"])
@pytest.mark.parametrize("harm", ["gone", "changed"])
def test_a_damaged_file_is_named(shelf: Shelf, tmp_path: Path, name: str, harm: str) -> None:
    """With what to do; what whoever needs it makes anew is not missed."""
    build(tmp_path / "one", "one")[0].joinpath("e5-graph").write_bytes(b"derived")
    release = kept(shelf, tmp_path, "one")
    (release.knowledge / "e5-graph").unlink()
    release.check(READ)
    path = release.folder / name
    data = path.read_bytes()
    path.unlink()
    if harm == "changed":
        path.write_bytes(data[:-1] + b"x")
    with pytest.raises(ReleaseDamaged, match=rf"{name}.*review rollback.*var/knowledge"):
        release.check(READ)


def test_a_damaged_release_is_mended_from_its_build(shelf: Shelf, tmp_path: Path) -> None:
    """Under the same id; unless the build itself is no longer what was kept, as where both are links of one file."""
    release = kept(shelf, tmp_path, "one")
    knowledge, model = tmp_path / "one/knowledge", tmp_path / "one/model.tar.gz"
    again = lambda: shelf.keep(knowledge, model, knowledge_version="k-one", formats=READ, made_by="测试")  # noqa: E731
    release.model.write_bytes(b"cut off")
    assert again().id == release.id
    shelf.release(release.id).check(READ)
    with (release.knowledge / "knowledge.sqlite").open("wb") as linked:
        linked.write(b"an accident")
    with pytest.raises(ReleaseDamaged, match=r"knowledge\.sqlite"):
        again()
    assert [path.name for path in shelf.folder.iterdir()] == [release.id]


def test_two_who_promote_at_once_leave_a_whole_pointer(shelf: Shelf, tmp_path: Path) -> None:
    """Every reading meanwhile is one of the two."""
    ids = [kept(shelf, tmp_path, name).id for name in ("one", "two")]
    shelf.promote(ids[0], "甲")
    threads = [threading.Thread(target=lambda i=i: [shelf.promote(i, i) for _ in range(30)]) for i in ids]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        rollout = shelf.rollout()
        assert rollout is not None and rollout.serving in ids
    for thread in threads:
        thread.join()


def test_the_environment_may_fix_what_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    """Evaluations and tests serve exactly one build."""
    for name in ("KNOWLEDGE_DIR", "KNOWLEDGE_URL", "BOT_MODEL"):
        monkeypatch.delenv(name, raising=False)
    assert not fixed_by_environment()
    monkeypatch.setenv("KNOWLEDGE_DIR", "var/knowledge")
    assert fixed_by_environment()
