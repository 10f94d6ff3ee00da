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

from settings.bot import TURNS_IN_FLIGHT_COUNT
from settings.setting import Setting

REMEMBERED = 20_000  # buckets; the one that was used longest ago goes first, and it is the fullest
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
    """The turns that run now, of every channel whose callers wait for the reply. For the event loop alone."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._inside = 0

    @contextmanager
    def one_more(self) -> Iterator[None]:
        """For the time of a turn. Raises `TooManyAtOnce`."""
        if self._inside >= self.most:
            raise TooManyAtOnce
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1


@lru_cache(maxsize=1)
def shared_crowd() -> Crowd:
    """The process's one."""
    return Crowd(TURNS_IN_FLIGHT_COUNT.read())
