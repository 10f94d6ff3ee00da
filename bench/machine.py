"""What the benchmark ran on."""

from __future__ import annotations

import os
import platform
import re
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

_MODEL_NAME = re.compile(r"^model name\s*:\s*(.+)$", re.MULTILINE)
_TOTAL_KIB = re.compile(r"^MemTotal:\s+(\d+) kB$", re.MULTILINE)


@dataclass(frozen=True)
class Machine:
    """Computer and versions. `load_1min` was the load average before anything was started: other people's work."""

    cores: int
    processor: str
    memory_gb: float
    system: str
    python: str
    rasa: str
    load_1min: float

    @property
    def busy(self) -> bool:
        """Whether others use so much of it that the figures say little: a core in four."""
        return self.load_1min > self.cores / 4

    @property
    def line(self) -> str:
        """One line for a report."""
        return (
            f"{self.cores} cores ({self.processor}), {self.memory_gb:.0f} GB, Python {self.python}, Rasa {self.rasa}, "
            f"load before start {self.load_1min:.2f}"
        )


def this_machine() -> Machine:
    """The machine as it is now; `cores` are those this process may use."""
    return Machine(
        cores=len(os.sched_getaffinity(0)),
        processor=_found(_MODEL_NAME, Path("/proc/cpuinfo")) or platform.machine(),
        memory_gb=round(int(_found(_TOTAL_KIB, Path("/proc/meminfo")) or 0) * 1024 / 1e9, 1),
        system=platform.platform(),
        python=platform.python_version(),
        rasa=version("rasa"),
        load_1min=round(os.getloadavg()[0], 2),
    )


def _found(pattern: re.Pattern[str], path: Path) -> str:
    found = pattern.search(path.read_text(encoding="utf-8")) if path.exists() else None
    return found[1].strip() if found else ""
