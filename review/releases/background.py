"""Evaluating from a page: a job of kind `evaluate`, in a process that needs no console."""

from __future__ import annotations

from sqlalchemy.orm import Session

from review.accounts.audit import Actor
from review.database.jobs import JobRow
from review.desk import Desk
from review.jobs import book, starting


def evaluate_in_background(desk: Desk, actor: Actor, release_id: str) -> int:
    """Ask for the job and start it; its number. Raises `ReviewError`, also where another job is under way."""
    number = book.ask_for(desk.engine, actor, book.EVALUATE, release_id)
    starting.start(desk.engine, desk.settings, number)
    return number


def job_under_way(session: Session) -> JobRow | None:
    """The training or evaluation that is queued or runs, None if there is none."""
    return book.unfinished(session)
