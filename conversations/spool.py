"""What could not be logged, on disk until it can be: one file of a fixed size, whose place is taken beforehand.

A line an entry, in the order in which they came, each with a checksum; what has been written to the log, or was erased,
is overwritten with zeros. Nothing is moved and nothing grows: on file systems that overwrite in place (ext4, XFS, tmpfs)
an entry finds its room also when the disk is full. A lock of the file orders the processes of a machine.
"""

from __future__ import annotations

import fcntl
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from conversations.database import conversations_url
from conversations.errors import SpoolFull
from settings.conversations import CONVERSATIONS_SPOOL, CONVERSATIONS_SPOOL_MB

FORMAT = b"ask-qingpu spool/1"
_HEAD_BYTES = 128  # less than a sector of any disk: it is there whole or as before
_DIGITS = 12
_PART_BYTES = 2**16
_GONE = b"\0"


class Spooled(msgspec.Struct, frozen=True):
    """An entry: what it is (`kind`), whose, from when, and what the log's row would hold. `tries` were in vain."""

    kind: str
    session: str
    at: datetime
    body: dict[str, Any]
    tries: int = 0


@dataclass(frozen=True)
class SpoolLine:
    """An entry and its place in the file; None for bytes that are no entry (a write that was cut short)."""

    offset: int
    raw: bytes
    entry: Spooled | None


@dataclass
class _Head:
    """What the file begins with: where the first entry begins, where the last ends, how many wait."""

    begin: int = _HEAD_BYTES
    end: int = _HEAD_BYTES
    waiting: int = 0

    def as_bytes(self) -> bytes:
        numbers = " ".join(f"{number:0{_DIGITS}d}" for number in (self.begin, self.end, self.waiting))
        return FORMAT + f" {numbers}\n".encode().ljust(_HEAD_BYTES - len(FORMAT))


class Spool:
    """The spool of one log on this machine. Safe to share between threads and processes; methods may raise `OSError`."""

    def __init__(self, path: Path, size: int | None = None) -> None:
        self.path = path
        self._size = size or CONVERSATIONS_SPOOL_MB.read() * 2**20

    @classmethod
    def of(cls, url: str | None = None) -> Spool:
        """That of a log: where the settings say, else beside the log's file."""
        return cls(spool_path(conversations_url(url)))

    def reserve(self) -> None:
        """Take the file's place on the disk, so that it is there when nothing else is."""
        with self._open(make=True) as file:
            if os.fstat(file).st_size < self._size:
                os.posix_fallocate(file, 0, self._size)
                os.fsync(file)

    def append(self, entry: Spooled) -> None:
        """Add an entry; it is on disk when this returns. Raises `SpoolFull`."""
        packed = msgspec.json.encode(entry)
        line = b"%08x %s\n" % (zlib.crc32(packed), packed)
        with self._open(make=True) as file:
            head = _head_of(file)
            if head.end + len(line) > max(self._size, os.fstat(file).st_size):
                raise SpoolFull(
                    f"{self.path}: 待补写的文件满了（{head.waiting} 条），这一条没有存下 — 恢复会话库，"
                    "或把 CONVERSATIONS_SPOOL_MB 设大 / the spool is full, this entry is not kept"
                )
            _write(file, line, head.end)
            head.end, head.waiting = head.end + len(line), head.waiting + 1
            _write(file, head.as_bytes(), 0)
            os.fsync(file)

    def waiting(self) -> int:
        """How many entries wait."""
        if not self.path.exists():
            return 0
        with self._open() as file:
            return _head_of(file).waiting

    def first(self, most: int) -> list[SpoolLine]:
        """The entries that came first."""
        if not self.path.exists():
            return []
        with self._open() as file:
            lines = []
            for line in _lines(file, _head_of(file)):
                lines.append(line)
                if len(lines) == most:
                    break
            return lines

    def done(self, lines: list[SpoolLine]) -> None:
        """Forget entries that are where they belong."""
        if not lines:
            return
        with self._open() as file:
            there = [line for line in lines if os.pread(file, len(line.raw), line.offset) == line.raw]
            self._overwrite(file, there)

    def erase_session(self, session: str) -> int:
        """Overwrite what a session said; how many turns it had."""
        return self._erase(lambda entry: entry.session == session)

    def erase_before(self, moment: datetime) -> int:
        """Overwrite what is older; how many turns."""
        return self._erase(lambda entry: entry.at < moment)

    def _erase(self, which: Callable[[Spooled], bool]) -> int:
        if not self.waiting():
            return 0
        with self._open() as file:
            lines = [line for line in _lines(file, _head_of(file)) if line.entry and which(line.entry)]
            self._overwrite(file, lines)
        return sum(line.entry is not None and line.entry.kind == "turn" for line in lines)

    def _overwrite(self, file: int, lines: list[SpoolLine]) -> None:
        if not lines:
            return
        for line in lines:
            _write(file, _GONE * len(line.raw), line.offset)
        head = _head_of(file)
        head.waiting -= sum(line.entry is not None for line in lines)
        head.begin = _first_byte(file, head)
        if head.begin == head.end:
            head = _Head()
        _write(file, head.as_bytes(), 0)
        os.fsync(file)

    @contextmanager
    def _open(self, *, make: bool = False) -> Iterator[int]:
        """The file, for its owner only, held against every other thread and process."""
        if make:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self.path, os.O_RDWR | os.O_CLOEXEC | (os.O_CREAT if make else 0), 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
        finally:
            os.close(file)


def spool_path(url: str) -> Path:
    """Where the spool of a log lies."""
    if CONVERSATIONS_SPOOL.is_set() or not url.startswith("sqlite:///"):
        return CONVERSATIONS_SPOOL.read()
    return Path(url.removeprefix("sqlite:///")).with_suffix(".spool")


def _head_of(file: int) -> _Head:
    """What the head says; a new file has none."""
    found = os.pread(file, _HEAD_BYTES, 0)
    if found.startswith(FORMAT):
        begin, end, waiting = (int(number) for number in found[len(FORMAT) :].split())
        return _Head(begin, end, waiting)
    return _Head()


def _lines(file: int, head: _Head) -> Iterator[SpoolLine]:
    """What stands between the head's two ends, without what is gone."""
    offset = head.begin
    for raw in os.pread(file, head.end - head.begin, head.begin).splitlines(keepends=True):
        kept = raw.lstrip(_GONE)
        if kept:
            yield SpoolLine(offset + len(raw) - len(kept), kept, _entry_of(kept))
        offset += len(raw)


def _first_byte(file: int, head: _Head) -> int:
    """Where the first byte stands that is not gone; the end if all are."""
    offset = head.begin
    while offset < head.end:
        part = os.pread(file, min(_PART_BYTES, head.end - offset), offset)
        left = part.lstrip(_GONE)
        if left or not part:
            return offset + len(part) - len(left)
        offset += len(part)
    return head.end


def _entry_of(raw: bytes) -> Spooled | None:
    checksum, _, packed = raw.removesuffix(b"\n").partition(b" ")
    try:
        return msgspec.json.decode(packed, type=Spooled) if int(checksum, 16) == zlib.crc32(packed) else None
    except ValueError:  # msgspec's, too
        return None


def _write(file: int, data: bytes, offset: int) -> None:
    while data:
        written = os.pwrite(file, data, offset)
        data, offset = data[written:], offset + written
