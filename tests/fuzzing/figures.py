"""What came of many inputs: how many, with which statuses, how slow, and every fault once a kind."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field

SLOW_S = 2.0  # nothing may take longer


@dataclass
class Figures:
    """Counts of one run; for several threads."""

    inputs: Counter[str] = field(default_factory=Counter)  # by kind of input
    statuses: Counter[str] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)  # what is wrong → an input that shows it
    slowest: tuple[float, str] = (0.0, "")
    server_errors: int = 0
    crashes: int = 0
    slow: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, kind: str, status: object, took_s: float, shown: str) -> None:
        """One input and what it got, with the seconds that its sender waited (a parser: worked)."""
        with self._lock:
            self.inputs[kind] += 1
            self.statuses[str(status)] += 1
            self.slowest = max(self.slowest, (took_s, shown))

    def server_error(self, what: str, shown: str) -> None:
        """A status of 500 or more."""
        self._fault("server_errors", what, shown)

    def crash(self, what: str, shown: str) -> None:
        """An exception that nobody meant, or no reply."""
        self._fault("crashes", what, shown)

    def too_slow(self, what: str, shown: str) -> None:
        """Longer than `SLOW_S` by the time of the processor."""
        self._fault("slow", what, shown)

    def other(self, what: str, shown: str) -> None:
        """A reply that the file does not promise."""
        self._fault("", what, shown)

    def _fault(self, counter: str, what: str, shown: str) -> None:
        with self._lock:
            if counter:
                setattr(self, counter, getattr(self, counter) + 1)
            self.faults.setdefault(what, shown)

    @property
    def total(self) -> int:
        """All inputs."""
        return sum(self.inputs.values())

    def lines(self) -> list[str]:
        """For the terminal and the documents."""
        kinds = ", ".join(f"{kind} {count:,}" for kind, count in sorted(self.inputs.items()))
        statuses = ", ".join(f"{status} {count:,}" for status, count in sorted(self.statuses.items()))
        return [
            f"inputs {self.total:,} ({kinds})",
            f"results {statuses}",
            f"5xx {self.server_errors}, crashes {self.crashes}, over {SLOW_S:g} s by themselves {self.slow}, kinds of faults {len(self.faults)}",
            f"slowest {self.slowest[0]:.3f} s: {self.slowest[1][:200]}",
        ]
