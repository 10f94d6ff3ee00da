"""Progress of commitments: recorded with date and source, approved, and then seen by residents beside the quote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.published import progress as published
from knowledge.published.progress import STATES, Progress
from review.accounts.audit import Actor, write_audit
from review.commitments.addresses import check_page
from review.commitments.verdicts import give_verdict
from review.correcting.statuses import APPROVED, PENDING
from review.database.columns import now
from review.database.work import ProgressRow
from review.errors import InvalidInput, NothingThere


@dataclass(frozen=True)
class Reported:
    """What a person fills in."""

    state: str
    figure: str
    as_of: date | None
    source: str
    url: str


def record(session: Session, actor: Actor, commitment_id: str, reported: Reported, *, two_people: bool) -> ProgressRow:
    """Write progress down; residents see it at once unless a second person has to approve. Raises `InvalidInput`."""
    _check(reported)
    row = ProgressRow(
        commitment_id=commitment_id,
        **vars(reported),
        status=PENDING if two_people else APPROVED,
        made_by=actor.name,
        made_at=now(),
        decided_by="" if two_people else actor.name,
        decided_at=None if two_people else now(),
    )
    session.add(row)
    session.flush()
    write_audit(session, actor, "progress.make", f"commitment:{commitment_id}", None, _summary(row))
    republish(session, commitment_id)
    return row


def decide(
    session: Session, actor: Actor, progress_id: int, version: int, verdict: str, *, two_people: bool
) -> ProgressRow:
    """Approve, refuse or withdraw. Raises as `corrections.decide`."""
    row = session.get(ProgressRow, progress_id)
    if row is None:
        raise NothingThere("没有这条进展 / no such entry")
    if verdict == APPROVED:
        check_page(row.url)  # one that was written before this was looked at
    before = give_verdict(row, actor, version, verdict, two_people=two_people, called="这条进展")
    session.flush()
    changed = {"status": before}
    write_audit(session, actor, f"progress.{verdict}", f"commitment:{row.commitment_id}", changed, _summary(row))
    republish(session, row.commitment_id)
    return row


def progress_of(session: Session, commitment_id: str) -> Sequence[ProgressRow]:
    """All that was recorded of a commitment, newest date first."""
    query = select(ProgressRow).where(ProgressRow.commitment_id == commitment_id)
    return list(session.scalars(query.order_by(ProgressRow.as_of.desc(), ProgressRow.id.desc())))


def republish(session: Session, commitment_id: str) -> None:
    """Residents see the approved progress of the latest date, or none."""
    latest = next((row for row in progress_of(session, commitment_id) if row.status == APPROVED), None)
    connection = session.connection()
    if latest is None:
        published.withdraw(connection, commitment_id)
        return
    published.publish(
        connection, Progress(commitment_id, latest.state, latest.figure, latest.as_of, latest.source, latest.url)
    )


def _check(reported: Reported) -> None:
    if reported.state not in STATES:
        raise InvalidInput("请选择进展 / choose a state")
    if reported.as_of is None or reported.as_of > date.today():
        raise InvalidInput("公布日期要填，且不晚于今天 / the date of publication is needed and not after today")
    if not 0 < len(reported.source) <= 120 or len(reported.figure) > 64:
        raise InvalidInput(
            "来源名称 1 到 120 字，数字最多 64 字 / the source has 1 to 120 characters, the figure at most 64"
        )
    check_page(reported.url)


def _summary(row: ProgressRow) -> dict[str, object]:
    return {
        "state": row.state,
        "figure": row.figure,
        "as_of": row.as_of.isoformat(),
        "source": row.source,
        "url": row.url,
        "status": row.status,
    }
