"""Words are kept for a time only: once a day what is older is erased, and files are cleaned of what was erased.

A clock that jumped erases nothing by itself (`conversations.clock`).
"""

from __future__ import annotations

import asyncio
import logging
import time

from conversations.turn_log import TurnLog
from settings.conversations import CONVERSATIONS_KEEP_DAYS

logger = logging.getLogger(__name__)
EVERY_S = 24 * 3600.0
TIDY_EVERY_S = 60.0  # how long what was erased on request may lie in the free places of a file


async def erase_daily(log: TurnLog) -> None:
    """Never ends. Works in a thread of its own; a failure is reported and tried again."""
    due = time.monotonic()
    while True:
        if time.monotonic() >= due:
            due += EVERY_S
            await asyncio.get_running_loop().run_in_executor(None, _erase, log)
        await asyncio.get_running_loop().run_in_executor(None, _tidy, log)
        await asyncio.sleep(TIDY_EVERY_S)


def _erase(log: TurnLog) -> None:
    try:
        days = CONVERSATIONS_KEEP_DAYS.read()
        erased = log.erase_as_due(days)
        if any((erased.turns, erased.requests, erased.events)):
            logger.info("erased what is older than %d days: %s", days, erased)
    except Exception:
        logger.exception("what is too old could not be erased")


def _tidy(log: TurnLog) -> None:
    try:
        log.tidy()
    except Exception:
        logger.exception("the files could not be cleaned of what was erased")
