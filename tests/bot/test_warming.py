"""A process is ready only once the first turn finds everything loaded."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from bot.channels.readiness import faults
from bot.warming import is_warm, warm_up


class Agent:
    """A Rasa agent that becomes ready at the second look, and may fail."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error, self.looks = error, 0
        self.read: list[str] = []

    def is_ready(self) -> bool:
        """Not at first."""
        self.looks += 1
        return self.looks > 1

    async def parse_message(self, text: str) -> None:
        """What NLU would do."""
        if self.error:
            raise self.error
        self.read.append(text)


def app_with(agent: Agent) -> Any:
    """As much of a Sanic application as is needed."""
    return SimpleNamespace(ctx=SimpleNamespace(agent=agent))


@pytest.mark.slow  # the built knowledge
async def test_nobody_is_told_ready_before_a_message_was_read() -> None:
    """Until then readiness says what it waits for."""
    app = app_with(Agent())
    assert any("loading" in fault for fault in await faults(app))
    await warm_up(app)
    assert is_warm(app) and app.ctx.agent.read
    assert not any("loading" in fault for fault in await faults(app))


async def test_a_fault_while_warming_up_keeps_nobody_out() -> None:
    """It shows in the first turn as well, and is logged."""
    app = app_with(Agent(RuntimeError("no model")))
    await warm_up(app)
    assert is_warm(app)
