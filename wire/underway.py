"""What a process was at when it died, told to the one that comes after it.

A message that ended its process twice is not tried a third time. Each process notes what it begins and ends in a file of
its own, which it holds locked: a file that nobody holds is a dead process's, and what it had begun and not ended is
counted. Nothing is waited for (no fsync): the notes are for deaths of a process, not of the machine. They are keyed
hashes, nobody's words.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import logging
import os
import secrets
import threading
import time
from collections import Counter
from functools import lru_cache
from pathlib import Path

from settings.bot import UNDERWAY_DIR
from wire.action_token import action_token

logger = logging.getLogger(__name__)
DEATHS = 2  # of processes, after which a message is set aside
KEPT_S = 30 * 24 * 3600.0
MOST = 10_000  # messages whose deaths are remembered; the oldest go first
FULL_BYTES = 2**20  # then the notes are begun anew
_BEGUN, _ENDED, _DIED = "+", "-", "x"


class Underway:
    """The notes of one process. Safe to share between threads; never raises: without notes nothing is set aside."""

    def __init__(self, folder: Path, program: str) -> None:
        self._lock = threading.Lock()
        self._begun: Counter[str] = Counter()
        self._died: dict[str, tuple[int, float]] = {}
        self._file: int | None = None
        self._size = 0
        try:
            self._secret = action_token().encode()
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._inherit(folder, program)
            self._path = folder / f"{program}-{secrets.token_hex(4)}.notes"
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX)
            self._begin_anew()
        except (OSError, ValueError) as error:
            logger.error("%s: 记不下正在答的是哪一句（%s） / what is under way cannot be noted", folder, error)
            self._file = None

    def begin(self, session: str, text: str) -> bool:
        """Note that a message is begun; False if it ended its process `DEATHS` times: it is not to be tried."""
        if self._file is None:
            return True
        key = self._key(session, text)
        with self._lock:
            if self._died.get(key, (0, 0.0))[0] >= DEATHS:
                return False
            self._begun[key] += 1
            self._note(_BEGUN, key)
        return True

    def end(self, session: str, text: str) -> None:
        """Note that it is done, however it ended."""
        if self._file is None:
            return
        key = self._key(session, text)
        with self._lock:
            if self._file is None:  # closed meanwhile
                return
            _count_down(self._begun, key)
            self._note(_ENDED, key)
            if self._size > FULL_BYTES:
                self._begin_anew()

    def close(self) -> None:
        """The process ends as it was asked to: nothing that it was at is to blame."""
        with self._lock:
            self._begun.clear()
            if self._file is not None:
                self._begin_anew()
                os.close(self._file)  # gives the lock up: whoever comes next reads the notes
                self._file = None

    def _key(self, session: str, text: str) -> str:
        return hmac.new(self._secret, f"{session}\0{text}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]

    def _note(self, what: str, rest: str) -> None:
        line = f"{what} {rest}\n".encode()
        try:
            os.write(self._file or -1, line)
            self._size += len(line)
        except OSError as error:  # the disk is full
            logger.error("what is under way cannot be noted: %s", error.strerror)

    def _begin_anew(self) -> None:
        os.ftruncate(self._file or -1, 0)
        os.lseek(self._file or -1, 0, os.SEEK_SET)
        self._size = 0
        for key, (deaths, at) in self._died.items():
            self._note(_DIED, f"{key} {deaths} {at:.0f}")
        for key in self._begun.elements():
            self._note(_BEGUN, key)

    def _inherit(self, folder: Path, program: str) -> None:
        for path in sorted(folder.glob(f"{program}-*.notes")):
            with path.open("r", encoding="ascii", errors="replace") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    continue  # its process lives
                self._read(file.read().splitlines())
                path.unlink(missing_ok=True)
        youngest = sorted(self._died.items(), key=lambda item: item[1][1])[-MOST:]
        self._died = {key: told for key, told in youngest if time.time() - told[1] <= KEPT_S}

    def _read(self, lines: list[str]) -> None:
        begun: Counter[str] = Counter()
        for line in lines:
            what, *rest = line.split()
            if what == _BEGUN and len(rest) == 1:
                begun[rest[0]] += 1
            elif what == _ENDED and len(rest) == 1:
                _count_down(begun, rest[0])
            elif what == _DIED and len(rest) == 3:
                deaths, at = self._died.get(rest[0], (0, 0.0))
                self._died[rest[0]] = max(deaths, int(rest[1])), max(at, float(rest[2]))
        for key in begun:
            self._died[key] = self._died.get(key, (0, 0.0))[0] + 1, time.time()


def _count_down(begun: Counter[str], key: str) -> None:
    """One less, of none no more than none; subtracting a counter would look at all others as well."""
    if begun[key] > 1:
        begun[key] -= 1
    else:
        begun.pop(key, None)


@lru_cache(maxsize=2)
def shared_underway(program: str) -> Underway:
    """The process's own notes, made when the first message comes."""
    return Underway(UNDERWAY_DIR.read(), program)
