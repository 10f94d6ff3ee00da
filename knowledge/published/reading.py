"""Reading what staff published: by whoever understands or answers, once a second at most, never in the way of a turn."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache

from knowledge.groundwork import settings
from knowledge.published import tables
from knowledge.published.corrections import NOTHING, CorrectionSource, Fixed, LiveCorrections
from knowledge.published.renewing import Renewed
from knowledge.published.staff_tables import StaffDatabase

FRESH_S = 1.0  # an approved correction reaches residents within this time and a turn's; 1,000 of them take 9 ms to read


class PublishedCorrections:
    """The table behind a SQLAlchemy URL, or where that moved from. Safe to share between threads."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic, *, moved_from: str = "") -> None:
        self._database = StaffDatabase(url, moved_from)
        self._clock = clock
        self._read_at: float | None = None
        self._known = Renewed(NOTHING)

    def current(self) -> LiveCorrections:
        """What holds, at most `FRESH_S` old; the same object while nothing changes; what was read last if the table cannot be."""
        now = self._clock()
        if self._read_at is None or now - self._read_at >= FRESH_S:
            self._read_at = now
            return self._known.renew(self._read)
        return self._known.value

    def close(self) -> None:
        """Give the connections back."""
        self._database.close()

    def _read(self) -> LiveCorrections:
        found = self._database.read_or_keep(tables.read, nothing=NOTHING, last=self._known.value)
        return self._known.value if found == self._known.value else found


@lru_cache(maxsize=4)
def _published_at(url: str, moved_from: str) -> PublishedCorrections:
    return PublishedCorrections(url, moved_from=moved_from)


def published() -> CorrectionSource:
    """What this process looks at: the staff's database, or nothing where corrections are switched off."""
    if not settings.live_corrections_wanted():
        return Fixed()
    return _published_at(settings.staff_url(), settings.staff_moved_from())
