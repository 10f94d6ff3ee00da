"""A process that no longer gets on with its work is ended, so that whoever runs it starts it again.

The event loop says again and again that it is there. Where it does not, Python's own `faulthandler` writes where every
thread stands (lines of code, no words of anybody) and ends the process: from a thread of C's, which needs no interpreter
lock, so that also a regular expression or a library that never comes back is noticed.
"""

from __future__ import annotations

import asyncio
import faulthandler

BEATS = 4  # within the limit, so that one that comes late ends nothing


async def stay_alive(limit_s: float) -> None:
    """Until cancelled: the process is ended when its event loop stands still for longer than `limit_s`."""
    try:
        while True:
            faulthandler.dump_traceback_later(limit_s, exit=True)
            await asyncio.sleep(min(1.0, limit_s / BEATS))
    finally:
        faulthandler.cancel_dump_traceback_later()
