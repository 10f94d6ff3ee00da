"""Words are kept for a time only: once at the start and then once a day, what is older is erased."""

from __future__ import annotations

import asyncio
import logging

from conversations.turn_log import TurnLog
from settings.conversations import CONVERSATIONS_KEEP_DAYS

logger = logging.getLogger(__name__)
EVERY_S = 24 * 3600.0


async def erase_daily(log: TurnLog) -> None:
    """Never ends. Works in a thread of its own; a failure is reported and tried again the next day."""
    while True:
        try:
            days = CONVERSATIONS_KEEP_DAYS.read()
            erased = await asyncio.get_running_loop().run_in_executor(None, log.erase_older_than, days)
            if any((erased.turns, erased.requests, erased.events)):
                logger.info("erased what is older than %d days: %s", days, erased)
        except Exception:
            logger.exception("what is too old could not be erased")
        await asyncio.sleep(EVERY_S)
