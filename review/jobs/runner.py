"""`python -m review run-job N`: the process of one job. It needs no console, and no console has to wait for it."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from knowledge.groundwork.progress_lines import LINES
from releases.shelf import Shelf
from review.adopting.adoptions import adoption_of
from review.adopting.command import building_command, reading_command
from review.adopting.folders import PlanFolder
from review.database.columns import now
from review.database.engine import reading, transaction
from review.database.jobs import BUILD_PLAN, EVALUATE, JUDGE_PLAN, OF_PLANS, TRAIN, JobRow
from review.errors import NothingThere, ReviewError
from review.jobs import steps
from review.jobs.book import CANCELLED, FAILED, RUNNING, SUCCEEDED, close, job
from review.jobs.names import SECONDS_OF, STAGE_NAMES, STATUS_NAMES
from review.jobs.processes import end_family, started
from review.settings import Settings
from training.children import ending_on_signals, run_lines
from training.errors import Ended, StageFailed, TrainingError
from training.forecast import Forecast, read_line
from training.lock import INHERITED, taken

BEAT_S = 1.0  # how often progress is written and a wish to cancel is read
SIGN_OF_LIFE_S = 15.0  # written at least this often, though nothing changed
LAST_LINES = 6  # of what a failed step printed, for people who do not open the log
EXIT_CODES = {SUCCEEDED: 0, CANCELLED: 130}


def run_job(engine: Engine, settings: Settings, job_id: int) -> int:
    """Do a job to its end, whatever that is; returns the exit code: 0, 1 failed, 130 cancelled."""
    os.nice(settings.job_niceness)
    with transaction(engine) as session:
        row = job(session, job_id)
        if row.slot is None:
            print(f"第 {job_id} 次训练已经结束 / this job has ended already", file=sys.stderr)
            return 1
        row.status, row.started_at, row.seen_at = RUNNING, now(), now()
        row.host, row.pid, row.pid_started = socket.gethostname()[:64], os.getpid(), started(os.getpid())
        task = Task(engine, settings, row, _expected(session, row.kind))
    status, error = task.run()
    with transaction(engine) as session:
        row = job(session, job_id)
        row.release_id, row.outcome = task.release_id, task.outcome
        row.stage_seconds = task.forecast.measured()
        if row.cancelled_by and status != SUCCEEDED:
            status, error = CANCELLED, ""
        if row.slot is not None:
            close(row, status, error)
    print(f"— {STATUS_NAMES[status]} {status} {error}".rstrip(), flush=True)
    return EXIT_CODES.get(status, 1)


class Task:
    """The work of one job, and how far it is."""

    def __init__(self, engine: Engine, settings: Settings, row: JobRow, expected: dict[str, float]) -> None:
        self.engine, self.settings = engine, settings
        self.job_id, self.kind, self.by, self.mark = int(row.id), str(row.kind), str(row.asked_for_by), str(row.mark)
        self.release_id, self.outcome, self.stage = str(row.release_id), "", ""
        self.began = None if self.kind == EVALUATE else row.started_at  # what was decided later is not in the training
        self.forecast = Forecast(expected, time.monotonic())
        self._folders: Sequence[str] = ()  # staff know what lies there by its name
        self._said: deque[str] = deque(maxlen=LAST_LINES)
        self._lock = threading.Lock()

    def run(self) -> tuple[str, str]:
        """Do everything; returns status and error, in plain words."""
        try:
            with ending_on_signals(), self._beating():
                if self.kind == JUDGE_PLAN:
                    self._judge()
                elif self.kind in OF_PLANS:
                    self._adopt()
                else:
                    self._make_release()
        except Ended as end:
            end_family(None, self.mark, grace_s=0.5)  # whatever a step has left
            return FAILED, f"收到 {end}，训练中止；在服务的没有动 / ended by {end}; what serves is as it was"
        except StageFailed as failure:
            return FAILED, self._why(failure)
        except (TrainingError, ReviewError, OSError, SQLAlchemyError, ValueError) as failure:
            return FAILED, str(failure)
        return SUCCEEDED, ""

    def _why(self, failure: StageFailed) -> str:
        """A failed step's own words: its error first, then what it said last."""
        said = list(self._said)
        cause = next((line for line in said if line.startswith("错误")), said[-1] if said else str(failure))
        return "\n".join([cause, *(line for line in said if line != cause), str(failure)])

    def _make_release(self) -> None:
        with taken(self.by) as descriptor:
            if self.kind != EVALUATE:
                self._export()
                self._train(descriptor)
            self._evaluate()

    def _adopt(self) -> None:
        with reading(self.engine) as session:
            row = adoption_of(session, self.job_id)
            root = self.settings.adopted
            builds = self.kind == BUILD_PLAN
            command = building_command(session, root, row) if builds else reading_command(root, row)
            own = PlanFolder.of(root, row.id).path
            self._folders = [f"{own}/{each}" for each in ("file/", "decided/", "read.adopting/", "built.adopting/", "")]
        self._see("read", 0, 1)
        run_lines(command, self._hear_of_plan, {LINES: "1", "PYTHONUNBUFFERED": "1"})
        self._see("read", 1, 1)

    def _judge(self) -> None:
        self._see("gate", 0, 1)
        with reading(self.engine) as session:
            number = int(adoption_of(session, self.job_id).id)
        steps.judge_plan(self.engine, self.settings, number, self.by, self._hear)
        self._see("gate", 1, 1)

    def _hear_of_plan(self, line: str) -> None:
        """Reading the file tells no progress: it has ended when the build's first stage begins."""
        if self.stage == "read" and read_line(line) is not None:
            self._see("read", 1, 1)
        self._hear(line)

    def _export(self) -> None:
        self._see("export", 0, 1)
        self._say(steps.export(self.engine, self.settings, self.by))
        self._see("export", 1, 1)

    def _train(self, descriptor: int) -> None:
        note = f"第 {self.job_id} 次训练"
        command = [sys.executable, "-m", "training", "--keep-fits", "--by", self.by, "--note", note]
        environment = {LINES: "1", "PYTHONUNBUFFERED": "1", INHERITED: str(descriptor)}
        run_lines(command, self._hear, environment, (descriptor,))

    def _evaluate(self) -> None:
        rollout = Shelf().rollout()
        if not self.release_id or rollout is None or rollout.serving == self.release_id:
            self._say("没有要和在服务的版本比较的 / there is nothing to compare with what serves")
            return
        self._see("gate", 0, 1)
        passed = steps.evaluate(self.engine, self.settings, self.release_id, self.by, self.began, self._hear)
        self._see("gate", 1, 1)
        self.outcome = "passed" if passed else "refused"

    def _hear(self, line: str) -> None:
        """A line of a step: its progress, its result, or text for people."""
        found, words = read_line(line), line.split()
        if found is not None:
            self._see(*found)
        elif len(words) == 3 and words[0] == "RELEASE":
            self.release_id, self.outcome = words[1], words[2]
        else:
            for folder in self._folders:
                line = line.replace(folder, "")
            self._say(line)

    def _say(self, line: str) -> None:
        self._said.append(line)
        print(line, flush=True)

    def _see(self, stage: str, done: int, total: int) -> None:
        with self._lock:
            if stage != self.stage:
                print(f"== {stage} {STAGE_NAMES.get(stage, stage)} {now().astimezone():%H:%M:%S}", flush=True)
            self.stage = stage
            self.forecast.see(stage, done, total, time.monotonic())

    @contextmanager
    def _beating(self) -> Iterator[None]:
        """Meanwhile a thread writes how far the job is, and ends it when somebody wants that."""
        stop = threading.Event()
        thread = threading.Thread(target=self._beat, args=(stop.wait,), name="beat", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(5)

    def _beat(self, wait: Callable[[float], bool]) -> None:
        written: tuple[str, float] = ("", -1.0)
        written_at = 0.0
        while not wait(BEAT_S):
            with self._lock:
                share, left = self.forecast.share, self.forecast.remaining_s(time.monotonic())
                shown = (self.stage, round(share, 3))
            try:
                if shown != written or time.monotonic() - written_at > SIGN_OF_LIFE_S:
                    self._write(shown[0], share, left)
                    written, written_at = shown, time.monotonic()
                with reading(self.engine) as session:
                    wanted = job(session, self.job_id).cancelled_by
            except (SQLAlchemyError, NothingThere) as error:
                print(f"进度没有记上 progress could not be written: {error}", flush=True)
                continue
            if wanted:
                os.kill(os.getpid(), signal.SIGTERM)
                return

    def _write(self, stage: str, share: float, left: float) -> None:
        with transaction(self.engine) as session:
            row: JobRow = job(session, self.job_id)
            row.stage, row.progress, row.remaining_s, row.seen_at = stage, share, round(left), now()


def _expected(session: Session, kind: str) -> dict[str, float]:
    """Seconds by stage: as the last job measured them; an evaluation goes by the last training."""
    measuring = TRAIN if kind == EVALUATE else kind
    query = select(JobRow.stage_seconds).where(JobRow.status == SUCCEEDED, JobRow.kind == measuring)
    measured = session.scalars(query.order_by(JobRow.id.desc()).limit(1)).one_or_none() or {}
    return {name: float(measured.get(name, seconds)) for name, seconds in SECONDS_OF[kind].items()}
