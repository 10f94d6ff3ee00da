"""Evaluating from a page: a job of kind `evaluate`, in a process that needs no console."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from sqlalchemy.orm import Session

from review.accounts.audit import Actor
from review.desk import Desk
from review.errors import GateNotRun

BOOK, STARTING = "review.jobs.book", "review.jobs.starting"


def evaluate_in_background(desk: Desk, actor: Actor, release_id: str) -> int:
    """Ask for the job and start it; its number. Raises `ReviewError`, also where another job is under way."""
    if find_spec("review.jobs") is None:
        raise GateNotRun(
            f"这个版本没有后台任务，请在终端运行 python -m review evaluate {release_id} / run that in a terminal"
        )
    book: Any = import_module(BOOK)
    number = int(book.ask_for(desk.engine, actor, book.EVALUATE, release_id))
    import_module(STARTING).start(desk.engine, desk.settings, number)
    return number


def job_under_way(session: Session) -> Any | None:
    """The training or evaluation that is queued or runs, None if there is none."""
    if find_spec("review.jobs") is None:
        return None
    book: Any = import_module(BOOK)
    return book.unfinished(session)
