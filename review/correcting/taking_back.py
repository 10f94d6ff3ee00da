"""Taking corrections back: one, a whole group, or the one whose place another takes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from review.accounts.audit import Actor, write_audit
from review.correcting.publishing import republish
from review.correcting.statuses import APPROVED, PENDING, WITHDRAWN
from review.database.columns import now
from review.database.work import CorrectionRow
from review.errors import ChangedMeanwhile, NotAllowed, NothingThere

STANDING = (PENDING, APPROVED)


def settle(session: Session, actor: Actor, row: CorrectionRow, verdict: str) -> None:
    """A correction has this status from now on; residents get it or not, the audit log says who."""
    before = {"status": row.status}
    row.status, row.decided_by, row.decided_at, row.version = verdict, actor.name, now(), row.version + 1
    session.flush()
    republish(session, row)
    write_audit(session, actor, f"correction.{verdict}", f"correction:{row.id}", before, {"status": verdict})


def take_the_place(session: Session, actor: Actor, row: CorrectionRow) -> None:
    """What an approved correction replaces is taken back, if it still stands."""
    replaced = session.get(CorrectionRow, row.replaces) if row.status == APPROVED and row.replaces else None
    if replaced is not None and replaced.status in STANDING:
        settle(session, actor, replaced, WITHDRAWN)


def check_may_take_back(row: CorrectionRow, actor: Actor, *, others: bool) -> None:
    """Raise `NotAllowed` for somebody else's correction, unless the role lets one take back those of `others`."""
    if not others and row.made_by != actor.name:
        raise NotAllowed("只能撤下自己的纠正，别人的请编辑撤下 / only your own: an editor takes back those of others")


def group_of(session: Session, group_id: str) -> Sequence[CorrectionRow]:
    """What still stands of a group that was corrected at once, oldest first."""
    standing = select(CorrectionRow).where(CorrectionRow.group_id == group_id, CorrectionRow.status.in_(STANDING))
    return session.scalars(standing.order_by(CorrectionRow.id)).all() if group_id else ()


def take_back_group(session: Session, actor: Actor, group_id: str, seen: int, *, others: bool) -> int:
    """Take back all of a group, or nothing; `seen` is how many the person saw. How many there were.

    Raises `NothingThere`, `ChangedMeanwhile`, `NotAllowed`.
    """
    rows = group_of(session, group_id)
    if not rows:
        raise NothingThere("这一组没有可撤下的了 / nothing of this group is left to take back")
    if len(rows) != seen:
        raise ChangedMeanwhile("这一组刚有人动过，请刷新再看 / somebody changed this group meanwhile: reload")
    for row in rows:
        check_may_take_back(row, actor, others=others)
        settle(session, actor, row, WITHDRAWN)
    return len(rows)
