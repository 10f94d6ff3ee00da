"""What a training says while it works: sentences for people, and lines for whoever started it.

The lines are those of `knowledge.progress_lines`, and `RELEASE <id> <how>` for what was kept.
"""

from __future__ import annotations

import sys
from types import TracebackType

from tqdm import tqdm

from knowledge.progress_lines import tell, wants_lines

STAGES = ("knowledge", "model", "keep")


def say(text: str) -> None:
    """A sentence for people."""
    print(text, flush=True)


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
