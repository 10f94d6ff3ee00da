"""How far long work is, for the program that started it: lines on standard output where it asked for them.

With `PROGRESS_LINES=1` a line is `PROGRESS <stage> <done> <total>`; a total of 0: nothing to do.
"""

from __future__ import annotations

import os

LINES = "PROGRESS_LINES"


def wants_lines() -> bool:
    """Whether whoever started this process reads its progress."""
    return os.environ.get(LINES) == "1"


def tell(stage: str, done: int, total: int) -> None:
    """How far a stage is; nothing where nobody reads it."""
    if wants_lines():
        print(f"PROGRESS {stage} {done} {total}", flush=True)
