"""Adopting a plan: uploading its file, what was read of it, what it is called, its own store, and questions to that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.adopting.report import WEIGHTS
from review.adopting import adoptions, asking, naming, questioning
from review.adopting.asking import MOST_QUESTIONS, TrialAnswer
from review.adopting.folders import PlanFolder
from review.adopting.naming import PlanName, name_of
from review.database.adopting import AdoptionRow
from review.database.jobs import JobRow
from review.errors import InvalidInput, JobRuns, NothingThere
from review.jobs import book
from review.jobs.names import KIND_LABELS, STAGE_NAMES, STATUS_NAMES
from review.jobs.plans import build_plan, read_plan
from review.pages.adopted_commitments import counts_of
from review.pages.training import minutes_left
from review.typed import Uploaded
from review.visit import Visit
from settings.bot import ADOPT_FILE_MB
from wire.message import MAX_MESSAGE_CHARS

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
    """One plan: how far it is, what was read, what is wrong with its file; its title; its own store and questions to it."""
    return _page(visit, ())


def _page(visit: Visit, answers: Sequence[TrialAnswer]) -> web.Response:
    book.clear_dead(visit.desk.engine)
    with visit.desk.reading() as session:
        row = adoptions.adoption(session, visit.numbered("id"))
        folder, jobs = PlanFolder.of(visit.desk.settings.adopted, row.id), _jobs(session, [row])
        running, own = _running(session, row)
        built = jobs.get(row.build_job)
        return visit.page(
            "adoption.html",
            row=row,
            job=running if own else jobs.get(row.read_job),
            other=None if own else running,
            built=built,
            is_built=folder.is_built,
            is_older=built is not None and row.changed_at is not None and row.changed_at > built.asked_at,
            name=name_of(row, folder),
            answers=answers,
            asked=questioning.counted(session, row.id),
            judged=jobs.get(row.judge_job),
            most_questions=MOST_QUESTIONS,
            most_chars=MAX_MESSAGE_CHARS,
            megabytes=row.size / MEGABYTE,
            report=folder.report(),
            weights={label: weight for weight, label in WEIGHTS.items()},
            counts=counts_of(visit.desk.settings.adopted, session, row.id),
            minutes=minutes_left,
            **_names(),
        )


def act(visit: Visit) -> web.Response:
    """Read the file again, build the plan's store, stop what is under way, or remove the plan with all that was made of it."""
    desk, number, wanted = visit.desk, visit.numbered("id"), visit.typed("do", most=12)
    with desk.reading() as session:
        _, own = _running(session, adoptions.adoption(session, number))
    if wanted == "read":
        read_plan(desk.engine, desk.settings, visit.actor, number)
        return visit.go(f"/adopting/{number}", "plan-uploaded")
    if wanted == "build":
        build_plan(desk.engine, desk.settings, visit.actor, number)
        return visit.go(f"/adopting/{number}", "plan-building")
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


def rename(visit: Visit) -> web.Response:
    """Mend what the plan is called and when it holds."""
    desk, number = visit.desk, visit.numbered("id")
    name = PlanName(*(visit.typed(each.name) for each in fields(PlanName)))
    with desk.transaction() as session:
        folder = PlanFolder.of(desk.settings.adopted, number)
        naming.rename(session, visit.actor, folder, number, name, visit.number("version"))
    return visit.go(f"/adopting/{number}", "saved")


def ask(visit: Visit) -> web.Response:
    """A few questions, one a line, to this plan's own store."""
    desk, number = visit.desk, visit.numbered("id")
    with desk.reading() as session:
        adoptions.adoption(session, number)
    folder = PlanFolder.of(desk.settings.adopted, number)
    if not folder.is_built:
        raise NothingThere("还没有建库，问不了 / it has not been built yet and cannot be asked")
    most = MOST_QUESTIONS * (MAX_MESSAGE_CHARS + 2)
    questions = [line.strip() for line in visit.typed("questions", most=most).splitlines() if line.strip()]
    return _page(visit, asking.ask(desk.settings, folder.store, questions))


def _running(session: Session, row: AdoptionRow) -> tuple[JobRow | None, bool]:
    """The job that is under way, and whether it works on this plan."""
    running = book.unfinished(session)
    return running, running is not None and running.id in (row.read_job, row.build_job, row.judge_job)


def _jobs(session: Session, rows: Any) -> Mapping[int, JobRow]:
    """The jobs that read and built them, by number."""
    numbers = [number for row in rows for number in (row.read_job, row.build_job, row.judge_job) if number]
    return {job.id: job for job in session.scalars(select(JobRow).where(JobRow.id.in_(numbers)))}


def _names() -> dict[str, Any]:
    return {
        "stage_names": STAGE_NAMES,
        "status_names": STATUS_NAMES,
        "kind_labels": KIND_LABELS,
        "outcome_names": {},
        "not_read": NOT_READ,
    }
