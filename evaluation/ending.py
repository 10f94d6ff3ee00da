"""How an evaluation that has started processes of its own, or asks for minutes, is ended."""

from __future__ import annotations

import signal
from types import FrameType

_ENDING = (signal.SIGINT, signal.SIGTERM)


def interrupt_once() -> None:
    """From now on the first of these signals raises `KeyboardInterrupt`, and a second one does not disturb what is ended then."""
    for each in _ENDING:
        signal.signal(each, _interrupt)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    for each in _ENDING:
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt
