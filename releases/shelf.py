"""The shelf of kept releases: `var/releases/<id>/` with knowledge, model and what is known of both.

| variable | default | meaning |
|---|---|---|
| `RELEASES_DIR` | `var/releases` | the shelf; every process of one installation sees the same folder |
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import tarfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path

from releases.errors import NoSuchRelease, ReleaseBroken, ReleaseError, ShelfTaken
from releases.hashing import digests
from releases.release import Release, read_manifest, write_manifest
from releases.rollout import BUCKETS, Rollout, read_rollout, write_rollout
from settings.bot import BOT_MODEL, KNOWLEDGE_DIR, KNOWLEDGE_URL, RELEASES_DIR

KEPT = 5  # releases that can be rolled back to, besides those in use
LOCK_WAIT_S = 10.0
_ID = re.compile(r"[\w\-]{1,64}")  # of a folder on the shelf; what else is asked for can be none
FIXED_BY = (
    KNOWLEDGE_DIR,
    KNOWLEDGE_URL,
    BOT_MODEL,
)  # set by whoever wants one build served, whatever the rollout says


@dataclass(frozen=True)
class AdoptedPlan:
    """A plan that takes the place of the repository's: its short title, the files it is built from, and the release `before`."""

    name: str
    sources: Sequence[Path]
    before: str


class Shelf:
    """Keeps releases and the rollout. Safe between processes; nothing is cached."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or RELEASES_DIR.read()

    @property
    def rollout_file(self) -> Path:
        """The file whose change means that another release serves."""
        return self.folder / "pointer.json"  # so called on every shelf that there is

    def rollout(self) -> Rollout | None:
        """What serves; None before the first training. Raises `ReleaseBroken`."""
        return read_rollout(self.rollout_file)

    def releases(self) -> list[Release]:
        """All that are kept, newest first; folders that are being made or are broken are left out."""
        found = []
        for manifest in self.folder.glob("*/release.json"):
            try:
                found.append(read_manifest(manifest))
            except ReleaseBroken:
                continue
        return sorted(found, key=lambda release: (release.made_at, release.id), reverse=True)

    def release(self, release_id: str) -> Release:
        """One release. Raises `NoSuchRelease`, `ReleaseBroken`."""
        manifest = self.folder / release_id / "release.json"
        if not _ID.fullmatch(release_id) or not manifest.exists():
            kept = "、".join(r.id for r in self.releases()) or "一个也没有 none"
            raise NoSuchRelease(f"没有版本 {release_id!r}；现有 / there is no such release; kept: {kept}")
        return read_manifest(manifest)

    def keep(
        self,
        knowledge: Path,
        model: Path,
        *,
        knowledge_version: str,
        formats: Mapping[str, int],
        made_by: str,
        note: str = "",
        remade: Sequence[str] = (),
        adopted: AdoptedPlan | None = None,
    ) -> Release:
        """Put a build on the shelf, as links where the file system allows; the same build gives the same release.

        `formats` are those that the build is written in. `remade`: patterns of files of the knowledge that whoever lacks
        them makes anew; they are linked, and not checked later. `adopted`: the plan, where it is not the repository's. A kept release of this build that is damaged is mended
        from it. Raises `ReleaseError`, `ReleaseDamaged` where the build is not what was kept of it.
        """
        known = self._known(knowledge_version, model_version := model_version_of(model))
        if known is not None and known.is_whole(formats):
            return known
        made_at = datetime.now(timezone.utc)
        mark = hashlib.sha256(f"{knowledge_version} {model_version}".encode()).hexdigest()[:6]
        release_id = known.id if known else f"{made_at:%Y%m%d-%H%M}-{mark}"
        side = self.folder / f".{release_id}.making"
        new = Release(release_id, side, made_at, made_by, knowledge_version, model_version, note, formats)
        if adopted:
            new = replace(new, plan=adopted.name, before=adopted.before)
        try:
            self._make(new, knowledge, model, remade, known, adopted.sources if adopted else ())
        except OSError as error:
            raise ReleaseError(f"{self.folder}: 版本放不进去（{error}） — 看看磁盘空间和权限") from error
        finally:
            shutil.rmtree(side, ignore_errors=True)
        return self.release(release_id)

    def _make(
        self,
        new: Release,
        knowledge: Path,
        model: Path,
        remade: Sequence[str],
        known: Release | None,
        sources: Sequence[Path],
    ) -> None:
        shutil.rmtree(new.folder, ignore_errors=True)
        shutil.copytree(knowledge, new.knowledge, copy_function=_link, ignore=shutil.ignore_patterns("*.part"))
        shutil.copy2(model, new.model)  # Rasa writes its archive in place
        for path in sources:
            new.sources.mkdir(exist_ok=True)
            shutil.copyfile(path, new.sources / path.name)
        files = digests(new.folder, _checked(new.folder, remade))
        if known and known.files and known.files != files:  # links of one file: the same accident befell both
            known.check_files()
        write_manifest(replace(new, files=files))
        if known:
            shutil.rmtree(known.folder)
        new.folder.replace(self.folder / new.id)

    def _known(self, knowledge_version: str, model_version: str) -> Release | None:
        versions = (knowledge_version, model_version)
        return next((r for r in self.releases() if (r.knowledge_version, r.model_version) == versions), None)

    def promote(self, release_id: str, by: str) -> Rollout:
        """A release serves from now on, all sessions. Raises `NoSuchRelease`."""
        return self._serve(release_id, by)

    def roll_back(self, by: str, to: str = "") -> Rollout:
        """An earlier release serves again: the one before, or a named one. Raises `NoSuchRelease`."""
        with self._changing() as rollout:
            target = to or next((old for old in rollout.previous if old != rollout.serving and self._has(old)), "")
        if not target:
            raise NoSuchRelease("没有可以退回的版本 / there is no earlier release to go back to")
        return self._serve(target, by)

    def try_out(self, release_id: str, share: int, by: str) -> Rollout:
        """A share (per cent) of sessions is answered by a candidate; 0 ends it. Raises `NoSuchRelease`, `ReleaseError`."""
        if not 0 <= share < BUCKETS:
            raise ReleaseError(
                f"试用比例是 0 到 {BUCKETS - 1} 的百分数，不是 {share} / a share is 0 to {BUCKETS - 1} per cent"
            )
        self.release(release_id)
        with self._changing() as rollout:
            if release_id == rollout.serving:
                raise ReleaseError("这个版本已经在服务全部会话 / this release serves all sessions already")
            return self._write(replace(rollout, candidate=release_id if share else "", share=share), by)

    def stop_trying(self, by: str) -> Rollout:
        """All sessions go to the serving release."""
        with self._changing() as rollout:
            return self._write(replace(rollout, candidate="", share=0), by)

    def prune(self) -> list[str]:
        """Remove the oldest releases; the newest `KEPT`, those in use and the last `KEPT` that served stay."""
        with self._changing() as rollout:
            releases = self.releases()
            served = [old for old in rollout.previous if self._has(old)][:KEPT]
            stay = {rollout.serving, rollout.candidate, *served, *(r.id for r in releases[:KEPT])}
            gone = [release for release in releases if release.id not in stay]
            for release in gone:
                shutil.rmtree(release.folder, ignore_errors=True)
        return [release.id for release in gone]

    def _serve(self, release_id: str, by: str) -> Rollout:
        self.release(release_id)
        with self._changing(or_first=release_id) as rollout:
            before = (rollout.serving, *rollout.previous) if rollout.serving != release_id else rollout.previous
            previous = tuple(dict.fromkeys(old for old in before if old != release_id))[: 2 * KEPT]
            return self._write(Rollout(serving=release_id, previous=previous), by)

    def _write(self, rollout: Rollout, by: str) -> Rollout:
        changed = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        rollout = replace(rollout, changed_at=changed, changed_by=by)
        write_rollout(self.rollout_file, rollout)
        return rollout

    def _has(self, release_id: str) -> bool:
        return (self.folder / release_id / "release.json").exists()

    @contextmanager
    def _changing(self, or_first: str = "") -> Iterator[Rollout]:
        """The rollout while nobody else changes it. Raises `ShelfTaken`, and `NoSuchRelease` where nothing serves yet."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "pointer.lock").open("w") as lock:
            deadline = time.monotonic() + LOCK_WAIT_S
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise ShelfTaken(
                            "别人正在切换版本，请稍后再试 / another switch is under way: try again"
                        ) from None
                    time.sleep(0.05)
            rollout = self.rollout() or (Rollout(or_first) if or_first else None)
            if rollout is None:
                raise NoSuchRelease("还没有在服务的版本 — 运行 make train / nothing serves yet: run make train")
            yield rollout


def fixed_by_environment() -> bool:
    """Whether this process serves exactly the files that its environment names, whatever the rollout says."""
    return any(setting.is_set() for setting in FIXED_BY)


def model_version_of(model: Path) -> str:
    """The id that Rasa gave a trained model. Raises `ReleaseBroken` if the archive has none."""
    try:
        with tarfile.open(model) as archive:
            member = archive.extractfile("metadata.json")
            if member is None:
                raise KeyError("metadata.json")
            return str(json.load(member)["model_id"])
    except (OSError, tarfile.TarError, KeyError, ValueError) as error:
        raise ReleaseBroken(f"{model} 不是训练好的模型（{error!r}） — 运行 make train / not a trained model") from error


def _checked(folder: Path, remade: Sequence[str]) -> list[Path]:
    """The files of a release that must stay as they are."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if not any(path.match(pattern) for pattern in remade)]


def _link(source: str | Path, target: str | Path) -> str:
    """A hard link, or a copy where links cannot be made: a build replaces files, it never changes them in place."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return str(target)
