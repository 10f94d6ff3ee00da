"""The console's numbers: jobs, and what waits for staff or for the platform. Counted when somebody looks."""

from __future__ import annotations

import logging

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from conversations.deliveries import OWED
from conversations.models import DeliveryRow, StaffRequestRow
from monitor.corrections import tell_corrections
from monitor.metrics import JOB_ENDED, JOB_PROGRESS, JOBS, OPEN_REQUESTS, OWED_REPLIES, READY, RELEASE
from releases.shelf import fixed_by_environment
from review.database.jobs import EVALUATE, TRAIN, JobRow
from review.desk import Desk
from review.jobs.book import CANCELLED, FAILED, QUEUED, RUNNING, SUCCEEDED, unfinished

logger = logging.getLogger(__name__)


def tell_numbers(desk: Desk) -> None:
    """Bring them up to date; where a database is away the numbers stay, and the console counts as not ready."""
    try:
        with desk.reading() as session:
            _tell_jobs(session)
        with desk.log.session() as session:
            waiting = select(func.count()).where(StaffRequestRow.status != "done")
            owed = select(func.count()).where(DeliveryRow.state.in_(OWED))
            OPEN_REQUESTS.set(session.scalar(waiting))
            OWED_REPLIES.set(session.scalar(owed))
        rollout = None if fixed_by_environment() else desk.shelf.rollout()
        RELEASE.info({"release": rollout.serving if rollout else ""})
        tell_corrections(desk.corrections.current())
    except Exception:
        logger.exception("the console's numbers could not be counted")
        READY.set(0)
        return
    READY.set(1)


def _tell_jobs(session: Session) -> None:
    counted = select(JobRow.kind, JobRow.status, func.count(), func.max(JobRow.ended_at))
    found = {
        (kind, status): rest for kind, status, *rest in session.execute(counted.group_by(JobRow.kind, JobRow.status))
    }
    for kind in (TRAIN, EVALUATE):
        for status in (QUEUED, RUNNING, SUCCEEDED, FAILED, CANCELLED):
            count, ended_at = found.get((kind, status), (0, None))
            JOBS.labels(kind, status).set(count)
            if status == SUCCEEDED and ended_at:
                JOB_ENDED.labels(kind).set(ended_at.timestamp())
    running = unfinished(session)
    JOB_PROGRESS.set(running.progress if running else 0)
