"""A process that stands still is ended, and says where; one that is only busy goes on."""

from __future__ import annotations

import subprocess
import sys

import pytest

STANDS_STILL = """
import asyncio, re, sys, time
from watchdog import stay_alive

async def main():
    alive = asyncio.create_task(stay_alive(1.0))
    await asyncio.sleep(0.1)
    if sys.argv[1] == "pattern":  # holds the interpreter lock for an age
        re.match(r"(a+)+$", "a" * 40 + "b")
    elif sys.argv[1] == "sleep":
        time.sleep(60)
    else:
        for _ in range(15):
            time.sleep(0.2)
            await asyncio.sleep(0)
        alive.cancel()
    await asyncio.sleep(0)
    time.sleep(2 if sys.argv[1] == "busy" else 0)  # nobody watches any more
    print("ended by itself")

asyncio.run(main())
"""


@pytest.mark.slow  # processes that wait
@pytest.mark.parametrize("how", ["pattern", "sleep"])
def test_what_stands_still_is_ended(how: str) -> None:
    """Also while C holds the interpreter; the lines where it stood are written, with no value of any variable."""
    done = subprocess.run([sys.executable, "-c", STANDS_STILL, how], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and "ended by itself" not in done.stdout
    assert "Timeout (0:00:01)!" in done.stderr and "in main" in done.stderr and "aaaa" not in done.stderr


@pytest.mark.slow
def test_what_is_busy_and_what_has_ended_its_work_are_left_alone() -> None:
    """Between two steps of work the loop says that it is there; after a cancellation nothing is ended."""
    done = subprocess.run([sys.executable, "-c", STANDS_STILL, "busy"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and "ended by itself" in done.stdout
