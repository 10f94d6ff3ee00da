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
import shutil
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path

from releases.errors import NoSuchRelease, ReleaseBroken, ReleaseError, ShelfTaken
from releases.rollout import BUCKETS, Rollout, read_rollout, write_rollout
from settings.bot import BOT_MODEL, KNOWLEDGE_DIR, KNOWLEDGE_URL, RELEASES_DIR

KEPT = 5  # releases that can be rolled back to, besides those in use
LOCK_WAIT_S = 10.0
FIXED_BY = (
    KNOWLEDGE_DIR,
    KNOWLEDGE_URL,
    BOT_MODEL,
)  # set by whoever wants one build served, whatever the rollout says


@dataclass(frozen=True)
class Release:
    """Knowledge and model that belong together. `code` marks the code that made them; `made_at` has a time zone."""

    id: str
    folder: Path
    made_at: datetime
    made_by: str
    knowledge_version: str
    model_version: str
    code: str
    note: str = ""

    @property
    def knowledge(self) -> Path:
        """The folder that `knowledge.groundwork.settings` calls `KNOWLEDGE_DIR`."""
        return self.folder / "knowledge"

    @property
    def model(self) -> Path:
        """Rasa's model archive."""
        return self.folder / "model.tar.gz"

    @property
    def gate(self) -> Path:
        """What its evaluation found, once there was one."""
        return self.folder / "gate.json"


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
                found.append(_read(manifest))
            except ReleaseBroken:
                continue
        return sorted(found, key=lambda release: (release.made_at, release.id), reverse=True)

    def release(self, release_id: str) -> Release:
        """One release. Raises `NoSuchRelease`, `ReleaseBroken`."""
        manifest = self.folder / release_id / "release.json"
        if not release_id or "/" in release_id or not manifest.exists():
            kept = "、".join(r.id for r in self.releases()) or "一个也没有 none"
            raise NoSuchRelease(f"没有版本 {release_id!r}；现有 / there is no such release; kept: {kept}")
        return _read(manifest)

    def keep(
        self, knowledge: Path, model: Path, *, knowledge_version: str, code: str, made_by: str, note: str = ""
    ) -> Release:
        """Put a build on the shelf, as links where the file system allows; the same build gives the same release."""
        model_version = model_version_of(model)
        for known in self.releases():
            if (known.knowledge_version, known.model_version) == (knowledge_version, model_version):
                return known
        made_at = datetime.now(timezone.utc)
        mark = hashlib.sha256(f"{knowledge_version} {model_version}".encode()).hexdigest()[:6]
        release_id = f"{made_at:%Y%m%d-%H%M}-{mark}"
        side = self.folder / f".{release_id}.making"
        shutil.rmtree(side, ignore_errors=True)
        try:
            shutil.copytree(knowledge, side / "knowledge", copy_function=_link, ignore=shutil.ignore_patterns("*.part"))
            shutil.copy2(model, side / "model.tar.gz")  # Rasa writes its archive in place
            data = {
                "id": release_id,
                "made_at": made_at.isoformat(timespec="seconds"),
                "made_by": made_by,
                "knowledge_version": knowledge_version,
                "model_version": model_version,
                "code": code,
                "note": note,
            }
            (side / "release.json").write_text(json.dumps(data, ensure_ascii=False, indent=2), encoding="utf-8")
            side.replace(self.folder / release_id)
        except OSError as error:
            shutil.rmtree(side, ignore_errors=True)
            raise ReleaseError(f"{self.folder}: 版本放不进去（{error}） — 看看磁盘空间和权限") from error
        return self.release(release_id)

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


def _read(manifest: Path) -> Release:
    try:
        data = json.loads(manifest.read_text(encoding="utf-8"))
        made_at = datetime.fromisoformat(data.pop("made_at"))
        return Release(folder=manifest.parent, made_at=made_at, **data)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseBroken(
            f"{manifest} 读不出（{error}） — 删掉这个版本的文件夹 / remove this release's folder"
        ) from error


def _link(source: str | Path, target: str | Path) -> str:
    """A hard link, or a copy where links cannot be made: a build replaces files, it never changes them in place."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return str(target)
