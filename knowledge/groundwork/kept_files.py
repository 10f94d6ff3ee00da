"""What is kept on disk: plain arrays and JSON, each file with the number of its format. Nothing in them is code.

A file's number changes with what its reader expects of it, not with the code around that: whoever changes what stands in
a file raises its number in `formats.py`, and files of another number are refused (docs/decisions/0031).
"""

from __future__ import annotations

import io
import json
import math
import mmap
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from knowledge.groundwork.errors import FileUnreadable

_ABOUT, _FORMAT = "about", "format"
_LOCAL_HEADER = struct.Struct("<26xHH")  # of a member in a zip file: ends with the lengths of its name and extra field
_EXTRA_FIELD, _PADDING = struct.Struct("<HH"), 0xD935  # kind and length; the kind that zipalign gives its padding
_ALIGNED = 64  # bytes; numpy copies what begins anywhere before each product


@dataclass(frozen=True)
class Plain:
    """Something as named arrays and, `about` it, what JSON can say: names, words, single numbers."""

    about: Mapping[str, Any] = field(default_factory=dict)
    arrays: Mapping[str, NDArray[Any]] = field(default_factory=dict)

    @classmethod
    def joined(cls, parts: Mapping[str, Plain | None]) -> Plain:
        """Several by name, each to be had back by `part`; those that are None are left out."""
        there = {name: part for name, part in parts.items() if part is not None}
        arrays = {f"{name}.{key}": array for name, part in there.items() for key, array in part.arrays.items()}
        return cls({name: part.about for name, part in there.items()}, arrays)

    def part(self, name: str) -> Plain:
        """One of those joined. Raises `KeyError`."""
        start = f"{name}."
        arrays = {key.removeprefix(start): array for key, array in self.arrays.items() if key.startswith(start)}
        return Plain(self.about[name], arrays)


def write_arrays(path: Path, number: int, plain: Plain, *, compressed: bool = False) -> None:
    """As an `.npz` of format `number`; the same content gives the same bytes. Who has mapped what stood there keeps it."""
    side = path.with_name(f"{path.name}.part")
    about = json.dumps({_FORMAT: number, **plain.about}, ensure_ascii=False).encode()
    with side.open("wb") as stream, zipfile.ZipFile(stream, "w") as archive:
        for name, array in {_ABOUT: np.frombuffer(about, np.uint8), **plain.arrays}.items():
            content = io.BytesIO()
            npy.write_array(content, np.asanyarray(array), (1, 0), allow_pickle=False)  # type: ignore[no-untyped-call]
            member = zipfile.ZipInfo(f"{name}.npy")
            member.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
            member.extra = _padding(stream.tell() + _LOCAL_HEADER.size + len(member.filename.encode()))
            archive.writestr(member, content.getvalue())
    side.replace(path)


def _padding(at: int) -> bytes:
    """An extra field after which an array that is mapped begins where processors like it, as `zipalign` does it."""
    length = -(at + _EXTRA_FIELD.size) % _ALIGNED
    return _EXTRA_FIELD.pack(_PADDING, length) + bytes(length)


def read_arrays(path: Path, number: int) -> Plain:
    """What `write_arrays` wrote under the same number. Raises `FileUnreadable`; its checksums are looked at."""
    try:
        with np.load(path, allow_pickle=False) as file:
            about = json.loads(file[_ABOUT].tobytes().decode())
            check_format(path, about.pop(_FORMAT), number)
            return Plain(about, {name: file[name] for name in file.files if name != _ABOUT})
    except FileUnreadable:
        raise
    except Exception as error:  # a damaged archive raises whatever its damage leads to
        raise FileUnreadable(f"{path.name} 读不出（{error}）") from error


def mapped_arrays(path: Path, number: int) -> Plain:
    """As `read_arrays` of what is not compressed, without a copy: the processes that map one file share its memory.

    The arrays are read-only. Its checksums are looked at. Raises `FileUnreadable`.
    """
    try:
        arrays = dict(_mapped(path))
        about = json.loads(arrays.pop(_ABOUT).tobytes().decode())
        check_format(path, about.pop(_FORMAT), number)
        return Plain(about, arrays)
    except FileUnreadable:
        raise
    except Exception as error:  # a damaged archive raises whatever its damage leads to
        raise FileUnreadable(f"{path.name} 读不出（{error}）") from error


def _mapped(path: Path) -> Iterator[tuple[str, NDArray[Any]]]:
    """Name and array of each member of an `.npz`, over one mapping of the file."""
    with path.open("rb") as stream, zipfile.ZipFile(stream) as archive:
        whole = memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
        for member in archive.infolist():
            name, extra = _LOCAL_HEADER.unpack_from(whole, member.header_offset)
            start = member.header_offset + _LOCAL_HEADER.size + name + extra
            part = whole[start : start + member.file_size]
            if member.compress_type != zipfile.ZIP_STORED or zlib.crc32(part) != member.CRC:
                raise ValueError(f"{member.filename}: 压缩了，或与校验和不符")
            stream.seek(start)
            npy.read_magic(stream)  # type: ignore[no-untyped-call]
            shape, by_column, kind = npy.read_array_header_1_0(stream)  # type: ignore[no-untyped-call]
            body = np.frombuffer(whole, kind, math.prod(shape), stream.tell())
            yield member.filename.removesuffix(".npy"), body.reshape(shape, order="F" if by_column else "C")


def write_json(path: Path, number: int, data: Mapping[str, Any]) -> None:
    """As JSON of format `number`, keys in order: the same data give the same bytes."""
    text = json.dumps({_FORMAT: number, **data}, ensure_ascii=False, sort_keys=True, indent=0)
    path.write_text(text, encoding="utf-8")


def read_json(path: Path, number: int) -> dict[str, Any]:
    """What `write_json` wrote under the same number. Raises `FileUnreadable`."""
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        found = data.pop(_FORMAT, "没有写明的")
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise FileUnreadable(f"{path.name} 读不出（{error}）") from error
    check_format(path, found, number)
    return data


def check_format(path: Path, found: object, number: int) -> None:
    """Raise `FileUnreadable` unless a file's number is the one that this code reads."""
    if found != number:
        raise FileUnreadable(f"{path.name}: 格式是 {found}，这个版本只读 {number}")
