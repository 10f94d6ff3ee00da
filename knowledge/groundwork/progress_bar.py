"""How far a build is: a bar for people, lines where there is no terminal, or lines for the program that started it.

There are at most two lines a second for each stage for a program, one in five seconds for people, and always the first
and the last (`knowledge.groundwork.progress_lines`).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from tqdm import tqdm

from knowledge.groundwork.progress_lines import PlainLines, tell, wants_lines

EVERY_S = 0.5  # between two lines of one stage for a program
# Stage → what people read, in the order of a build.
STAGES = {
    "reading": "读懂问句 reading",
    "vectors": "句向量 vectors",
    "space": "拟合空间 space",
    "intents": "拟合意图 intents",
    "ranking": "拟合排序 ranking",
    "wording": "拟合问法 wording",
    "outcomes": "拟合可答性 outcomes",
    "topics": "主题概览 topics",
}


_left_out: ContextVar[Collection[str]] = ContextVar("stages that do not come", default=())


@contextmanager
def progress_of(stage: str, total: int, *, unit: str = "问", quiet: bool = False) -> Iterator[Callable[[int], None]]:
    """Tell of a stage while the block runs; the function given counts on by what it is called with.

    `quiet` hides the bar and what stands for it where there is no terminal. Lines for a program and for the log are
    written whenever they are asked for.
    """
    terminal = sys.stderr.isatty()  # where the bar is drawn
    plain = not (quiet or terminal or wants_lines())
    places = [name for name in STAGES if name not in _left_out.get()]
    number = places.index(stage) + 1
    after = "、".join(STAGES[name] for name in places[number:])
    lines = PlainLines(f"[{number}/{len(places)}] {STAGES[stage]}", total, unit, shown=plain, after=after)
    program = _Lines(stage, total)
    with tqdm(total=total, desc=STAGES[stage], unit=unit, disable=quiet or wants_lines() or not terminal) as bar:

        def count(done: int) -> None:
            bar.update(done)
            program.count(done)
            lines.at(program.done)

        yield count
        if program.done < total:  # a step that turned out not to be needed
            count(total - program.done)
    program.tell()
    lines.end()


@contextmanager
def leaving_out(stages: Collection[str]) -> Iterator[None]:
    """Within this block these stages do not come: nobody is told to wait for them."""
    token = _left_out.set(stages)
    for stage in stages:
        tell(stage, 0, 0)
    try:
        yield
    finally:
        _left_out.reset(token)


class _Lines:
    def __init__(self, stage: str, total: int) -> None:
        self._stage, self._total, self.done = stage, total, 0
        self.tell()

    def count(self, done: int) -> None:
        self.done += done
        if time.monotonic() - self._told_at >= EVERY_S and self.done < self._total:
            self.tell()

    def tell(self) -> None:
        self._told_at = time.monotonic()
        tell(self._stage, self.done, self._total)
