"""How far long work is, in lines: for the program that started it, for people without a terminal, and for a log.

With `PROGRESS_LINES=1` a line on standard output is `PROGRESS <stage> <done> <total>`; a total of 0: nothing to do.
`PROGRESS_LOG` names a file to which what is said for people is added with the time, whoever else reads it.
"""

from __future__ import annotations

import time
from pathlib import Path

from settings.programs import PROGRESS_LINES, PROGRESS_LOG

LINES = PROGRESS_LINES.name
LINE_EVERY_S = 5.0  # between two lines for people: often enough to see that it lives, seldom enough to be read


def wants_lines() -> bool:
    """Whether whoever started this process reads its progress."""
    return PROGRESS_LINES.read()


def tell(stage: str, done: int, total: int) -> None:
    """How far a stage is; nothing where nobody reads it."""
    if wants_lines():
        print(f"PROGRESS {stage} {done} {total}", flush=True)


def log(text: str) -> None:
    """Add a line to the log that `PROGRESS_LOG` names, if it names one that can be written: work does not end for a log."""
    path = PROGRESS_LOG.read()
    if not path:
        return
    try:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    except OSError:
        return


class PlainLines:
    """A stage in lines that people read, at most one in `LINE_EVERY_S` and always the first and the last.

    They go to the log, and where `shown` to standard output. `after` names what is to come.
    """

    def __init__(self, title: str, total: int, unit: str, *, shown: bool, after: str = "") -> None:
        self._title, self._total, self._unit, self._shown = title, total, unit, shown
        self._began = self._said_at = time.monotonic()
        self._say(f"{title}：0/{total} {unit}" + (f"；之后 then {after}" if after else ""))

    def at(self, done: int) -> None:
        """So much of the total is done."""
        if 0 < done < self._total:
            left = (time.monotonic() - self._began) * (self._total - done) / done
            self.now_and_then(
                f"{done}/{self._total} {self._unit}，{done * 100 // self._total} %，约还要 about {left:.0f} s"
            )

    def now_and_then(self, text: str) -> None:
        """Say this of the stage, unless something was said of it just now."""
        if time.monotonic() - self._said_at >= LINE_EVERY_S:
            self._said_at = time.monotonic()
            self._say(f"{self._title}：{text}")

    def end(self) -> None:
        """All of it is done."""
        self._say(f"{self._title}：完成 done，{time.monotonic() - self._began:.0f} s")

    def _say(self, text: str) -> None:
        log(text)
        if self._shown:
            print(text, flush=True)
