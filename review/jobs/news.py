"""What a training would learn that the last one did not: what people decided since it began."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from review.correcting.statuses import APPROVED, WITHDRAWN
from review.database.work import CommitmentEditRow, CorrectionRow
from review.jobs.book import last_success


@dataclass(frozen=True)
class News:
    """Since when (None: since ever), approved corrections by kind, corrections taken back, commitments edited, the newest."""

    since: datetime | None
    approved: Mapping[str, int]
    withdrawn: int
    commitments: int
    newest: Sequence[CorrectionRow]

    @property
    def total(self) -> int:
        """How many things are new."""
        return sum(self.approved.values()) + self.withdrawn + self.commitments


def news(session: Session, most: int = 0) -> News:
    """What is new, with the `most` newest corrections."""
    last = last_success(session)
    since = last.started_at if last is not None else None
    decided, edited = _after(CorrectionRow.decided_at, since), _after(CommitmentEditRow.changed_at, since)
    kinds = (
        select(CorrectionRow.kind, func.count())
        .where(CorrectionRow.status == APPROVED, *decided)
        .group_by(CorrectionRow.kind)
        .order_by(CorrectionRow.kind)
    )
    newest = select(CorrectionRow).where(CorrectionRow.status == APPROVED, *decided)
    return News(
        since,
        {kind: int(count) for kind, count in session.execute(kinds)},
        # What was taken back before any training was never learnt.
        _count(session, CorrectionRow.id, CorrectionRow.status == WITHDRAWN, *decided) if since else 0,
        _count(session, CommitmentEditRow.commitment_id, *edited),
        list(session.scalars(newest.order_by(CorrectionRow.decided_at.desc()).limit(most))) if most else [],
    )


def _after(column: Any, since: datetime | None) -> list[Any]:
    return [] if since is None else [column >= since]


def _count(session: Session, column: Any, *conditions: Any) -> int:
    return int(session.scalar(select(func.count(column)).where(*conditions)) or 0)
