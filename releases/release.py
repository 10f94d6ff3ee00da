"""A kept release: its folder, what `release.json` says of it, and whether this code may load it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from releases.errors import ReleaseBroken, ReleaseDamaged, ReleaseError, ReleaseUnreadable
from releases.hashing import digest_of

_TOLD = ("id", "made_by", "knowledge_version", "model_version", "note")  # in release.json as they are
_OF_PLAN = ("plan", "before")  # the same, where the plan is an adopted one
_UNREADABLE_MEND = "重新训练：make train / train again"
_DAMAGED_MEND = (
    "退回别的版本：python -m review rollback；或删掉 var/knowledge 和 models 再运行 make train "
    "/ roll back, or remove var/knowledge and models and train again"
)


@dataclass(frozen=True)
class Release:
    """Knowledge and model that belong together; `made_at` has a time zone.

    `formats`: kind of file → number of its format, as those who keep it call them. `files`: path in the folder → SHA-256.
    Both are empty for a release from before they were written down. `plan`: the short title of an adopted plan that it
    answers from, "" for the repository's; `before`: the release in use when that plan was to take its place.
    """

    id: str
    folder: Path
    made_at: datetime
    made_by: str
    knowledge_version: str
    model_version: str
    note: str = ""
    formats: Mapping[str, int] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    plan: str = ""
    before: str = ""

    @property
    def knowledge(self) -> Path:
        """The folder that `knowledge.groundwork.settings` calls `KNOWLEDGE_DIR`."""
        return self.folder / "knowledge"

    @property
    def model(self) -> Path:
        """Rasa's model archive."""
        return self.folder / "model.tar.gz"

    @property
    def sources(self) -> Path:
        """What an adopted plan's knowledge is built from: a training goes on from here. No folder for the repository's plan."""
        return self.folder / "plan"

    @property
    def questions(self) -> Path:
        """Staff's questions on an adopted plan, for its evaluation."""
        return self.folder / "questions.json"

    @property
    def gate(self) -> Path:
        """What its evaluation found, once there was one."""
        return self.folder / "gate.json"

    def check(self, reads: Mapping[str, int]) -> None:
        """What has to hold before it is loaded: `check_formats`, `check_files`."""
        self.check_formats(reads)
        self.check_files()

    def is_whole(self, reads: Mapping[str, int]) -> bool:
        """Whether `check` finds nothing."""
        try:
            self.check(reads)
        except ReleaseError:
            return False
        return True

    def is_readable(self, reads: Mapping[str, int]) -> bool:
        """Whether it is written in the formats that a process `reads`."""
        return bool(self.formats) and dict(self.formats) == dict(reads)

    def check_formats(self, reads: Mapping[str, int]) -> None:
        """Raise `ReleaseUnreadable` unless it is written in the formats that a process `reads`: kind → number."""
        if self.is_readable(reads):
            return
        if not self.formats:
            what = "是以前的程序留的，没有写明格式 / was kept before formats were written down"
        else:
            other = sorted(kind for kind in {*reads, *self.formats} if reads.get(kind) != self.formats.get(kind))
            told = "、".join(f"{kind} {self.formats.get(kind, '–')}（要 {reads.get(kind, '–')}）" for kind in other)
            what = f"的格式是 {told} / is of another format"
        raise ReleaseUnreadable(f"版本 {self.id} {what}，这版代码读不了它 — {_UNREADABLE_MEND}")

    def check_files(self) -> None:
        """Raise `ReleaseDamaged` for the first file that is not what was kept; hashes them all, about 0.3 s."""
        for name, digest in self.files.items():
            try:
                whole = digest_of(self.folder / name) == digest
            except OSError:
                whole = False
            if not whole:
                raise ReleaseDamaged(
                    f"版本 {self.id} 的文件 {name} 缺失或被改动过 / is missing or was changed — {_DAMAGED_MEND}"
                )


def read_manifest(manifest: Path) -> Release:
    """The release of a `release.json`. Raises `ReleaseBroken`."""
    try:
        data: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
        told = {name: str(data[name]) for name in _TOLD}
        made_at = datetime.fromisoformat(data["made_at"])
        formats, files = dict(data.get("formats") or {}), dict(data.get("files") or {})
        own = {name: str(data.get(name) or "") for name in _OF_PLAN}
        return Release(folder=manifest.parent, made_at=made_at, formats=formats, files=files, **told, **own)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseBroken(
            f"{manifest} 读不出（{error}） — 删掉这个版本的文件夹 / remove this release's folder"
        ) from error


def write_manifest(release: Release) -> None:
    """Put `release.json` into its folder."""
    data: dict[str, Any] = {name: getattr(release, name) for name in _TOLD}
    data["made_at"] = release.made_at.isoformat(timespec="seconds")
    data |= {name: getattr(release, name) for name in _OF_PLAN if getattr(release, name)}
    data |= {"formats": dict(release.formats), "files": dict(release.files)}
    text = json.dumps(data, ensure_ascii=False, indent=2)
    (release.folder / "release.json").write_text(text, encoding="utf-8")
