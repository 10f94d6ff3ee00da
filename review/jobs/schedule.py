"""The training that starts by itself: each night at a time in Qingpu, if there is something new."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from review.accounts.audit import Actor, write_audit
from review.database.columns import now
from review.database.engine import reading, transaction
from review.database.jobs import ScheduleRow
from review.errors import InvalidInput, JobRuns
from review.jobs.book import add, clear_dead
from review.jobs.names import NIGHTLY
from review.jobs.news import news
from review.shown import SHANGHAI

ROW = 1
OFF = ""
WINDOW = timedelta(hours=4)  # a console that was down at the time, or a job in the way: after that not tonight any more
ITSELF = Actor(None, NIGHTLY)


@dataclass(frozen=True)
class Schedule:
    """`at` is HH:MM in Qingpu, "" for never; who set it, and when."""

    at: str = OFF
    set_by: str = ""
    set_at: datetime | None = None


def schedule(session: Session) -> Schedule:
    """The schedule as it stands."""
    row = session.get(ScheduleRow, ROW)
    return Schedule(row.at, row.set_by, row.set_at) if row is not None else Schedule()


def set_schedule(session: Session, actor: Actor, at: str) -> None:
    """Train each night at HH:MM, or never (""). Raises `InvalidInput`."""
    found = re.fullmatch(r"(\d{1,2}):(\d{2})(?::\d{2})?", at)
    if at and (found is None or int(found[1]) > 23 or int(found[2]) > 59):
        raise InvalidInput(f"时间 {at!r} 写成 02:30 这样 / write a time like 02:30")
    at = f"{int(found[1]):02d}:{found[2]}" if found else OFF
    row = session.get(ScheduleRow, ROW)
    before = {"at": row.at} if row is not None else None
    if row is None:
        row = ScheduleRow(id=ROW)
        session.add(row)
    row.at, row.set_by, row.set_at = at, actor.name, now()
    write_audit(session, actor, "job.schedule", "schedule", before, {"at": at})


def ask_if_due(engine: Engine, moment: datetime | None = None) -> int | None:
    """Queue tonight's training if its time has come and something is new; the job's number.

    At most once a night, however many consoles ask: the night is noted in the transaction that queues the job.
    """
    moment = moment or now()
    with reading(engine) as session:
        if _due(session.get(ScheduleRow, ROW), moment) is None:
            return None
    clear_dead(engine)
    try:
        with transaction(engine) as session:
            row = session.get(ScheduleRow, ROW, with_for_update=True, populate_existing=True)
            night = _due(row, moment)
            if row is None or night is None:
                return None
            if not news(session).total:
                row.night = night.date()
                return None
            number = add(session, ITSELF)
            row.night = night.date()
            return number
    except (JobRuns, IntegrityError):
        return None  # asked again until the window closes


def _due(row: ScheduleRow | None, moment: datetime) -> datetime | None:
    """The scheduled time that waits to be dealt with, in Qingpu."""
    if row is None or not row.at:
        return None
    local = moment.astimezone(SHANGHAI)
    hour, minute = map(int, row.at.split(":"))
    latest = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if latest > local:
        latest -= timedelta(days=1)
    over = local - latest > WINDOW or row.night == latest.date()
    return None if over or row.set_at > latest else latest
