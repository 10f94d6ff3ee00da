"""What stands at the head of an archive: what is in it, of which versions, with the SHA-256 of each file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from backups.errors import BackupDamaged

SCHEMA = "ask-qingpu-backup/1"
NAME = "manifest.json"
SQLITE, POSTGRESQL = "sqlite", "postgresql"


class PackedFile(msgspec.Struct, frozen=True):
    """A file of the archive."""

    size: int
    sha256: str


class KeptDatabase(msgspec.Struct, frozen=True):
    """A database: its kind, and by version table the revision of its schema."""

    kind: str
    revisions: Mapping[str, str]


class Manifest(msgspec.Struct, frozen=True):
    """`databases` by name (`parts.Store`), `files` by their path in the archive. `secret`: whether the secret is in it."""

    schema: str
    made_at: datetime
    version: str
    secret: bool
    databases: Mapping[str, KeptDatabase]
    files: Mapping[str, PackedFile]


def written(manifest: Manifest) -> bytes:
    """As it stands in the archive."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1)


def read(content: bytes) -> Manifest:
    """The manifest. Raises `BackupDamaged` for what is none of ours, or of a later format."""
    try:
        manifest = msgspec.json.decode(content, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BackupDamaged(
            "这不是本系统的备份：没有能读的清单 / no backup of ours: no manifest that can be read"
        ) from error
    if manifest.schema != SCHEMA:
        raise BackupDamaged(
            f"备份的格式是 {manifest.schema}，这个版本读 {SCHEMA} / a format that this version cannot read"
        )
    return manifest
