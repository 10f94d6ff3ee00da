"""What a training says while it works: sentences for people, and lines for whoever started it.

The lines are those of `knowledge.groundwork.progress_lines`, and `RELEASE <id> <how>` for what was kept.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType

from tqdm import tqdm

from knowledge.groundwork.progress_lines import PlainLines, log, tell, wants_lines
from settings.programs import PROGRESS_LOG

LOG_FILE = Path("var/training.log")
STAGES = ("knowledge", "model", "keep")


def begin_log() -> None:
    """From here on what is said to people also stands, with the time, in `LOG_FILE`, of this training alone.

    Whoever set `PROGRESS_LOG` has it there instead.
    """
    path = Path(PROGRESS_LOG.read() or LOG_FILE)
    os.environ[PROGRESS_LOG.name] = str(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("", encoding="utf-8")


def say(text: str) -> None:
    """A sentence for people."""
    log(text)
    print(text, flush=True)


def tell_release(release_id: str, how: str) -> None:
    """What the shelf got, for a program; `how` is `kept`, `known` or `promoted`."""
    if wants_lines():
        print(f"RELEASE {release_id} {how}", flush=True)


class TimeBar:
    """For work that says nothing itself: seconds so far of the seconds it took the last time.

    A bar, or lines where there is no terminal.
    """

    def __init__(self, stage: str, title: str, expected_s: float) -> None:
        self._stage, self._expected, self._told = stage, max(1, round(expected_s)), 0
        terminal = sys.stdout.isatty()
        shown = terminal and not wants_lines()
        self._bar = tqdm(total=self._expected, desc=title, unit="秒", disable=not shown, file=sys.stdout)
        self._lines = PlainLines(title, self._expected, "秒", shown=not terminal and not wants_lines())

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
        if seconds < self._expected:
            self._lines.at(done)
        else:
            self._lines.now_and_then(
                f"已 {seconds:.0f} 秒，比预计的 {self._expected} 秒久，还在做 longer than expected, still at work"
            )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._bar.update(self._expected - self._told)
            tell(self._stage, self._expected, self._expected)
            self._lines.end()
        self._bar.close()
