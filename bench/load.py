"""Asking a running bot: so many questions in flight, each from a resident never seen before."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import aiohttp
import numpy as np

REPLY_WITHIN_S = 60.0  # far above any latency seen; a reply that takes longer counts as failed


@dataclass(frozen=True)
class RoundTrip:
    """One question's way there and back; `status` 0 if nothing came back. `retry_after` is what the header says."""

    question: str
    latency_ms: float
    status: int
    body: bytes
    retry_after: str = ""

    @property
    def good(self) -> bool:
        """HTTP 200 with a text and a custom object whose outcome is not `error`."""
        return self.status == 200 and is_answer(self.body)


@dataclass(frozen=True)
class LoadLevel:
    """All questions with `in_flight` of them on their way at any time. Latencies as the asker sees them.

    `reply_bytes` is the mean size once written alike: Rasa's own channel escapes Chinese, ours does not.
    `first_failure` is the first question without a proper answer, with what came back; "" if there is none.
    """

    in_flight: int
    messages_per_s: float
    p50_ms: float
    p95_ms: float
    reply_bytes: float
    failed: int
    first_failure: str = ""


async def ask_all(
    address: str, questions: Sequence[str], in_flight: int, sender: str, on_reply: Callable[[], object]
) -> LoadLevel:
    """Ask every question once through `POST /webhooks/rest/webhook`; senders are `sender` and a number."""
    waiting = iter(enumerate(questions))
    begin = time.perf_counter()
    async with client() as session:
        askers = (_ask_until_empty(session, address, waiting, sender, on_reply) for _ in range(in_flight))
        replies = [reply for part in await asyncio.gather(*askers) for reply in part]
        elapsed_s = time.perf_counter() - begin
    return level_of(replies, in_flight, elapsed_s)


async def _ask_until_empty(
    session: aiohttp.ClientSession,
    address: str,
    waiting: Iterator[tuple[int, str]],
    sender: str,
    on_reply: Callable[[], object],
) -> list[RoundTrip]:
    replies = []
    for number, question in waiting:
        replies.append(await ask(session, address, question, f"{sender}-{number}"))
        on_reply()
    return replies


def client() -> aiohttp.ClientSession:
    """A session that keeps its connections alive and opens as many as are needed."""
    timeout = aiohttp.ClientTimeout(total=REPLY_WITHIN_S)
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=timeout)


async def ask(session: aiohttp.ClientSession, address: str, question: str, sender: str) -> RoundTrip:
    """One question. A refused connection or a timeout is a reply that is not good."""
    begin = time.perf_counter()
    try:
        message = {"sender": sender, "message": question}
        async with session.post(f"{address}/webhooks/rest/webhook", json=message) as response:
            body = await response.read()
            status, later = response.status, response.headers.get("Retry-After", "")
    except (aiohttp.ClientError, asyncio.TimeoutError):
        body, status, later = b"", 0, ""
    return RoundTrip(question, (time.perf_counter() - begin) * 1000, status, body, later)


def is_answer(body: bytes) -> bool:
    """Whether a reply's body holds a text and a custom object whose outcome is not `error`."""
    try:
        messages = json.loads(body)
    except ValueError:
        return False
    if not isinstance(messages, list):
        return False
    parts = [message for message in messages if isinstance(message, dict)]
    outcomes = [part["custom"].get("outcome") for part in parts if isinstance(part.get("custom"), dict)]
    return any(part.get("text") for part in parts) and bool(outcomes) and "error" not in outcomes


def level_of(replies: Sequence[RoundTrip], in_flight: int, elapsed_s: float) -> LoadLevel:
    """The figures of one level; percentiles interpolate linearly between neighbours (numpy's default).

    Replies are judged here, after the clock has stopped: reading JSON would slow the asker.
    """
    bad = [reply for reply in replies if not reply.good]
    p50_ms, p95_ms = np.percentile([reply.latency_ms for reply in replies], [50, 95])
    return LoadLevel(
        in_flight=in_flight,
        messages_per_s=len(replies) / elapsed_s,
        p50_ms=float(p50_ms),
        p95_ms=float(p95_ms),
        reply_bytes=float(np.mean([utf8_size(reply.body) for reply in replies])),
        failed=len(bad),
        first_failure=f"{bad[0].question} → {bad[0].status} {bad[0].body.decode(errors='replace')[:300]}"
        if bad
        else "",
    )


def utf8_size(body: bytes) -> int:
    """Bytes of a JSON body written without escapes and white space; its own length if it is not JSON."""
    try:
        return len(json.dumps(json.loads(body), ensure_ascii=False, separators=(",", ":")).encode())
    except ValueError:
        return len(body)
