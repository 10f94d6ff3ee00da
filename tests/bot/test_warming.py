"""A process is ready only once the first turn finds everything loaded."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from bot.channels import readiness
from bot.channels.readiness import faults
from bot.warming import is_warm, wait_for, warm_up


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


@pytest.mark.slow  # the built knowledge
async def test_nobody_is_told_ready_before_what_channels_read_at_their_start_is_there() -> None:
    """Reading it beside the first turns would make them wait."""
    app, read = app_with(Agent()), asyncio.Event()
    wait_for(app, read)
    warming = asyncio.create_task(warm_up(app))
    while not app.ctx.agent.read:  # noqa: ASYNC110 - the real agent has no event either
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.01)
    assert not is_warm(app) and not warming.done()
    read.set()
    await warming
    assert is_warm(app)


async def test_a_fault_while_warming_up_keeps_nobody_out() -> None:
    """It shows in the first turn as well, and is logged."""
    app = app_with(Agent(RuntimeError("no model")))
    await warm_up(app)
    assert is_warm(app)


async def test_an_action_server_that_takes_the_call_and_says_nothing_is_a_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As on a machine too busy to answer in time: a reason among the others, and whoever waits for readiness waits on."""
    server = await asyncio.start_server(lambda reader, writer: asyncio.sleep(3600), "127.0.0.1", 0)
    monkeypatch.setenv("ACTIONS_HOST", "127.0.0.1")
    monkeypatch.setenv("ACTIONS_PORT", str(server.sockets[0].getsockname()[1]))
    monkeypatch.setattr(readiness, "ACTIONS_TIMEOUT_S", 0.2)
    try:
        assert any("动作服务没有回答（TimeoutError）" in fault for fault in await faults(app_with(Agent())))
    finally:
        server.close()
