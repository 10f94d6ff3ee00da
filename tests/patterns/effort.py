"""The effort of a call in steps of this machine, and a guard that ends a call which would never come back."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from types import FrameType

LENGTHS = (250, 500, 1000)  # characters; the last is the longest message that is read
FREE_STEPS = 200_000  # below, nothing is judged: about 1 ms where a step takes 5 ns
GUARD_S = 0.5  # CPU seconds at the longest length: what takes as long needs no second measurement
ROUNDS = 24
PAUSE_S = (0.0, 0.02, 0.1)  # between rounds, the later ones longer: a machine is slow for a while, a pattern for ever
GROWTH = 8.0  # from the shortest to the longest length, four times as long: linear is 4, quadratic 16


class TooLong(Exception):
    """The guard ended a call."""


@lru_cache(maxsize=1)
def step_s() -> float:
    """CPU seconds that one round of a plain loop takes in this interpreter's matcher."""
    pattern, text = re.compile("(?:a|b)*c"), "ab" * 100_000  # 1 ms and more: some machines' clocks tick that coarsely
    return min(_seconds(lambda: pattern.match(text)) for _ in range(5)) / len(text)


def steps(call: Callable[[], object], times: int = 1) -> float:
    """How many steps a call takes, the mean of some `times`. Raises `TooLong` after `GUARD_S` of CPU time."""
    with _guarded():
        return _seconds(lambda: [call() for _ in range(times)]) / step_s() / times


def grows_too_fast(call: Callable[[str], object], text_of: Callable[[int], str]) -> str:
    """What is wrong with the effort of a call on longer and longer texts; "" if it is about linear or next to nothing."""
    try:
        if steps(lambda: call(text_of(LENGTHS[-1]))) < FREE_STEPS:
            return ""
        least = [float("inf")] * len(LENGTHS)
        for round_ in range(ROUNDS):  # what else the machine does disturbs some measurements, hardly every one
            time.sleep(PAUSE_S[round_ * len(PAUSE_S) // ROUNDS])
            least = [min(known, _effort(call, text_of(n))) for known, n in zip(least, LENGTHS)]
            if least[-1] < FREE_STEPS or least[-1] < GROWTH * least[0]:
                return ""
    except TooLong:
        return f"more than {GUARD_S} s for {LENGTHS[-1]} characters"
    return " → ".join(f"{n} characters {effort:,.0f} steps" for n, effort in zip(LENGTHS, least))


def _effort(call: Callable[[str], object], text: str) -> float:
    """The steps of a call. A short text is tried more often, so that a coarse clock errs alike at every length."""
    return steps(lambda: call(text), times=max(1, LENGTHS[-1] // len(text)))


def _seconds(call: Callable[[], object]) -> float:
    start = time.thread_time()
    call()
    return time.thread_time() - start


@contextmanager
def _guarded() -> Iterator[None]:
    """The matcher looks for signals every 4,096 steps, so that an alarm of CPU time ends it wherever it is."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise TooLong

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, GUARD_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
