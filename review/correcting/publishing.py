"""What is approved reaches residents through `knowledge.published`: written in the transaction that approves, gone with the one that withdraws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from knowledge.published import tables
from knowledge.published.corrections import (
    AboutQuestion,
    Link,
    LiveCorrections,
    NextStep,
    PlainWords,
    Pointer,
    Refusal,
    Word,
)
from knowledge.published.tables import Published
from review.correcting.of_plan import SILENT_ONES, plan_at, plan_of
from review.correcting.statuses import APPROVED, WITHDRAWN
from review.database.columns import now
from review.database.engine import reading, transaction
from review.database.work import CommitmentEditRow, CorrectionRow, StaffLineRow

PLAIN, STEP = "plain", "step"  # kinds of `StaffLineRow`
LIVE_KINDS = ("link", "pointer", "silent", "not_ours", "word")


def as_live(row: Any) -> AboutQuestion | Word | None:
    """What goes live of a correction (a row or what a person filled in); None for a kind that is taught."""
    if row.kind == "link":
        return Link(row.question, row.commitment_id)
    if row.kind == "pointer":
        return Pointer(row.question, row.text, row.url, row.expires_on)
    if row.kind in ("silent", "not_ours"):
        return Refusal(row.question, row.aspect, outside=row.kind == "not_ours")
    if row.kind == "word":
        return Word(row.word, row.means, row.word_kind)
    return None


def republish(session: Session, row: CorrectionRow) -> None:
    """Residents get a correction while it is approved and says something of the plan in use, and not otherwise."""
    live = as_live(row) if row.status == APPROVED and _is_of_plan_in_use(session, row) else None
    tables.publish(session.connection(), _source(row), [live] if live else [])


def _is_of_plan_in_use(session: Session, row: CorrectionRow) -> bool:
    """That a plan is silent was said of the plan that was in use then; links to what a plan has not are left out by finders."""
    if row.kind not in SILENT_ONES:
        return True
    plan = plan_at(session)
    return plan_of(row, plan) == plan(now())


def republish_edit(session: Session, row: CommitmentEditRow) -> None:
    """The sample questions that staff wrote reach their commitment at once, and its title is what they call it."""
    published: list[Published] = [Link(question, row.commitment_id) for question in row.questions]
    tables.publish(session.connection(), _edit_source(row), [*published, (row.commitment_id, row.title)])


def plain_lines(session: Session, commitment_id: str = "") -> dict[str, tuple[str, StaffLineRow]]:
    """Commitment → the line in plain words that holds by what staff decided, and the row that was decided last of it.

    The newest approved one holds; where all were withdrawn, what stood before the first. "" is none.
    """
    query = select(StaffLineRow).where(StaffLineRow.kind == PLAIN, StaffLineRow.status.in_((APPROVED, WITHDRAWN)))
    if commitment_id:
        query = query.where(StaffLineRow.about == commitment_id)
    rows = sorted(session.scalars(query), key=lambda row: (row.decided_at, row.id))
    found: dict[str, list[StaffLineRow]] = {}
    for row in rows:
        found.setdefault(row.about, []).append(row)
    return {about: (_line_of(own), own[-1]) for about, own in found.items()}


def _line_of(rows: Sequence[StaffLineRow]) -> str:
    approved = [row for row in rows if row.status == APPROVED]
    return str(approved[-1].text if approved else min(rows, key=lambda row: row.id).before)


def republish_line(session: Session, row: StaffLineRow) -> None:
    """Residents get the line in plain words that holds of a commitment, or a link while it is approved."""
    published: list[Published] = []
    if row.kind == STEP and row.status == APPROVED:
        published = [NextStep(row.text, row.url, row.about)]
    elif row.kind == PLAIN:
        held = plain_lines(session, row.about).get(row.about)
        published = [PlainWords(row.about, held[0])] if held else []
    tables.publish(session.connection(), _line_source(row), published)


def publish_of_plan(session: Session) -> None:
    """Another plan is in use: what was said of it is published again, and what was said of the other no more."""
    session.flush()
    _publish_missing(session)


def publish_missing(engine: Engine) -> None:
    """Publish what was approved before there was this table, and take back what should not be there."""
    with reading(engine) as session:
        if not _differs(session):
            return  # without keeping the bot from writing meanwhile
    with transaction(engine) as session:
        _publish_missing(session)


def _differs(session: Session) -> bool:
    return {source for source, _ in _wanted(session)} != tables.sources(session.connection())


def _wanted(session: Session) -> list[tuple[str, CommitmentEditRow | CorrectionRow | StaffLineRow]]:
    """What should be published, by its source in the table, oldest first."""
    edits = session.scalars(select(CommitmentEditRow).order_by(CommitmentEditRow.changed_at))
    corrections = session.scalars(
        select(CorrectionRow)
        .where(CorrectionRow.status == APPROVED, CorrectionRow.kind.in_(LIVE_KINDS))
        .order_by(CorrectionRow.decided_at, CorrectionRow.id)
    )
    plan = plan_at(session)
    now_in_use = plan(now())
    corrections_of_plan = [
        row for row in corrections if row.kind not in SILENT_ONES or plan_of(row, plan) == now_in_use
    ]
    steps = select(StaffLineRow).where(StaffLineRow.kind == STEP, StaffLineRow.status == APPROVED)
    lines = [*(row for _, row in plain_lines(session).values()), *session.scalars(steps.order_by(StaffLineRow.id))]
    return [
        *((_edit_source(row), row) for row in edits),
        *((_source(row), row) for row in corrections_of_plan),
        *((_line_source(row), row) for row in lines),
    ]


def _source(row: CorrectionRow) -> str:
    return _source_of(row.id)


def _source_of(correction_id: int) -> str:
    return f"correction:{correction_id}"


def _edit_source(row: CommitmentEditRow) -> str:
    return f"commitment:{row.commitment_id}"


def _line_source(row: StaffLineRow) -> str:
    return f"{PLAIN}:{row.about}" if row.kind == PLAIN else f"{STEP}:{row.id}"


def _publish_missing(session: Session) -> None:
    wanted, found = _wanted(session), tables.sources(session.connection())
    for source in found - {source for source, _ in wanted}:
        tables.withdraw(session.connection(), source)
    for source, row in wanted:
        if source in found:
            continue
        if isinstance(row, CommitmentEditRow):
            republish_edit(session, row)
        elif isinstance(row, StaffLineRow):
            republish_line(session, row)
        else:
            republish(session, row)


def live_now(session: Session, without: int = 0) -> LiveCorrections:
    """What is published, as the database has it now; as if the correction `without` were not."""
    return tables.read(session.connection(), _source_of(without))
