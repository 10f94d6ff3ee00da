"""Which processes belong to a job, whether its runner still lives, and ending them all.

All processes of a job carry its mark in their environment, whatever sessions and groups they make for themselves
(the evaluation starts whole bots). Linux shows that under `/proc`; elsewhere the runner's group has to do.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from settings.programs import REVIEW_JOB

MARK = REVIEW_JOB.name
PROC = Path("/proc")
GRACE_S = 3.0  # between asking a job's processes to end and forcing them
LOOK_EVERY_S = 0.05


def started(pid: int) -> str:
    """What tells a process from a later one with the same id; "" if it does not run (any more)."""
    if not PROC.exists():
        found = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S603, S607
        return found.stdout.strip()[:48]
    try:
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    state, ticks = fields[0], fields[19]  # proc(5): fields 3 and 22
    return "" if state in "ZX" else f"{ticks}@{_boot()}"


def lives(pid: int | None, since: str) -> bool:
    """Whether exactly that process still runs; any with that id where nothing is known of its start."""
    found = started(pid) if pid is not None else ""
    return bool(found) and (not since or found == since)


def family(mark: str) -> Iterator[int]:
    """Every process of a job but this one."""
    needle = f"{MARK}={mark}\0".encode()
    for folder in PROC.glob("[0-9]*"):
        with suppress(OSError):  # gone meanwhile, or somebody else's
            if int(folder.name) != os.getpid() and needle in (folder / "environ").read_bytes() + b"\0":
                yield int(folder.name)


def end_family(pid: int | None, mark: str, grace_s: float = GRACE_S) -> None:
    """End a job's processes: asked first, forced after `grace_s`."""
    _send(pid, mark, signal.SIGTERM)
    until = time.monotonic() + grace_s
    while time.monotonic() < until and any(started(each) for each in family(mark)):
        time.sleep(LOOK_EVERY_S)
    _send(pid, mark, signal.SIGKILL)


def _send(pid: int | None, mark: str, number: signal.Signals) -> None:
    for each in family(mark):
        with suppress(ProcessLookupError, PermissionError):
            os.kill(each, number)
    if not PROC.exists() and pid is not None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, number)


def _boot() -> str:
    try:
        return (PROC / "sys/kernel/random/boot_id").read_text().strip()[:8]
    except OSError:
        return ""
