"""The first message of a process, which nobody sends: what is loaded at first use is loaded before residents ask.

On a busy machine the first turn took longer than a turn may (`TURN_DEADLINE_S`).
"""

from __future__ import annotations

import asyncio
import logging

from sanic import Sanic

from bot.channels.turns import read_ahead
from conversations import masking
from danger.watch import shared_watch
from knowledge.groundwork import settings

logger = logging.getLogger(__name__)
FIRST_MESSAGE = "养老院床位有多少"
POLL_S = 0.2
COLD_S = 5  # when a message that came to a cold process may come again; a proxy asks another bot at once
AWAITED_S = 60.0  # for what channels read at their start: beside it the first answers would take many times as long


async def warm_up(app: Sanic) -> None:
    """Read a message in every way that a channel and Rasa do. Never raises: a fault shows in the first turn as well."""
    try:
        await asyncio.get_running_loop().run_in_executor(None, _read)
        while not app.ctx.agent.is_ready():  # noqa: ASYNC110 - Rasa loads the model, there is no event to await
            await asyncio.sleep(POLL_S)
        await app.ctx.agent.parse_message(FIRST_MESSAGE)
        for event in getattr(app.ctx, "awaited", ()):
            await asyncio.wait_for(event.wait(), AWAITED_S)
    except Exception:
        logger.exception("the bot could not be warmed up")
    app.ctx.warm = True


def wait_for(app: Sanic, event: asyncio.Event) -> None:
    """Be warm only once this has happened as well, or could not for a minute."""
    app.ctx.awaited = [*getattr(app.ctx, "awaited", ()), event]


def is_warm(app: Sanic) -> bool:
    """Whether `warm_up` has ended."""
    return bool(getattr(app.ctx, "warm", False))


def _read() -> None:
    masking.load()
    read_ahead(FIRST_MESSAGE, settings.knowledge_paths())
    shared_watch().assess(FIRST_MESSAGE)
