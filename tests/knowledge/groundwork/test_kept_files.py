"""Arrays on disk: mapped they are what was written, aligned, and shared rather than copied."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from knowledge.groundwork.errors import FileUnreadable
from knowledge.groundwork.kept_files import Plain, mapped_arrays, read_arrays, write_arrays

KEPT = Plain(
    {"name": "甲"},
    {
        "rows": np.arange(12, dtype=np.float32).reshape(3, 4),
        "by_column": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        "none": np.zeros((0, 384), np.float32),
        "odd": np.arange(5, dtype=np.uint8),
    },
)


@pytest.mark.parametrize("read", [mapped_arrays, read_arrays])
def test_what_was_written_comes_back(read: Callable[[Path, int], Plain], tmp_path: Path) -> None:
    """Numbers, shapes and orders, mapped and read."""
    path = tmp_path / "kept.npz"
    write_arrays(path, 3, KEPT)
    back = read(path, 3)
    assert back.about == KEPT.about and list(back.arrays) == list(KEPT.arrays)
    for name, array in KEPT.arrays.items():
        assert np.array_equal(back.arrays[name], array) and back.arrays[name].dtype == array.dtype
        assert back.arrays[name].flags.f_contiguous == array.flags.f_contiguous


def test_mapped_arrays_begin_where_no_product_copies_them(tmp_path: Path) -> None:
    """And nobody can write into what others see."""
    path = tmp_path / "kept.npz"
    write_arrays(path, 3, KEPT)
    for array in mapped_arrays(path, 3).arrays.values():
        assert array.ctypes.data % 64 == 0 and not array.flags.writeable


def test_who_has_mapped_a_file_keeps_it_when_another_is_written(tmp_path: Path) -> None:
    """A build may write while a process still answers from the file before."""
    path = tmp_path / "kept.npz"
    write_arrays(path, 3, KEPT)
    before = mapped_arrays(path, 3)
    write_arrays(path, 3, Plain({}, {"rows": np.zeros(1)}))
    assert before.arrays["rows"].sum() == 66
    assert mapped_arrays(path, 3).arrays["rows"].shape == (1,)


@pytest.mark.parametrize("harm", ["compressed", "number", "flipped", "cut", "missing"])
def test_what_cannot_be_mapped_is_refused(harm: str, tmp_path: Path) -> None:
    """Packed, of another format, damaged or gone: the file is named."""
    path = tmp_path / "kept.npz"
    write_arrays(path, 4 if harm == "number" else 3, KEPT, compressed=harm == "compressed")
    data = bytearray(path.read_bytes())
    if harm == "flipped":
        data[data.index(np.float32(7).tobytes())] ^= 1
        path.write_bytes(data)
    elif harm == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif harm == "missing":
        path.unlink()
    with pytest.raises(FileUnreadable, match=r"kept\.npz"):
        mapped_arrays(path, 3)
