"""A form with a file, part by part: the file goes to disk as it comes, for the console's user only, and never into memory."""

from __future__ import annotations

import asyncio
import os
import secrets
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import BodyPartReader, web

from review.errors import UploadTooLarge
from review.typed import Uploaded

INCOMING = ".incoming-"
MAX_FIELD_BYTES = 64 * 1024  # of all other fields together
CHUNK_BYTES = 256 * 1024
STALE_S = 24 * 3600  # what a console that was killed has left


@asynccontextmanager
async def received(
    request: web.Request, folder: Path, most_megabytes: int, check: Callable[[Mapping[str, Any]], None]
) -> AsyncIterator[Mapping[str, Any]]:
    """The fields of a form; a file among them is an `Uploaded`, gone at the end unless somebody moved it.

    `check` sees the fields before the file and raises what forbids to read on. Raises `UploadTooLarge`, before anything is read
    where the request says how much it brings; `ValueError` for what is no form.
    """
    most = most_megabytes * 1024 * 1024
    if (request.content_length or 0) > most + MAX_FIELD_BYTES:
        raise too_large(most_megabytes)
    fields: dict[str, Any] = {}
    incoming = folder / (INCOMING + secrets.token_hex(8))
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or part.name is None:
                raise ValueError("a part that is no field")
            if part.filename is None:
                fields[part.name] = await _text(part)
            elif not incoming.exists():
                check(fields)
                size = await _to_disk(part, incoming, most_megabytes)
                fields[part.name] = Uploaded(part.filename, incoming, size)
        yield fields
    finally:
        incoming.unlink(missing_ok=True)


def too_large(most_megabytes: int) -> UploadTooLarge:
    """What is said of a file over the limit."""
    return UploadTooLarge(
        f"文件超过 {most_megabytes} MB，没有收 — 去掉图片或压缩图片，另存一份再上传 "
        f"/ the file is over {most_megabytes} MB and was not taken: save it with fewer or smaller pictures"
    )


async def _text(part: BodyPartReader) -> str:
    found = bytearray()
    while chunk := await part.read_chunk(CHUNK_BYTES):
        found += chunk
        if len(found) > MAX_FIELD_BYTES:
            raise ValueError("a field that is too long")
    return found.decode()


async def _to_disk(part: BodyPartReader, path: Path, most_megabytes: int) -> int:
    loop = asyncio.get_running_loop()
    size, descriptor = 0, await loop.run_in_executor(None, _made, path)
    try:
        while chunk := await part.read_chunk(CHUNK_BYTES):
            size += len(chunk)
            if size > most_megabytes * 1024 * 1024:
                raise too_large(most_megabytes)
            await loop.run_in_executor(None, _write, descriptor, chunk)
    finally:
        os.close(descriptor)
    return size


def _made(path: Path) -> int:
    """A new file for its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for old in path.parent.glob(f"{INCOMING}*"):
        if time.time() - old.stat().st_mtime > STALE_S:
            old.unlink(missing_ok=True)
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
