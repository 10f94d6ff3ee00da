"""How far a build is: a bar for people, or lines for the program that started it (`knowledge.progress_lines`).

There are at most two lines a second for each stage, and always the first and the last.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

from knowledge.progress_lines import tell, wants_lines

EVERY_S = 0.5  # between two lines of one stage
# Stage → what people read, in the order of a build.
STAGES = {
    "reading": "读懂问句 reading",
    "vectors": "句向量 vectors",
    "intents": "拟合意图 intents",
    "ranking": "拟合排序 ranking",
    "wording": "拟合问法 wording",
    "outcomes": "拟合可答性 outcomes",
    "topics": "主题概览 topics",
}


@contextmanager
def progress_of(stage: str, total: int, *, unit: str = "问", quiet: bool = False) -> Iterator[Callable[[int], None]]:
    """Tell of a stage while the block runs; the function given counts on by what it is called with.

    `quiet` hides the bar. Lines are written whenever they are asked for.
    """
    if wants_lines():
        lines = _Lines(stage, total)
        yield lines.count
        lines.tell()
        return
    with tqdm(total=total, desc=STAGES[stage], unit=unit, disable=quiet or None) as bar:
        yield lambda done: bar.update(done) and None


class _Lines:
    def __init__(self, stage: str, total: int) -> None:
        self._stage, self._total, self._done = stage, total, 0
        self.tell()

    def count(self, done: int) -> None:
        self._done += done
        if time.monotonic() - self._told_at >= EVERY_S and self._done < self._total:
            self.tell()

    def tell(self) -> None:
        self._told_at = time.monotonic()
        tell(self._stage, self._done, self._total)
