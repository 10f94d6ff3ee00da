"""Resident memory from `/proc`."""

from __future__ import annotations

import contextlib
import re
from collections import defaultdict
from pathlib import Path

_RESIDENT_KIB = re.compile(r"^VmRSS:\s+(\d+) kB$", re.MULTILINE)
_PROPORTIONAL_KIB = re.compile(r"^Pss:\s+(\d+) kB$", re.MULTILINE)
_PARENT = re.compile(r"^PPid:\s+(\d+)$", re.MULTILINE)


def resident_mb(pid: int, proc: Path = Path("/proc")) -> float:
    """Resident set of a process and all its descendants, in MB (10⁶ bytes). Pages shared by two count twice.

    0 if the process is gone. Source: proc(5), `VmRSS` of `/proc/PID/status` in KiB.
    """
    return _summed_mb(pid, "status", _RESIDENT_KIB, proc)


def shared_mb(pid: int, proc: Path = Path("/proc")) -> float:
    """As `resident_mb`, but of what several processes share each has a part only.

    Source: proc(5), `Pss` of `/proc/PID/smaps_rollup` in KiB.
    """
    return _summed_mb(pid, "smaps_rollup", _PROPORTIONAL_KIB, proc)


def family_of(pid: int, proc: Path = Path("/proc")) -> list[int]:
    """A process that runs and all its descendants."""
    statuses = _statuses(proc)
    family, waiting = [], [pid] if pid in statuses else []
    children = defaultdict(list)
    for child, status in statuses.items():
        if parent := _PARENT.search(status):
            children[int(parent[1])].append(child)
    while waiting:
        member = waiting.pop()
        family.append(member)
        waiting += children[member]
    return family


def _summed_mb(pid: int, file: str, kib: re.Pattern[str], proc: Path) -> float:
    total = 0
    for member in family_of(pid, proc):
        with contextlib.suppress(OSError):  # it ended meanwhile
            size = kib.search((proc / str(member) / file).read_text(encoding="utf-8", errors="replace"))
            total += int(size[1]) if size else 0
    return total * 1024 / 1e6


def _statuses(proc: Path) -> dict[int, str]:
    found = {}
    for folder in proc.iterdir():
        if not folder.name.isdigit():
            continue
        try:
            found[int(folder.name)] = (folder / "status").read_text(encoding="utf-8", errors="replace")
        except OSError:  # it ended meanwhile
            continue
    return found
