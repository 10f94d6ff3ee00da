"""Honcho's manager of processes, which ends all when one ends, made to start that one again.

What honcho has stays: the Procfile, a session of its own for each process, the prefixed lines. A process that dies
again and again is held back: each pause is twice the last. One that falls silent (`supervision.beats`) is killed first.
"""

from __future__ import annotations

import multiprocessing
import queue
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from honcho.manager import SIGNALS, Manager

from supervision.beats import Beats

STEADY_S = 15.0  # twice a cold start of the slowest, alone on two cores: who ran as long died of something else than who died before
LONGEST_PAUSE_S = 60.0
END_WITHIN_S = 10.0  # a bot that is asked to end does so in a second or two, on busy cores in several; then SIGKILL
POLL_S = 0.1


@dataclass
class Course:
    """What one process did: its deaths in a row, each before it was steady, and when it is started next."""

    clock: Callable[[], float] = time.monotonic
    started_at: float = 0.0
    deaths: int = 0
    due_at: float | None = field(default=None)

    def begins(self) -> None:
        """It was started now."""
        self.started_at, self.due_at = self.clock(), None

    def died(self) -> float:
        """Seconds until it is started again."""
        steady = self.clock() - self.started_at >= STEADY_S
        self.deaths = 1 if steady else self.deaths + 1
        pause = 0.0 if self.deaths == 1 else min(LONGEST_PAUSE_S, 2.0 ** (self.deaths - 2))
        self.due_at = self.clock() + pause
        return pause

    @property
    def is_due(self) -> bool:
        """Whether it is to be started now."""
        return self.due_at is not None and self.clock() >= self.due_at


class Supervisor(Manager):
    """`add_process`, then `loop`: until SIGINT or SIGTERM, which end every process; `returncode` then says which it was."""

    def __init__(self, printer: Any = None) -> None:
        super().__init__(printer)
        self._courses: dict[str, Course] = {}
        self._beats = Beats()
        self._signals: list[int] = []
        self._kill_at: float | None = None

    def loop(self) -> None:
        """Run them all; what died is started again."""
        for which in SIGNALS:
            signal.signal(which, self._note)
        for name in self._processes:
            self._courses[name] = Course()
            self._begin(name)
        while self._kill_at is None or not self._all_stopped():
            self._take_message()
            if self._signals and self._kill_at is None:
                self._end_all()
            elif self._kill_at is None:
                self._begin_due()
                self._kill_stuck()
            elif time.monotonic() >= self._kill_at and self._all_started():
                self.kill()
                self._kill_at = time.monotonic() + END_WITHIN_S
        self._beats.close()

    def _note(self, which: int, _frame: FrameType | None) -> None:
        """Of a signal; what follows is done where no process is half started."""
        self._signals.append(which)

    def _begin(self, name: str) -> None:
        known = self._processes[name]["obj"]
        known.env["NOTIFY_SOCKET"] = self._beats.begins(name)
        run = multiprocessing.Process(name=name, target=known.run, args=(self.events, True))
        self._processes[name] = {"obj": known, "process": run}
        self._courses[name].begins()
        run.start()

    def _begin_due(self) -> None:
        for name, course in self._courses.items():
            if course.is_due:
                self._processes[name]["process"].join()
                self._begin(name)

    def _kill_stuck(self) -> None:
        """What stands still and does not end itself, as after SIGSTOP; its end is a death like others."""
        for name in self._beats.stuck():
            self._system_print(f"{name} 没有动静，结束它 / {name} says nothing any more and is killed\n")
            known = self._processes[name]
            if "pid" in known and "returncode" not in known:
                self._procmgr.kill(known["pid"])

    def _take_message(self) -> None:
        try:
            message = self.events.get(timeout=POLL_S)
        except queue.Empty:
            return
        if message.type == "line":
            self._printer.write(message)
        elif message.type == "start":
            self._processes[message.name]["pid"] = message.data["pid"]
            self._system_print(f"{message.name} started (pid={message.data['pid']})\n")
            if self._kill_at is not None:  # asked to end before it was there
                self._procmgr.terminate(message.data["pid"])
        elif message.type == "stop":
            self._processes[message.name]["returncode"] = message.data["returncode"]
            self._ended(message.name, message.data["returncode"])

    def _ended(self, name: str, code: int) -> None:
        if self._kill_at is not None:
            self._system_print(f"{name} stopped (rc={code})\n")
            return
        course = self._courses[name]
        pause = course.died()
        self._system_print(
            f"{name} 停了（返回码 {code}），{f'{pause:.0f} 秒后' if pause else '马上'}重新启动"
            f"{f'；接连第 {course.deaths} 次，原因看上面' if course.deaths > 1 else ''} / "
            f"{name} ended (rc={code}), started again {f'in {pause:.0f} s' if pause else 'now'}"
            f"{f'; {course.deaths} times in a row, see above' if course.deaths > 1 else ''}\n"
        )

    def _end_all(self) -> None:
        which = SIGNALS[self._signals[0]]
        self._system_print(f"{which['name']} received\n")
        self.returncode = which["rc"]
        self._kill_at = time.monotonic() + END_WITHIN_S
        for name, known in self._processes.items():
            if "pid" in known and "returncode" not in known:
                self._system_print(f"sending SIGTERM to {name} (pid {known['pid']})\n")
                self._procmgr.terminate(known["pid"])
