"""A value that is made anew in a thread of its own, so that nobody who needs it is kept waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
PATIENCE_S = (
    0.2  # a hundred times what reading a published table takes; a turn can bear it once, should a database hang
)


class Renewed(Generic[T]):
    """Safe to share between threads. The first value is given; each later one comes from `renew`."""

    def __init__(self, value: T) -> None:
        self.value = value
        self._lock = threading.Lock()
        self._under_way: threading.Event | None = None

    def renew(self, make: Callable[[], T]) -> T:
        """The value that `make` gives, or the one before if that takes longer than `PATIENCE_S`: the next caller gets it.

        While one is being made nobody else starts or waits. `make` must not raise.
        """
        with self._lock:
            if self._under_way is not None:
                return self.value
            self._under_way = done = threading.Event()
        threading.Thread(target=self._make, args=(make, done), name="live corrections", daemon=True).start()
        done.wait(PATIENCE_S)
        return self.value

    def _make(self, make: Callable[[], T], done: threading.Event) -> None:
        try:
            self.value = make()
        finally:
            self._under_way = None
            done.set()
