"""What a turn asks in full, as a vector: the turn with all that it leans on; fitted by `python -m evaluation.fit_dialogue`.

「那护理型的呢」 is half of a question. Its writers put the whole of it into words as well, and where those words lie is
predicted from the turn alone, after the question before, with the last subject's title, and after what was told. A search
by that vector finds what the whole question would. It belongs to no plan, so it is a file of this folder.
Source: rewriting distilled into the query's vector (ConvDR, Yu et al. 2021). Docs: decisions/0057.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from knowledge.encoder.text_encoder import Vectors
from knowledge.groundwork.kept_files import Plain, read_arrays, write_arrays

FILE = Path(__file__).with_name("in_full.npz")
FORMAT = 1
PARTS = ("alone", "after the question", "with the subject", "after what was told")


@dataclass(frozen=True)
class InFullModel:
    """A linear map of the parts' vectors, each less `mean`: one that is not there counts nothing."""

    mean: Vectors  # (384,)
    maps: Vectors  # (len(PARTS), 384, 384)

    def vector(self, parts: Sequence[Vectors | None]) -> Vectors:
        """The unit vector `(384,)` of the question in full, from the unit vectors `(384,)` of `PARTS`."""
        there = [(part - self.mean) @ each for part, each in zip(parts, self.maps) if part is not None]
        found = self.mean + np.sum(there, axis=0)
        return np.asarray(found / np.linalg.norm(found), np.float32)

    def save(self, path: Path) -> None:
        """As arrays."""
        write_arrays(
            path, FORMAT, Plain({}, {"mean": self.mean.astype("<f4"), "maps": self.maps.astype("<f2")}), compressed=True
        )

    @classmethod
    def load(cls, path: Path) -> InFullModel:
        """Raises `FileUnreadable`."""
        arrays = read_arrays(path, FORMAT).arrays
        return cls(arrays["mean"].astype(np.float32), arrays["maps"].astype(np.float32))


@lru_cache(maxsize=1)
def shipped_in_full() -> InFullModel:
    """The model of this folder, loaded at first use. Raises `FileUnreadable`."""
    return InFullModel.load(FILE)
