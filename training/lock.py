"""One training at a time: a lock on `var/training.lock`, which the kernel takes back from whoever dies."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from settings.programs import TRAINING_LOCK_FD
from training.errors import TrainingRuns

LOCK = Path("var/training.lock")
INHERITED = TRAINING_LOCK_FD.name  # a parent that holds the lock hands its descriptor down under this name
PATIENCE_S = 0.5  # whoever only looks holds the lock for a moment
LOOK_EVERY_S = 1.0


@dataclass(frozen=True)
class Holder:
    """Who trains: a process, since when (with a time zone), and whose wish it was."""

    pid: int
    since: datetime
    by: str

    def __str__(self) -> str:
        return f"{self.by}，进程 {self.pid}，{self.since.astimezone():%Y-%m-%d %H:%M:%S} 开始"


def holder(path: Path = LOCK) -> Holder | None:
    """Who trains now, None if nobody does."""
    try:
        with path.open("r+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return _read(path)
    except FileNotFoundError:
        pass
    return None


@contextmanager
def taken(by: str, *, wait: bool = False, path: Path = LOCK) -> Iterator[int]:
    """Hold the lock; gives its descriptor, for children that train on the holder's behalf (`INHERITED`).

    A process whose parent holds the lock and handed it down has it already. Raises `TrainingRuns` if another
    holds it and `wait` is not set.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    inherited = _inherited(path)
    if inherited is not None:
        yield inherited
        return
    with path.open("a+") as file:
        _lock(file.fileno(), path, wait)
        me = {"pid": os.getpid(), "since": datetime.now(timezone.utc).isoformat(timespec="seconds"), "by": by}
        file.truncate(0)
        file.write(json.dumps(me, ensure_ascii=False))
        file.flush()
        yield file.fileno()


def _lock(descriptor: int, path: Path, wait: bool) -> None:
    until = time.monotonic() + PATIENCE_S
    told = False
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() < until:
                time.sleep(0.05)
                continue
            who = _read(path)
            if not wait:
                raise TrainingRuns(
                    f"已经有一个训练在进行（{who or '不知是谁'}）。等它结束，或加 --wait "
                    f"/ a training is under way ({who or 'by somebody'}): wait for its end, or add --wait"
                ) from None
            if not told:
                print(f"等前一个训练结束（{who}）/ waiting for the training under way …", flush=True)
                told = True
            time.sleep(LOOK_EVERY_S)


def _inherited(path: Path) -> int | None:
    """The parent's descriptor, if it is this very lock."""
    try:
        descriptor = TRAINING_LOCK_FD.read()
        mine, there = os.fstat(descriptor), path.stat()
    except (ValueError, OSError):
        return None
    return descriptor if (mine.st_dev, mine.st_ino) == (there.st_dev, there.st_ino) else None


def _read(path: Path) -> Holder | None:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Holder(int(data["pid"]), datetime.fromisoformat(data["since"]), str(data["by"]))
    except (OSError, ValueError, KeyError):
        return None  # between taking the lock and writing the name
