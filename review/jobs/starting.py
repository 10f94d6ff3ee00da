"""Starting a job's process so that it outlives whoever starts it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

from sqlalchemy.engine import Engine

from review.database.engine import reading, transaction
from review.jobs.book import FAILED, close, job
from review.jobs.processes import MARK, started
from review.settings import Settings


def start(engine: Engine, settings: Settings, job_id: int) -> subprocess.Popen[bytes]:
    """Start the runner of a queued job: a session of its own, its output in the job's log, nothing of ours kept open.

    Raises `OSError` after closing the job, where no process can be made.
    """
    with reading(engine) as session:
        row = job(session, job_id)
        log, mark = Path(row.log), str(row.mark)
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", "review", "run-job", str(job_id)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={**os.environ, **_addresses(settings), MARK: mark, "PYTHONUNBUFFERED": "1"},
            )
    except OSError as error:
        with transaction(engine) as session:
            close(job(session, job_id), FAILED, f"训练进程起不来：{error} / no process could be started")
        raise
    with transaction(engine) as session:
        row = job(session, job_id)
        if row.pid is None:
            row.pid, row.pid_started = process.pid, started(process.pid)
    threading.Thread(target=process.wait, daemon=True, name=f"job {job_id}").start()  # no zombie stays
    return process


def _addresses(settings: Settings) -> dict[str, str]:
    """The databases, and the folder of adopted plans, as this process sees them, which may not come from its environment."""
    return {
        "REVIEW_URL": settings.url,
        "CONVERSATIONS_URL": settings.log_url,
        "REVIEW_ADOPTED_DIR": str(settings.adopted.absolute()),
    }
