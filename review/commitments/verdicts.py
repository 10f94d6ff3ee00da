"""One person decides on what another wrote of a commitment: approved, refused, or withdrawn once it was approved."""

from __future__ import annotations

from review.accounts.audit import Actor
from review.correcting.statuses import APPROVED, PENDING, REFUSED, WITHDRAWN
from review.database.columns import now
from review.database.work import ProgressRow, StaffLineRow
from review.errors import ChangedMeanwhile, InvalidInput, NotAllowed

FOLLOWS = {PENDING: (APPROVED, REFUSED), APPROVED: (WITHDRAWN,)}


def give_verdict(
    row: ProgressRow | StaffLineRow, actor: Actor, version: int, verdict: str, *, two_people: bool, called: str
) -> str:
    """Change a row, which messages call so; its status before. Raises as `corrections.decide`."""
    if row.version != version:
        raise ChangedMeanwhile(f"别人刚处理过{called}，请看清再来 / somebody has decided this meanwhile")
    if verdict not in FOLLOWS.get(row.status, ()):
        raise InvalidInput("这一条现在不能这样处理 / that cannot be done with this one now")
    if verdict == APPROVED and two_people and row.made_by == actor.name:
        raise NotAllowed("要由另一位同事批准 / another person has to approve this")
    before = str(row.status)
    row.status, row.decided_by, row.decided_at, row.version = verdict, actor.name, now(), row.version + 1
    return before
