"""Of which plan a decision is: that which was in use when it was taken, by the switches in the audit log.

"" is the repository's plan, else the short title of an adopted one that took its place (docs/decisions/0059).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from review.database.columns import now
from review.database.people import AuditRow
from review.database.work import CorrectionRow

SWITCHES = ("release.promote", "release.roll_back")
BOUND = ("link", "silent", "pointer")  # kinds that say something of a plan; the others hold under every plan
SILENT_ONES = ("silent", "pointer")  # nothing in them names a commitment: by itself nobody sees of which plan they are


def plan_at(session: Session) -> Callable[[datetime], str]:
    """What tells the plan that was in use at a moment (with a time zone)."""
    query = select(AuditRow.at, AuditRow.after).where(AuditRow.action.in_(SWITCHES)).order_by(AuditRow.at, AuditRow.id)
    switches = [(row.at, str((row.after or {}).get("plan") or "")) for row in session.execute(query)]
    moments = [at for at, _ in switches]

    def plan(moment: datetime) -> str:
        found = bisect_right(moments, moment)
        return switches[found - 1][1] if found else ""

    return plan


def plan_now(session: Session) -> str:
    """That in use."""
    return plan_at(session)(now())


def plan_of(row: CorrectionRow, plan: Callable[[datetime], str]) -> str:
    """The plan that was in use when a correction was approved, or while it is not, made."""
    return plan(row.decided_at or row.made_at)
