"""What a training says while it works: sentences for people, and lines for whoever started it.

With `PROGRESS_LINES=1` each step also prints `PROGRESS <stage> <done> <total>` (a total of 0: nothing to do), and what was kept `RELEASE <id> <how>`.
"""

from __future__ import annotations

import os
import sys
from types import TracebackType

from tqdm import tqdm

LINES = "PROGRESS_LINES"
STAGES = ("knowledge", "model", "keep")


def wants_lines() -> bool:
    """Whether whoever started this process reads its progress."""
    return os.environ.get(LINES) == "1"


def say(text: str) -> None:
    """A sentence for people."""
    print(text, flush=True)


def tell(stage: str, done: int, total: int) -> None:
    """How far a stage is, for a program."""
    if wants_lines():
        print(f"PROGRESS {stage} {done} {total}", flush=True)


def tell_release(release_id: str, how: str) -> None:
    """What the shelf got, for a program; `how` is `kept`, `known` or `promoted`."""
    if wants_lines():
        print(f"RELEASE {release_id} {how}", flush=True)


class TimeBar:
    """A bar for work that says nothing itself: seconds so far of the seconds it took the last time."""

    def __init__(self, stage: str, title: str, expected_s: float) -> None:
        self._stage, self._expected, self._told = stage, max(1, round(expected_s)), 0
        shown = sys.stdout.isatty() and not wants_lines()
        self._bar = tqdm(total=self._expected, desc=title, unit="秒", disable=not shown, file=sys.stdout)

    def __enter__(self) -> TimeBar:
        tell(self._stage, 0, self._expected)
        return self

    def at(self, seconds: float) -> None:
        """So many seconds have passed. Never whole before the end."""
        done = min(round(seconds), self._expected - 1)
        if done > self._told:
            self._bar.update(done - self._told)
            tell(self._stage, done, self._expected)
            self._told = done

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._bar.update(self._expected - self._told)
            tell(self._stage, self._expected, self._expected)
        self._bar.close()
