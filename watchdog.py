"""A process that no longer gets on with its work is ended, so that whoever runs it starts it again.

The event loop says again and again that it is there. Where it does not, Python's own `faulthandler` writes where every
thread stands (lines of code, no words of anybody) and ends the process: from a thread of C's, which needs no interpreter
lock, so that also a regular expression or a library that never comes back is noticed.

A process that is stopped from outside (SIGSTOP, a debugger, a frozen disk) can do neither. So each beat also goes to who
runs it, by systemd's protocol (`sd_notify`), with how long to wait for the next: systemd and `supervision` kill it then.
"""

from __future__ import annotations

import asyncio
import contextlib
import faulthandler
import os
import socket

BEATS = 4  # within the limit, so that one that comes late ends nothing


async def stay_alive(limit_s: float) -> None:
    """Until cancelled: the process is ended when its event loop stands still for longer than `limit_s`."""
    try:
        while True:
            faulthandler.dump_traceback_later(limit_s, exit=True)
            _tell(f"WATCHDOG_USEC={limit_s * 1e6:.0f}\nWATCHDOG=1")
            await asyncio.sleep(min(1.0, limit_s / BEATS))
    finally:
        faulthandler.cancel_dump_traceback_later()
        _tell("WATCHDOG_USEC=0")  # what follows may take its time


def _tell(state: str) -> None:
    """Say it to who runs this process, if somebody listens; nobody is waited for."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if address:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as to:
            to.setblocking(False)
            to.sendto(state.encode(), "\0" + address[1:] if address.startswith("@") else address)
