"""How much one resident, and one address, may ask: token buckets in memory; and how many turns run at once.

Each process counts by itself: with several, the limits hold per process.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from settings.bot import TURN_DEADLINE_S, TURNS_IN_FLIGHT_COUNT
from settings.setting import Setting

REMEMBERED = 20_000  # buckets; the one that was used longest ago goes first, and it is the fullest
LEAST_AT_ONCE = 2  # turns that may always run
SHRINKS_TIMES = 0.7  # by a turn that was slow; each that was not gives a little back (additive increase: Jacobson 1988)
CROWDED_S = 2  # when a message that found too many before it may come again: a full house is answered in about a second


@dataclass(frozen=True)
class Allowance:
    """`burst` at once, then `per_minute`."""

    burst: int
    per_minute: float

    @classmethod
    def a_minute(cls, setting: Setting[int]) -> Allowance:
        """As many at once as in a minute. Raises `SettingWrong`."""
        return cls(burst=setting.read(), per_minute=setting.read())


class Buckets:
    """One bucket a key. Not for several threads: the event loop alone uses it."""

    def __init__(self, allowance: Allowance, clock: Callable[[], float] = time.monotonic) -> None:
        self._allowance = allowance
        self._clock = clock
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, key: str) -> int:
        """0 if the key may go on now (and it is counted), else after how many whole seconds it may."""
        now = self._clock()
        per_s = self._allowance.per_minute / 60
        level, since = self._levels.pop(key, (float(self._allowance.burst), now))
        level = min(float(self._allowance.burst), level + (now - since) * per_s)
        allowed = level >= 1
        self._levels[key] = (level - 1 if allowed else level, now)
        if len(self._levels) > REMEMBERED:
            self._levels.popitem(last=False)
        return 0 if allowed else max(1, math.ceil((1 - level) / per_s))


class TooManyAtOnce(Exception):
    """As many turns run as may; `CROWDED_S` later the same may be tried again."""


class Crowd:
    """The turns that run now, of every channel whose callers wait for the reply. For the event loop alone.

    `most` on a machine that keeps up. Where turns take longer than `slow_s` fewer are let in, until they do not: who comes
    is told to come again, and those inside get their answer rather than all of them none.
    """

    def __init__(self, most: int, slow_s: float = math.inf, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._slow_s, self._clock = most, slow_s, clock
        self._inside = 0
        self._may: float = most
        self._shrunk_at = -math.inf

    @property
    def may_be_inside(self) -> int:
        """How many turns may run at once now."""
        return int(self._may)

    @contextmanager
    def one_more(self) -> Iterator[None]:
        """For the time of a turn. Raises `TooManyAtOnce`."""
        if self._inside >= self.may_be_inside:
            raise TooManyAtOnce
        self._inside += 1
        begun = self._clock()
        try:
            yield
        finally:
            self._inside -= 1
            self._learn(begun)

    def _learn(self, begun: float) -> None:
        """From a turn that ends. Those that began before the last shrinking say nothing of what it did."""
        now = self._clock()
        if now - begun <= self._slow_s:
            self._may = min(self._most, self._may + 1 / self._may)
        elif begun >= self._shrunk_at:
            self._may, self._shrunk_at = max(min(LEAST_AT_ONCE, self._most), self._may * SHRINKS_TIMES), now


@lru_cache(maxsize=1)
def shared_crowd() -> Crowd:
    """The process's one: a turn is slow where half of its time is over."""
    return Crowd(TURNS_IN_FLIGHT_COUNT.read(), slow_s=TURN_DEADLINE_S.read() / 2)
