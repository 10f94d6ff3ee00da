"""Makes an archive: everything is copied aside as of its moment, hashed, and packed with the manifest first."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import IO, cast

from tqdm import tqdm

from backups import manifest as manifests
from backups.databases import copies
from backups.errors import BackupError
from backups.manifest import Manifest, PackedFile
from backups.parts import SECRET, places, stores
from releases.hashing import digest_of
from version import product_version


def make(folder: Path, say: Callable[[str], None], *, secret: bool = True, releases: bool = True) -> Path:
    """A new archive in a folder, for its owner only; nobody sees it before it is whole. Raises `BackupError`."""
    moment = datetime.now(timezone.utc)
    archive = folder / f"ask-qingpu-{moment:%Y%m%d-%H%M%S}.tar.gz"
    staged, part = folder / f".{archive.name}.staged", folder / f"{archive.name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        staged.mkdir(mode=0o700)
    except OSError as error:
        raise BackupError(f"{staged}: {error} — 看看权限，或一秒后再来 / look at permissions, or try again") from error
    try:
        (staged / "databases").mkdir()
        kept = copies(stores(), staged, say)
        files = {f"databases/{path.name}": path for path in (staged / "databases").iterdir()}
        files |= _staged({p: here for p, here in places(releases).items() if secret or p != SECRET}, staged)
        entries = {path: PackedFile(here.stat().st_size, digest_of(here)) for path, here in sorted(files.items())}
        head = Manifest(manifests.SCHEMA, moment, product_version(), SECRET in files, kept, entries)
        _pack(head, files, part)
        part.rename(archive)
        _flush(folder)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(
            f"{archive}: 备份没有做成（{error}）— 看看磁盘空间和权限 / look at disk and permissions"
        ) from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)
        part.unlink(missing_ok=True)
    return archive


def _staged(found: Mapping[str, Path], staged: Path) -> dict[str, Path]:
    """What may change or go while we read is copied first; files of a release never change, and are linked where that can be."""
    done = {}
    for path, here in found.items():
        done[path] = staged / path
        done[path].parent.mkdir(parents=True, exist_ok=True)
        _take(here, done[path], never_changes=path.startswith("releases/") and path.count("/") > 1)
    return done


def _take(here: Path, copy: Path, *, never_changes: bool) -> None:
    if never_changes:
        try:
            os.link(here, copy)
        except OSError:  # another file system
            pass
        else:
            return
    shutil.copyfile(here, copy)


def _pack(head: Manifest, files: Mapping[str, Path], part: Path) -> None:
    with (
        os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw,
        tqdm(
            total=sum(e.size for e in head.files.values()), unit="B", unit_scale=True, desc="备份 backup", disable=None
        ) as bar,
    ):
        with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=6) as archive:
            content = manifests.written(head)
            _add(archive, manifests.NAME, len(content), io.BytesIO(content))
            for path, entry in head.files.items():
                with files[path].open("rb") as file:
                    _add(archive, path, entry.size, _Counted(file, bar.update))
        raw.flush()
        os.fsync(raw.fileno())


def _add(archive: tarfile.TarFile, path: str, size: int, content: IO[bytes] | _Counted) -> None:
    member = tarfile.TarInfo(path)
    member.size, member.mode = size, 0o600
    archive.addfile(member, cast(IO[bytes], content))


class _Counted:
    """A file that tells how much was read."""

    def __init__(self, file: IO[bytes], tell: Callable[[int], object]) -> None:
        self._file, self._tell = file, tell

    def read(self, size: int = -1) -> bytes:
        """As a file's, told."""
        block = self._file.read(size)
        self._tell(len(block))
        return block


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
