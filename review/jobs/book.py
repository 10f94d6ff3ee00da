"""The jobs as rows: asking for one, taking it back, noticing that a runner died. One unfinished job at a time."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from review.accounts.audit import Actor, write_audit
from review.database.columns import now
from review.database.engine import reading, transaction
from review.database.jobs import OF_PLANS, OF_RELEASES, TRAIN, JobRow
from review.errors import JobRuns, NothingThere
from review.jobs.processes import end_family, lives
from review.shown import moment
from training.lock import holder

QUEUED, RUNNING, SUCCEEDED, FAILED, CANCELLED = "queued", "running", "succeeded", "failed", "cancelled"
LOGS = Path("var/jobs")
COMES_WITHIN = timedelta(seconds=60)  # from being asked for to having a process, on a busy machine
SILENT_FOR = timedelta(seconds=90)  # a runner on another machine that gave no sign of life so long is dead
DIED = (
    "训练进程没有了（断电、内存不够，或被人结束）。在服务的版本没有动；日志里有最后做到哪里。再开始一次就行 "
    "/ the job's process is gone (power cut, out of memory, or ended by somebody). What serves is as it was; "
    "the log tells how far it came. Start it again"
)


def ask_for(
    engine: Engine,
    actor: Actor,
    kind: str = TRAIN,
    release_id: str = "",
    also: Callable[[Session, int], None] | None = None,
) -> int:
    """A new job, queued; its number. `also` writes beside it who asked for it.

    Raises `JobRuns` if one is under way, here or in somebody's terminal.
    """
    clear_dead(engine)
    try:
        with transaction(engine) as session:
            number = add(session, actor, kind, release_id)
            if also is not None:
                also(session, number)
            return number
    except IntegrityError:  # another console was faster, on a database with many writers
        with reading(engine) as session:
            running = unfinished(session)
        raise _runs(running) if running else JobRuns("请再试一次 / try again") from None


def add(session: Session, actor: Actor, kind: str = TRAIN, release_id: str = "") -> int:
    """The same within the caller's transaction. Raises `JobRuns`, or at the end of it `IntegrityError`."""
    running = unfinished(session)
    if running is not None:
        raise _runs(running)
    held = holder()
    if held is not None:
        raise JobRuns(f"已经有一个训练在进行：{held} / a training is under way: {held}")
    row = JobRow(
        kind=kind,
        status=QUEUED,
        slot=1,
        asked_for_by=actor.name,
        asked_at=now(),
        host=socket.gethostname()[:64],
        mark=secrets.token_hex(16),
        release_id=release_id,
    )
    session.add(row)
    session.flush()
    row.log = str(LOGS / f"{row.id}.log")
    write_audit(session, actor, "job.ask", f"job:{row.id}", None, {"kind": kind, "release": release_id})
    return int(row.id)


def unfinished(session: Session) -> JobRow | None:
    """The job that is queued or runs."""
    found: JobRow | None = session.scalars(select(JobRow).where(JobRow.slot == 1)).one_or_none()
    return found


def job(session: Session, job_id: int) -> JobRow:
    """One job. Raises `NothingThere`."""
    row: JobRow | None = session.get(JobRow, job_id)
    if row is None:
        raise NothingThere(f"没有第 {job_id} 次训练 / there is no job {job_id}")
    return row


def latest(session: Session, most: int, kinds: Sequence[str] = (*OF_RELEASES, *OF_PLANS)) -> Sequence[JobRow]:
    """Jobs of some kinds, newest first."""
    return list(session.scalars(select(JobRow).where(JobRow.kind.in_(kinds)).order_by(JobRow.id.desc()).limit(most)))


def last_success(session: Session, kind: str = TRAIN) -> JobRow | None:
    """The newest job of a kind that came to its end."""
    query = select(JobRow).where(JobRow.kind == kind, JobRow.status == SUCCEEDED).order_by(JobRow.id.desc()).limit(1)
    found: JobRow | None = session.scalars(query).one_or_none()
    return found


def close(row: JobRow, status: str, error: str = "") -> None:
    """A job has ended; the next may come."""
    row.status, row.error, row.slot, row.ended_at, row.remaining_s = status, error, None, now(), None
    if status == SUCCEEDED:
        row.progress = 1.0


def cancel(engine: Engine, actor: Actor) -> int:
    """End the job that is under way, with all its processes, within five seconds; its number.

    Raises `NothingThere` if none is. A runner on another machine ends itself within a second of reading this.
    """
    clear_dead(engine)
    with transaction(engine) as session:
        row = unfinished(session)
        if row is None:
            raise NothingThere("现在没有训练在进行 / no job is under way")
        row.cancelled_by = actor.name
        write_audit(session, actor, "job.cancel", f"job:{row.id}", {"stage": row.stage}, None)
        number, pid, mark, here = int(row.id), row.pid, row.mark, _is_here(row)
    if here:
        end_family(pid, mark)
        with transaction(engine) as session:
            row = job(session, number)
            if row.slot is not None:  # it was forced, or had no process yet
                close(row, CANCELLED)
    return number


def clear_dead(engine: Engine) -> int | None:
    """Close a job whose runner is gone without a word, and end what it left; its number, None if there is none."""
    with reading(engine) as session:
        row = unfinished(session)
        if row is None or not is_dead(row):
            return None
        pid, mark, here = row.pid, row.mark, _is_here(row)
    if here:
        end_family(pid, mark)
    with transaction(engine) as session:
        row = unfinished(session)
        if row is None or row.mark != mark:
            return None
        close(row, CANCELLED if row.cancelled_by else FAILED, "" if row.cancelled_by else DIED)
        return int(row.id)


def is_dead(row: JobRow) -> bool:
    """Whether an unfinished job has nobody who works on it."""
    if row.pid is None:
        return bool(now() - row.asked_at > COMES_WITHIN)
    if not _is_here(row):
        return bool(now() - (row.seen_at or row.asked_at) > SILENT_FOR)
    return not lives(row.pid, row.pid_started)


def _is_here(row: JobRow) -> bool:
    return bool(row.host == socket.gethostname()[:64])


def _runs(row: JobRow) -> JobRuns:
    since = moment(row.started_at or row.asked_at)
    return JobRuns(
        f"{row.asked_for_by} 在 {since} 开始的任务（第 {row.id} 次）还在进行，一次只做一个 "
        f"/ job {row.id}, started by {row.asked_for_by} at {since}, is under way: one at a time"
    )
