"""Adopting a plan: uploading its file, what was read of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.adopting.report import WEIGHTS
from review.adopting import adoptions
from review.adopting.folders import PlanFolder
from review.database.jobs import JobRow
from review.errors import InvalidInput, JobRuns
from review.jobs import book
from review.jobs.names import KIND_LABELS, STAGE_NAMES, STATUS_NAMES
from review.jobs.plans import read_plan
from review.pages.adopted_commitments import counts_of
from review.pages.training import minutes_left
from review.typed import Uploaded
from review.visit import Visit
from settings.bot import ADOPT_FILE_MB

NOT_READ = "还没有读"
MEGABYTE = 1024 * 1024


def show(visit: Visit) -> web.Response:
    """The plans that are being adopted, and the form for one more."""
    book.clear_dead(visit.desk.engine)
    with visit.desk.reading() as session:
        rows = adoptions.adoptions(session)
        return visit.page(
            "adopting.html", rows=rows, jobs=_jobs(session, rows), most_megabytes=ADOPT_FILE_MB.read(), **_names()
        )


def upload(visit: Visit) -> web.Response:
    """Keep a file and have it read; where another job is under way, it waits for somebody to say so again."""
    given = visit.form.get("file")
    if not isinstance(given, Uploaded) or not given.name:
        raise InvalidInput("请选择文件 / choose a file")
    if not given.size:
        raise InvalidInput("文件是空的，重新取得全文 / the file is empty: get it again")
    desk = visit.desk
    with desk.transaction() as session:
        number = adoptions.adopt(session, visit.actor, desk.settings.adopted, given)
    try:
        read_plan(desk.engine, desk.settings, visit.actor, number)
    except JobRuns:
        return visit.go(f"/adopting/{number}", "plan-waits")
    return visit.go(f"/adopting/{number}", "plan-uploaded")


def show_one(visit: Visit) -> web.Response:
    """One plan: how far it is, what was read, what is wrong with its file."""
    book.clear_dead(visit.desk.engine)
    with visit.desk.reading() as session:
        row = adoptions.adoption(session, visit.numbered("id"))
        job = _jobs(session, [row]).get(row.read_job)
        return visit.page(
            "adoption.html",
            row=row,
            job=job,
            other=None if job is not None and job.slot else book.unfinished(session),
            megabytes=row.size / MEGABYTE,
            report=PlanFolder.of(visit.desk.settings.adopted, row.id).report(),
            weights={label: weight for weight, label in WEIGHTS.items()},
            counts=counts_of(visit.desk.settings.adopted, session, row.id),
            minutes=minutes_left,
            **_names(),
        )


def act(visit: Visit) -> web.Response:
    """Read the file again, stop the reading, or remove the plan with all that was made of it."""
    desk, number, wanted = visit.desk, visit.numbered("id"), visit.typed("do", most=12)
    with desk.reading() as session:
        row = adoptions.adoption(session, number)
        running = book.unfinished(session)
        own = running is not None and running.id == row.read_job
    if wanted == "read":
        read_plan(desk.engine, desk.settings, visit.actor, number)
        return visit.go(f"/adopting/{number}", "plan-uploaded")
    if wanted == "cancel":
        if own:
            book.cancel(desk.engine, visit.actor)
        return visit.go(f"/adopting/{number}", "plan-stopped")
    if wanted == "remove":
        if own:
            raise JobRuns("正在做，先停下 / it is being worked on: stop that first")
        with desk.transaction() as session:
            adoptions.remove(session, visit.actor, desk.settings.adopted, number)
        return visit.go("/adopting", "plan-removed")
    raise InvalidInput("请选择要做什么 / choose what to do")


def _jobs(session: Session, rows: Any) -> Mapping[int, JobRow]:
    """The jobs that read the files, by number."""
    numbers = [row.read_job for row in rows if row.read_job]
    return {job.id: job for job in session.scalars(select(JobRow).where(JobRow.id.in_(numbers)))}


def _names() -> dict[str, Any]:
    return {
        "stage_names": STAGE_NAMES,
        "status_names": STATUS_NAMES,
        "kind_labels": KIND_LABELS,
        "outcome_names": {},
        "not_read": NOT_READ,
    }
