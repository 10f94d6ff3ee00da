"""How far a row of stages is and how long it will still take, by how long each stage took the last time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

UNKNOWN_STAGE_S = 1.0  # weight of a stage that nobody has measured yet
JUDGED_AFTER_S = 10.0  # of expected work done: before that, today's pace says little
SLOWEST = 5.0  # times slower than expected that a forecast believes at most


@dataclass
class _Seen:
    done: int
    total: int
    began: float
    last: float

    @property
    def skipped(self) -> bool:
        """A total of 0: there was nothing to do, which says nothing about how long it takes."""
        return self.total == 0


@dataclass
class Forecast:
    """Stages in order with the seconds expected of each; tell it what is seen, ask it for the share done.

    `began` and every `at` are seconds of one clock.
    """

    expected: Mapping[str, float]
    began: float = 0.0
    _seen: dict[str, _Seen] = field(default_factory=dict)
    _highest: float = 0.0

    def see(self, stage: str, done: int, total: int, at: float) -> None:
        """A stage has done so much of its total; a total of 0 says that there was nothing to do."""
        last = max((seen.last for seen in self._seen.values()), default=self.began)
        known = self._seen.get(stage)
        if known is None:
            self._seen[stage] = _Seen(done, total, last, at)
        else:
            known.done, known.total, known.last = done, total, at

    @property
    def share(self) -> float:
        """0 to 1, never less than it was."""
        weights, parts = self._weights(), self._parts()
        whole = sum(weights.values()) or 1.0
        self._highest = max(self._highest, sum(weights[name] * parts[name] for name in weights) / whole)
        return min(1.0, self._highest)

    def remaining_s(self, at: float) -> float:
        """Seconds still to come, at the pace of this run as soon as it can be judged."""
        weights, parts = self._weights(), self._parts()
        left = sum(weights[name] * (1 - parts[name]) for name in weights)
        worked = [name for name, seen in self._seen.items() if not seen.skipped]
        expected = sum(weights[name] * parts[name] for name in worked)
        if expected < JUDGED_AFTER_S:
            return left
        pace = (at - self.began) / expected
        return left * min(SLOWEST, max(1 / SLOWEST, pace))

    def measured(self) -> dict[str, float]:
        """Seconds by stage for the next forecast: what was measured now, and what was expected where nothing was."""
        found = dict(self.expected)
        for name, seen in self._seen.items():
            if not seen.skipped and seen.done >= seen.total:
                found[name] = round(seen.last - seen.began, 2)
        return found

    def _weights(self) -> dict[str, float]:
        names = [*self.expected, *(name for name in self._seen if name not in self.expected)]
        return {name: max(0.01, self.expected.get(name, UNKNOWN_STAGE_S)) for name in names}

    def _parts(self) -> dict[str, float]:
        """Share done of each stage; one that was never seen though a later one was had nothing to do."""
        names = list(self._weights())
        reached = max((names.index(name) for name in self._seen), default=-1)
        parts = {name: 1.0 if position < reached else 0.0 for position, name in enumerate(names)}
        for name, seen in self._seen.items():
            parts[name] = min(1.0, seen.done / seen.total) if seen.total else 1.0
        return parts


def read_line(line: str) -> tuple[str, int, int] | None:
    """Stage, done and total of a line `PROGRESS <stage> <done> <total>`; None for any other line."""
    words = line.split()
    if len(words) != 4 or words[0] != "PROGRESS" or not (words[2].isdecimal() and words[3].isdecimal()):
        return None
    return words[1], int(words[2]), int(words[3])
