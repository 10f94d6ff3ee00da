"""Residents at the web channel who go on asking while something else is done; whatever they would notice is kept."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.journeys.processes import PATIENCE_S


@dataclass
class Residents:
    """`how_many` of them at an address, each with a session, the next question `pause_s` after an answer."""

    address: str
    questions: Sequence[str]
    how_many: int = 6
    pause_s: float = 0.25
    answers: list[dict[str, Any]] = field(default_factory=list)  # `custom` of each
    apologies: list[dict[str, Any]] = field(default_factory=list)  # `custom` of each `error` answer
    failures: list[str] = field(default_factory=list)  # a status that is not 200, or no reply
    waited_s: list[float] = field(default_factory=list)  # for each answer and each apology

    def __enter__(self) -> Residents:
        self._over = threading.Event()
        self._pool = ThreadPoolExecutor(self.how_many)
        self._asking = [self._pool.submit(self._ask_on, number) for number in range(self.how_many)]
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for each in self._asking:
            each.result()
        self._pool.shutdown()

    def wait_for_more(self, how_many: int) -> None:
        """Until as many more have been answered, or something failed."""
        goal = len(self.answers) + how_many
        while len(self.answers) < goal and not self.failures:
            assert not any(each.done() for each in self._asking), [each.exception() for each in self._asking]
            time.sleep(0.1)

    def _ask_on(self, number: int) -> None:
        with requests.Session() as http:
            token = self._post(http, "session", {})["session"]
            while not self._over.wait(self.pause_s):
                question = self.questions[(number + len(self.answers)) % len(self.questions)]
                said = {"session": token, "message_id": uuid.uuid4().hex, "message": question}
                asked_at = time.monotonic()
                try:
                    messages = self._post(http, "message", said)
                except (requests.RequestException, AssertionError) as failure:
                    self.failures.append(repr(failure))
                    continue
                self.waited_s.append(time.monotonic() - asked_at)
                custom = next(each["custom"] for each in messages if "custom" in each)
                (self.apologies if custom["outcome"] == "error" else self.answers).append(custom)

    def _post(self, http: requests.Session, what: str, body: dict[str, str]) -> Any:
        reply = http.post(f"{self.address}/webhooks/web/{what}", json=body, timeout=PATIENCE_S)
        assert reply.status_code == 200, f"{reply.status_code}: {reply.text}"
        return reply.json()
