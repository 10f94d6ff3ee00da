"""Trainings: what is new, starting and ending one, how far it is, the earlier ones, the schedule."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from review.accounts.roles import Role
from review.correcting.corrections import KIND_NAMES
from review.database.jobs import OF_RELEASES, JobRow
from review.errors import InvalidInput, NothingThere
from review.jobs import book
from review.jobs.names import KIND_LABELS, OUTCOME_NAMES, STAGE_NAMES, STATUS_NAMES
from review.jobs.news import news
from review.jobs.schedule import schedule, set_schedule
from review.jobs.starting import start
from review.pages.exporting import download
from review.visit import Visit

LISTED = 20
NEWEST = 8
TAIL_LINES = 200
NAMES: dict[str, Any] = {
    "kind_names": KIND_NAMES,
    "kind_labels": KIND_LABELS,
    "stage_names": STAGE_NAMES,
    "status_names": STATUS_NAMES,
    "outcome_names": OUTCOME_NAMES,
}


def show(visit: Visit) -> web.Response:
    """What is new, the job under way, the schedule, the earlier jobs."""
    book.clear_dead(visit.desk.engine)
    with visit.desk.reading() as session:
        running = book.unfinished(session)
        earlier = [row for row in book.latest(session, LISTED, OF_RELEASES) if row.slot is None]
        return visit.page(
            "training.html",
            running=running,
            tail=_tail(running) if running else "",
            earlier=earlier,
            new=news(session, NEWEST),
            schedule=schedule(session),
            minutes=minutes_left,
            took=_took,
            may_act=visit.may(Role.EDITOR),
            **NAMES,
        )


def show_one(visit: Visit) -> web.Response:
    """One job with the end of its log."""
    book.clear_dead(visit.desk.engine)
    with visit.desk.reading() as session:
        row = book.job(session, visit.numbered("id"))
        return visit.page("job.html", row=row, tail=_tail(row), minutes=minutes_left, took=_took, **NAMES)


def log(visit: Visit) -> web.Response:
    """A job's whole log as a download."""
    with visit.desk.reading() as session:
        row = book.job(session, visit.numbered("id"))
    try:
        body = Path(row.log).read_bytes()
    except OSError as error:
        raise NothingThere("这次训练的日志不在了 / the log of this job is gone") from error
    return download(body, f"job-{row.id}.log", "text/plain", "utf-8")


def act(visit: Visit) -> web.Response:
    """Start a training, cancel the one under way, or set the schedule."""
    wanted = visit.typed("do", most=12)
    if wanted == "start":
        number = book.ask_for(visit.desk.engine, visit.actor)
        start(visit.desk.engine, visit.desk.settings, number)
        return visit.go("/training", "training-started")
    if wanted == "cancel":
        book.cancel(visit.desk.engine, visit.actor)
        return visit.go("/training", "training-cancelled")
    if wanted == "schedule":
        at = visit.typed("at", most=8) if visit.typed("on") == "1" else ""
        if visit.typed("on") == "1" and not at:
            raise InvalidInput("请填写时间 / the time is missing")
        with visit.desk.transaction() as session:
            set_schedule(session, visit.actor, at)
        return visit.go("/training", "saved")
    raise InvalidInput("请选择要做什么 / choose what to do")


def _tail(row: JobRow) -> str:
    """The last lines of a job's log, without the lines that tell programs how far it is."""
    try:
        with Path(row.log).open(encoding="utf-8", errors="replace") as file:
            return "".join(deque(file, TAIL_LINES))
    except OSError:
        return ""


def minutes_left(row: JobRow) -> int | None:
    """Whole minutes still to come, at least 1; None if nobody can say."""
    return max(1, round(row.remaining_s / 60)) if row.remaining_s is not None else None


def _took(row: JobRow) -> str:
    """How long a job took, as minutes and seconds; "" if it never began or has not ended."""
    started: datetime | None = row.started_at
    if started is None or row.ended_at is None:
        return ""
    length: timedelta = row.ended_at - started
    return f"{int(length.total_seconds()) // 60}:{int(length.total_seconds()) % 60:02d}"
