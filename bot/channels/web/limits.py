"""How much one resident, and one address, may ask: token buckets in memory.

One process serves an installation's web channel; with several, each counts by itself, and the limits hold per process.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

REMEMBERED = 20_000  # buckets; the one that was used longest ago goes first, and it is the fullest


@dataclass(frozen=True)
class Allowance:
    """`burst` at once, then `per_minute`."""

    burst: int
    per_minute: float


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
