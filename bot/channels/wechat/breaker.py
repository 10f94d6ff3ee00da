"""Stops calling a platform that does not answer, and finds out when it does again."""

from __future__ import annotations

from collections.abc import Callable

FAILURES = 5  # in a row: two pushed answers with their retries, more than one lost packet
OPEN_S = 30.0  # the platform's outages last minutes; a probe every half minute costs nothing


class CircuitBreaker:
    """Closed: calls go. Open, after `FAILURES` in a row: none for `OPEN_S`. Then one probe decides."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._failures = 0
        self._open_until = 0.0

    def allows(self) -> bool:
        """Whether to call now; while half open only one caller gets a yes."""
        if self._failures < FAILURES:
            return True
        if self._now() < self._open_until:
            return False
        self._open_until = self._now() + OPEN_S  # the probe's turn; the others go on waiting
        return True

    def succeeded(self) -> None:
        """The platform answered, whatever it said."""
        self._failures = 0

    def failed(self) -> None:
        """It did not."""
        self._failures += 1
        if self._failures >= FAILURES:
            self._open_until = self._now() + OPEN_S
