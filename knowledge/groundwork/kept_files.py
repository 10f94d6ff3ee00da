"""What is kept on disk: plain arrays and JSON, each file with the number of its format. Nothing in them is code.

A file's number changes with what its reader expects of it, not with the code around that: whoever changes what stands in
a file raises its number in `formats.py`, and files of another number are refused (docs/decisions/0031).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.groundwork.errors import FileUnreadable

_ABOUT, _FORMAT = "about", "format"


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
    """As an `.npz` of format `number`."""
    about = json.dumps({_FORMAT: number, **plain.about}, ensure_ascii=False).encode()
    save = np.savez_compressed if compressed else np.savez
    with path.open("wb") as stream:
        save(stream, **{_ABOUT: np.frombuffer(about, np.uint8)}, **plain.arrays)


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
