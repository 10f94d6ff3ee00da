"""Deciding on a recorded correction: approving, refusing, taking it back."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from review.accounts.audit import Actor, write_audit
from review.correcting.objections import NO_OBJECTIONS, Objections, as_json
from review.correcting.statuses import APPROVED, PENDING, REFUSED, WITHDRAWN
from review.correcting.taking_back import check_may_take_back, settle, take_the_place
from review.database.work import RESIDENTS, CorrectionRow
from review.errors import ChangedMeanwhile, InvalidInput, NotAllowed, NothingThere
from review.shown import moment

VERDICTS: Mapping[str, tuple[str, ...]] = {PENDING: (APPROVED, REFUSED, WITHDRAWN), APPROVED: (WITHDRAWN,)}


def decide(
    session: Session,
    actor: Actor,
    correction_id: int,
    version: int,
    verdict: str,
    *,
    two_people: bool,
    others: bool = True,
    objections: Objections = NO_OBJECTIONS,
) -> CorrectionRow:
    """Approve, refuse, or take back. What would break something stays pending, and so does one's own that is doubtful.

    `others`: whether the role decides on other people's, and not only takes back one's own. Raises `NotAllowed`,
    `ChangedMeanwhile`, `InvalidInput`, `NothingThere`.
    """
    row = session.get(CorrectionRow, correction_id)
    if row is None:
        raise NothingThere("没有这条纠正 / no such correction")
    if row.version != version:
        raise ChangedMeanwhile(
            f"{row.decided_by or row.made_by} 在 {moment(row.decided_at)} 已经处理了这条 / somebody has decided this meanwhile"
        )
    if verdict not in VERDICTS.get(row.status, ()):
        raise InvalidInput("这一条现在不能这样处理 / that cannot be done with this one now")
    _check_role(row, actor, verdict, two_people=two_people, others=others)
    if verdict == APPROVED:
        row.breaks, row.doubts = as_json(objections.breaks), as_json(objections.doubts)
        adopted = _adopt(row, actor)
        own = row.made_by == actor.name
        if objections.breaks or (own and (objections.doubts or (adopted and two_people))):
            return _held(session, actor, row, objections)
    settle(session, actor, row, verdict)
    take_the_place(session, actor, row)
    return row


def _check_role(row: CorrectionRow, actor: Actor, verdict: str, *, two_people: bool, others: bool) -> None:
    if verdict == WITHDRAWN:
        check_may_take_back(row, actor, others=others)
    elif not others:
        raise NotAllowed("批准和退回要由编辑来做 / an editor approves or refuses")
    elif verdict == APPROVED and two_people and row.made_by == actor.name:
        raise NotAllowed("要由另一位同事批准 / another person has to approve this")


def _adopt(row: CorrectionRow, actor: Actor) -> bool:
    """What residents proposed is from now on the correction of whoever approves it first: they are no colleague."""
    if row.made_by != RESIDENTS:
        return False
    row.made_by = actor.name
    return True


def _held(session: Session, actor: Actor, row: CorrectionRow, objections: Objections) -> CorrectionRow:
    row.version += 1
    counts = {"breaks": len(objections.breaks), "doubts": len(objections.doubts)}
    write_audit(session, actor, "correction.held", f"correction:{row.id}", {"status": row.status}, counts)
    return row
