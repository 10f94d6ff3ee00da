"""The upkeep of the log: what is older than words are kept is erased, files are cleaned, what was spooled is written.

A clock that jumped erases nothing by itself (`conversations.clock`).
"""

from __future__ import annotations

import asyncio
import logging
import time

from conversations.errors import LogUnavailable
from conversations.keeping import TurnKeeper
from conversations.turn_log import TurnLog
from settings.conversations import CONVERSATIONS_KEEP_DAYS

logger = logging.getLogger(__name__)
EVERY_S = 24 * 3600.0
WRITE_EVERY_S = 2.0  # while turns wait for the log
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


async def write_spooled(keeper: TurnKeeper) -> None:
    """Never ends: what waits in the spool is written as soon as the log can be written. Works in a thread of its own."""
    await asyncio.get_running_loop().run_in_executor(None, keeper.reserve)
    away = False
    while True:
        away = await asyncio.get_running_loop().run_in_executor(None, _write_waiting, keeper, away)
        await asyncio.sleep(WRITE_EVERY_S)


def _write_waiting(keeper: TurnKeeper, away: bool) -> bool:
    """Whether the log is still away; said once."""
    try:
        written = keeper.write_waiting()
    except LogUnavailable as error:
        if not away:
            logger.error("%d entries wait in the spool for the log: %s", keeper.waiting, error)
        return True
    except Exception:
        logger.exception("what waits in the spool could not be written")
        return True
    if written:
        logger.warning("%d entries of the spool were written to the log", written)
    return False
