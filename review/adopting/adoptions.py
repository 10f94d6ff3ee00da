"""The plans that are being adopted, as rows: one more, all of them, one, none any more."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from review.accounts.audit import Actor, write_audit
from review.adopting.folders import PlanFolder, safe_name
from review.database.adopting import AdoptedCommitmentRow, AdoptedQuestionRow, AdoptionRow
from review.database.columns import now
from review.errors import InvalidInput, NothingThere
from review.typed import Uploaded

MOST_KEPT = 20  # each may be 50 MB and a store of its own


def adopt(session: Session, actor: Actor, root: Path, upload: Uploaded) -> int:
    """Keep an uploaded file; its number. Raises `InvalidInput` where there are too many already."""
    if (session.scalar(select(func.count()).select_from(AdoptionRow)) or 0) >= MOST_KEPT:
        raise InvalidInput(f"已经有 {MOST_KEPT} 份，先删去不要的 / there are {MOST_KEPT} already: remove some first")
    name = safe_name(upload.name)
    row = AdoptionRow(file_name=name, size=upload.size, made_by=actor.name, made_at=now())
    session.add(row)
    session.flush()
    PlanFolder.of(root, row.id).take(upload.path, name)
    write_audit(session, actor, "adoption.upload", f"adoption:{row.id}", None, {"name": name})
    return int(row.id)


def adoptions(session: Session) -> Sequence[AdoptionRow]:
    """All, newest first."""
    return list(session.scalars(select(AdoptionRow).order_by(AdoptionRow.id.desc())))


def adoption(session: Session, adoption_id: int) -> AdoptionRow:
    """One. Raises `NothingThere`."""
    row: AdoptionRow | None = session.get(AdoptionRow, adoption_id)
    if row is None:
        raise NothingThere("没有这份规划 / there is no such plan")
    return row


def adoption_of(session: Session, job_id: int) -> AdoptionRow:
    """The one that a job works on. Raises `NothingThere`."""
    jobs = (AdoptionRow.read_job, AdoptionRow.build_job, AdoptionRow.judge_job)
    of_job = or_(*(each == job_id for each in jobs))
    row: AdoptionRow | None = session.scalars(select(AdoptionRow).where(of_job)).one_or_none()
    if row is None:
        raise NothingThere("这份规划已经删去 / this plan was removed")
    return row


def remove(session: Session, actor: Actor, root: Path, adoption_id: int) -> None:
    """Forget a plan, its file and all that was made of it. Raises `NothingThere`."""
    row = adoption(session, adoption_id)
    write_audit(session, actor, "adoption.remove", f"adoption:{row.id}", {"name": row.file_name}, None)
    for table in (AdoptedCommitmentRow, AdoptedQuestionRow):
        session.execute(delete(table).where(table.adoption_id == row.id))
    session.delete(row)
    session.flush()
    PlanFolder.of(root, adoption_id).remove()
