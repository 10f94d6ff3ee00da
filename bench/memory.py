"""Resident memory from `/proc`."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

_RESIDENT_KIB = re.compile(r"^VmRSS:\s+(\d+) kB$", re.MULTILINE)
_PARENT = re.compile(r"^PPid:\s+(\d+)$", re.MULTILINE)


def resident_mb(pid: int, proc: Path = Path("/proc")) -> float:
    """Resident set of a process and all its descendants, in MB (10⁶ bytes). Pages shared by two count twice.

    0 if the process is gone. Source: proc(5), `VmRSS` of `/proc/PID/status` in KiB.
    """
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
    sizes = (_RESIDENT_KIB.search(statuses[member]) for member in family)
    return sum(int(size[1]) * 1024 / 1e6 for size in sizes if size)


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
