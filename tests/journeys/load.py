"""A steady stream of residents beside what a test does."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from tests.journeys.processes import Product

SENDERS = 40  # residents who take turns; enough for a slow answer not to stop the stream


@dataclass
class Load:
    """`per_second` messages a second until `stop`; what came back, and whatever did not."""

    product: Product
    questions: Sequence[str]
    per_second: float = 5.0
    answers: list[tuple[float, float, dict[str, Any]]] = field(default_factory=list)  # asked at, took seconds, custom
    failures: list[str] = field(default_factory=list)
    sent: int = 0

    def __enter__(self) -> Load:
        self._over = threading.Event()
        self._pool = ThreadPoolExecutor(SENDERS)
        self._clock = threading.Thread(target=self._run, daemon=True)
        self._clock.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._clock.join()
        self._pool.shutdown(wait=True)

    def _run(self) -> None:
        due = time.monotonic()
        while not self._over.is_set():
            self._pool.submit(self._ask, self.sent)
            self.sent += 1
            due += 1 / self.per_second
            self._over.wait(max(0.0, due - time.monotonic()))

    def _ask(self, number: int) -> None:
        asked = time.monotonic()
        try:
            _, custom = self.product.ask(self.questions[number % len(self.questions)], sender=f"load-{number}")
        except Exception as error:
            self.failures.append(repr(error))
            return
        self.answers.append((asked, time.monotonic() - asked, custom))
