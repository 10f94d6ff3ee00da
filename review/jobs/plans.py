"""Jobs of adopted plans: asking for one, starting it."""

from __future__ import annotations

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from review.accounts.audit import Actor
from review.adopting.adoptions import adoption
from review.database.jobs import BUILD_PLAN, JUDGE_PLAN, READ_PLAN
from review.jobs.book import ask_for
from review.jobs.starting import start
from review.settings import Settings


def read_plan(engine: Engine, settings: Settings, actor: Actor, adoption_id: int) -> None:
    """Read an uploaded file in the background. Raises `NothingThere`, `JobRuns`, `OSError`."""

    def note(session: Session, number: int) -> None:
        adoption(session, adoption_id).read_job = number

    start(engine, settings, ask_for(engine, actor, READ_PLAN, also=note))


def build_plan(engine: Engine, settings: Settings, actor: Actor, adoption_id: int) -> None:
    """Build the plan's own store in the background. Raises the same."""

    def note(session: Session, number: int) -> None:
        adoption(session, adoption_id).build_job = number

    start(engine, settings, ask_for(engine, actor, BUILD_PLAN, also=note))


def judge_plan(engine: Engine, settings: Settings, actor: Actor, adoption_id: int) -> None:
    """Evaluate the plan's own store in the background. Raises the same."""

    def note(session: Session, number: int) -> None:
        adoption(session, adoption_id).judge_job = number

    start(engine, settings, ask_for(engine, actor, JUDGE_PLAN, also=note))
