"""Puts an archive back: all of it is unpacked and checked beside, then what is here is asked, then it takes its places."""

from __future__ import annotations

import hashlib
import shutil
import socket
import tarfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from alembic.util import CommandError
from tqdm import tqdm

import conversations.migrations
from backups import manifest as manifests
from backups.databases import check_file, holds_data, is_used, put_back, put_file, set_aside
from backups.errors import BackupDamaged, RestoreRefused
from backups.manifest import SQLITE, Manifest, PackedFile
from backups.parts import Store, stores, target_of
from releases.hashing import digest_of
from review.database.migrating import MIGRATIONS
from settings.bot import ACTIONS_HOST, ACTIONS_PORT, BOT_HOST, BOT_PORT
from settings.review import REVIEW_HOST, REVIEW_PORT

SCRIPTS = {
    "alembic_version": Path(conversations.migrations.__file__).parent,
    "alembic_version_review": MIGRATIONS,
}
BLOCK_BYTES = 1 << 20
LISTED = 8  # files that are named before "…"


@dataclass(frozen=True)
class Restored:
    """`aside`: where is what was here, None if there was nothing. `secret`: whether the secret was in the archive."""

    aside: Path | None
    secret: bool


def restore(archive: Path, beside: Path, say: Callable[[str], None], *, over: bool = False) -> Restored:
    """Put an archive back by the settings of this process.

    Raises `BackupDamaged`, `RestoreRefused`: then nothing was touched. Interrupted, it is run again with `over`.
    """
    stamp = f"{datetime.now(timezone.utc):%Y%m%d-%H%M%S}"
    unpacked, aside = beside / f".restoring-{stamp}", beside / f"before-restore-{stamp}"
    unpacked.mkdir(parents=True, mode=0o700)
    try:
        head = unpack(archive, unpacked)
        wanted = _stores_for(head)
        targets = _targets_for(head)
        _check_databases(head, wanted, unpacked)
        _refuse_if_running()
        others = {path: place for path, place in targets.items() if _is_other(place, head.files[path])}
        spare = [store for store in stores() if store not in wanted and store.kind == SQLITE and store.file.exists()]
        changed: list[Store | Path] = [*filter(holds_data, wanted), *spare, *filter(Path.exists, others.values())]
        if changed and not over:
            raise RestoreRefused(
                f"这里已经有数据：{_named(changed)} — 确定要换掉，加 --over（原来的会挪到一边，不会删）"
                " / there is data here: --over replaces it and keeps what was here aside"
            )
        _refuse_if_used([*wanted, *spare])
        for store in spare:  # the archive is from before it was a file of its own
            set_aside(store.file, aside / store.path)
        for store in wanted:
            say(f"{store.name} ← {store.path}")
            put_back(store, unpacked / store.path, aside, stamp)
        for path, place in others.items():
            put_file(unpacked / path, place, aside / path)
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)
    return Restored(aside if changed else None, head.secret)


def unpack(archive: Path, folder: Path) -> Manifest:
    """Unpack and check each file against the manifest. Raises `BackupDamaged`."""
    try:
        with tarfile.open(archive, "r:gz") as packed:
            first = packed.next()
            content = packed.extractfile(first) if first is not None and first.name == manifests.NAME else None
            if content is None:
                raise BackupDamaged(f"{archive} 不是本系统的备份：开头没有清单 / no backup of ours")
            head = manifests.read(content.read())
            _unpack_files(packed, head, folder)
            return head
    except FileNotFoundError:
        raise BackupDamaged(f"没有 {archive} 这个文件 / there is no such file") from None
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        raise BackupDamaged(
            f"{archive} 读不完整（{error}）— 换一份备份；这里什么也没有动 / it cannot be read to its end; nothing was touched"
        ) from error


def _unpack_files(packed: tarfile.TarFile, head: Manifest, folder: Path) -> None:
    left = dict(head.files)
    with tqdm(
        total=sum(e.size for e in left.values()), unit="B", unit_scale=True, desc="核对 checking", disable=None
    ) as bar:
        while member := packed.next():
            entry = left.pop(member.name, None)
            content = packed.extractfile(member) if member.isfile() else None
            if entry is None or content is None or not _belongs(member.name):
                raise BackupDamaged(f"备份里有清单之外的 {member.name!r} — 不用它 / not in the manifest, or not ours")
            digest, path = hashlib.sha256(), folder / member.name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                while block := content.read(BLOCK_BYTES):
                    file.write(block)
                    digest.update(block)
                    bar.update(len(block))
            if digest.hexdigest() != entry.sha256:
                raise BackupDamaged(f"{member.name} 与清单里的 SHA-256 不一样：备份坏了 / damaged: another SHA-256")
    if left:
        raise BackupDamaged(f"备份里缺 {_named(sorted(left))} / files are missing")


def _belongs(path: str) -> bool:
    """A path of ours, and none that leads out of the folder."""
    return ".." not in path.split("/") and (path.startswith("databases/") or target_of(path) is not None)


def _stores_for(head: Manifest) -> Sequence[Store]:
    """The databases of the archive as the settings here have them. Raises `RestoreRefused` where they do not fit."""
    here = {store.name: store for store in stores()}
    for name, kept in head.databases.items():
        if name not in here:
            raise RestoreRefused(
                f"备份里的 {name} 是单独的库，这里和会话库同一个 — 把 REVIEW_URL、TRACKER_URL 设成另外的地址"
                f" / {name} is a database of its own in the backup: set its address here"
            )
        if here[name].kind != kept.kind:
            raise RestoreRefused(
                f"备份里的 {name} 是 {kept.kind}，这里设的是 {here[name].kind} — 把地址设成同一种再恢复"
                f" / {name} is {kept.kind} in the backup and {here[name].kind} here"
            )
    return [here[name] for name in head.databases]


def _targets_for(head: Manifest) -> Mapping[str, Path]:
    found = {path: target_of(path) for path in head.files if not path.startswith("databases/")}
    return {path: place for path, place in found.items() if place is not None}


def _check_databases(head: Manifest, wanted: Sequence[Store], unpacked: Path) -> None:
    for store in wanted:
        if store.path not in head.files:
            raise BackupDamaged(f"备份里缺 {store.path} / a database is missing")
        if store.kind == SQLITE:
            check_file(unpacked / store.path)
        for table, revision in head.databases[store.name].revisions.items():
            try:
                ScriptDirectory(str(SCRIPTS[table])).get_revision(revision)
            except (CommandError, KeyError):
                raise RestoreRefused(
                    f"{store.name} 的结构是 {revision}，这个版本不认识；备份是程序 {head.version} 做的 — 先换成那个版本或更新的"
                    f" / made by version {head.version}, whose tables this one does not know: update first"
                ) from None


def _refuse_if_running() -> None:
    for host, port in ((BOT_HOST, BOT_PORT), (ACTIONS_HOST, ACTIONS_PORT), (REVIEW_HOST, REVIEW_PORT)):
        with closing(socket.socket()) as probe:
            probe.settimeout(1)
            if probe.connect_ex((host.read(), port.read())) == 0:
                raise RestoreRefused(
                    f"程序还在运行（{host.read()}:{port.read()}）— 先停下再恢复 / the product runs: stop it first"
                )


def _refuse_if_used(wanted: Sequence[Store]) -> None:
    used = [store for store in wanted if is_used(store)]
    if used:
        raise RestoreRefused(f"还有程序开着 {_named(used)} — 先停下再恢复 / still opened by a process: stop it first")


def _is_other(place: Path, entry: PackedFile) -> bool:
    return not place.exists() or place.stat().st_size != entry.size or digest_of(place) != entry.sha256


def _named(things: Sequence[Any]) -> str:
    names = [each.name if isinstance(each, Store) else str(each) for each in things]
    return "、".join(names[:LISTED]) + ("…" if len(names) > LISTED else "")
