"""What processes say of themselves by systemd's protocol (`sd_notify`): that they are there, and how long to wait for
the next word. A process that was stopped from outside says nothing and cannot end itself.
"""

from __future__ import annotations

import re
import shutil
import socket
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

LATE_BY_S = 2.0  # beyond its own word: a process that can end itself says first where it stands
AWAY_S = 3.0  # who has not looked for so long was stopped itself, and blames nobody for it
_LIMIT = re.compile(rb"^WATCHDOG_USEC=(\d{1,15})$", re.MULTILINE)
_BEAT = re.compile(rb"^WATCHDOG=1$", re.MULTILINE)


@dataclass
class _Pulse:
    """A process's socket, when it was heard last, and after how many seconds of silence it is stuck; 0: never."""

    heard_by: socket.socket
    at: float = 0.0
    limit_s: float = 0.0


@dataclass
class Beats:
    """One socket for each process, for this user only."""

    clock: Callable[[], float] = time.monotonic
    _pulses: dict[str, _Pulse] = field(default_factory=dict)
    _looked_at: float = 0.0
    _made: int = 0

    def __post_init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="beats-"))

    def begins(self, name: str) -> str:
        """The address that a process which starts now is given as `NOTIFY_SOCKET`; what an earlier one said is void."""
        self._drop(name)
        self._made += 1
        address = self._folder / str(self._made)
        heard_by = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        heard_by.bind(str(address))
        self._pulses[name] = _Pulse(heard_by)
        return str(address)

    def stuck(self) -> list[str]:
        """Those who have been silent for longer than they said; each is named once."""
        now = self.clock()
        was_away, self._looked_at = now - self._looked_at > AWAY_S, now
        found = []
        for name, pulse in self._pulses.items():
            if self._heard(pulse) or was_away:
                pulse.at = now
            elif pulse.limit_s and now - pulse.at > pulse.limit_s + LATE_BY_S:
                pulse.limit_s = 0.0
                found.append(name)
        return found

    def close(self) -> None:
        """Listen to nobody."""
        for name in list(self._pulses):
            self._drop(name)
        shutil.rmtree(self._folder, ignore_errors=True)

    @staticmethod
    def _heard(pulse: _Pulse) -> bool:
        """Whether it said anything since the last look."""
        heard = False
        while True:
            try:
                said = pulse.heard_by.recv(4096)
            except BlockingIOError:
                return heard
            if limit := _LIMIT.search(said):
                pulse.limit_s = int(limit[1]) / 1e6
            heard = heard or bool(limit or _BEAT.search(said))

    def _drop(self, name: str) -> None:
        if pulse := self._pulses.pop(name, None):
            Path(pulse.heard_by.getsockname()).unlink(missing_ok=True)
            pulse.heard_by.close()
