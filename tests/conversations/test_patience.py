"""Who asks a database that hangs waits once, and nobody else does."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from conversations.errors import LogUnavailable
from conversations.patience import Patience


@pytest.fixture
def hang() -> Iterator[threading.Event]:
    """Set, what hangs comes back."""
    event = threading.Event()
    yield event
    event.set()


def until_answered(ask: Callable[[], Any]) -> Any:
    """What it answers once the last call has come back."""
    for _ in range(1000):
        try:
            return ask()
        except LogUnavailable:
            threading.Event().wait(0.01)
    raise AssertionError("it stayed away")


def test_what_was_given_up_is_not_waited_for_again(hang: threading.Event) -> None:
    """While the first call is under way others are refused, untried; afterwards they are asked as before."""
    patience, asked = Patience(0.1, "test"), list[int]()
    with pytest.raises(LogUnavailable, match=r"0\.1 秒没有回答"):
        patience.ask(hang.wait)
    with pytest.raises(LogUnavailable, match="还没有答上一次"):
        patience.ask(asked.append, 1)
    assert asked == []
    hang.set()
    assert until_answered(lambda: patience.ask(lambda: 7)) == 7
    with pytest.raises(ZeroDivisionError):
        patience.ask(lambda: 1 // 0)
    patience.close()


async def test_an_event_loop_goes_on_meanwhile(hang: threading.Event) -> None:
    """It does other things while a call hangs."""
    patience, beats = Patience(0.3, "test"), 0

    async def beat() -> None:
        nonlocal beats
        while True:
            beats += 1
            await asyncio.sleep(0.01)

    beating = asyncio.create_task(beat())
    with pytest.raises(LogUnavailable):
        await patience.asked(hang.wait)
    beating.cancel()
    assert beats > 3
    patience.close()
