"""What staff write beside answers: a commitment in plain words, and links to where a resident goes on.

Written by a reviewer or an editor, approved by an editor, live at once then, and gone with its withdrawal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.restating import MAX_CHARS, beyond, copies, fault_of, joined
from knowledge.catalogue.topics import TOPICS
from review.accounts.audit import Actor, write_audit
from review.commitments.addresses import check_page
from review.commitments.verdicts import give_verdict
from review.correcting.publishing import PLAIN, STEP, plain_lines, republish_line
from review.correcting.statuses import APPROVED, PENDING
from review.database.columns import now
from review.database.work import StaffLineRow
from review.errors import InvalidInput, NothingThere

MAX_NAME_CHARS = 24  # of a link: a button on a telephone


@dataclass(frozen=True)
class StaffLine:
    """What a person fills in, see `StaffLineRow`."""

    kind: str
    about: str
    text: str
    url: str = ""
    before: str = ""


def plain_now(session: Session, commitment: Commitment) -> str:
    """The line in plain words that residents see: staff's, or that of the release; "" for none."""
    held = plain_lines(session, commitment.id).get(commitment.id)
    return held[0] if held else commitment.plain


def plain_line(commitment: Commitment, text: str, places: Mapping[str, Sequence[str]]) -> StaffLine:
    """A line in plain words, checked as a build checks it. Raises `InvalidInput`, which says what is too much in it."""
    fault = fault_of(text, commitment.headline, commitment.passage.text, places)
    if fault:
        raise InvalidInput(f"这句大白话{fault[0]}。请{fault[1]} / {_in_english(commitment, text, places)}")
    return StaffLine(PLAIN, commitment.id, text, before=commitment.plain)


def _in_english(commitment: Commitment, text: str, places: Mapping[str, Sequence[str]]) -> str:
    if not text.strip() or "\n" in text or len(text) > MAX_CHARS:
        return f"write one line of at most {MAX_CHARS} characters"
    if copies(text, commitment.headline):
        return "these are the plan's own words: say it in plainer ones"
    more = joined(beyond(text, commitment.passage.text, places))
    return f"this does not stand in the plan's sentence: {more}. Numbers, names and promises have to stand there"


def step_line(about: str, name: str, url: str, commitments: Mapping[str, Commitment]) -> StaffLine:
    """A link under answers. Raises `InvalidInput`."""
    if about and about not in TOPICS and about not in commitments:
        raise InvalidInput("请选择在哪些答复下面显示 / choose under which answers it is shown")
    if not 0 < len(name) <= MAX_NAME_CHARS:
        raise InvalidInput(f"名称 1 到 {MAX_NAME_CHARS} 个字 / the name has 1 to {MAX_NAME_CHARS} characters")
    check_page(url)
    return StaffLine(STEP, about, name, url)


def record(session: Session, actor: Actor, line: StaffLine, *, approves: bool) -> StaffLineRow:
    """Write a line down; live at once where who wrote it `approves` it as well."""
    row = StaffLineRow(
        **vars(line),
        status=APPROVED if approves else PENDING,
        made_by=actor.name,
        made_at=now(),
        decided_by=actor.name if approves else "",
        decided_at=now() if approves else None,
        version=1,
    )
    session.add(row)
    session.flush()
    _audit(session, actor, "make", row)
    republish_line(session, row)
    return row


def decide(
    session: Session, actor: Actor, line_id: int, version: int, verdict: str, *, two_people: bool
) -> StaffLineRow:
    """Approve, refuse or withdraw. Raises as `corrections.decide`."""
    row = session.get(StaffLineRow, line_id)
    if row is None:
        raise NothingThere("没有这一条 / there is no such line")
    if verdict == APPROVED and row.url:
        check_page(row.url)  # one that was written before this was looked at
    before = give_verdict(row, actor, version, verdict, two_people=two_people, called="这一条")
    session.flush()
    _audit(session, actor, verdict, row, before)
    republish_line(session, row)
    return row


def lines_of(session: Session, kind: str, about: str | None = None) -> Sequence[StaffLineRow]:
    """All of a kind, of one commitment or topic if that is given, newest first."""
    query = select(StaffLineRow).where(StaffLineRow.kind == kind).order_by(StaffLineRow.id.desc())
    return list(session.scalars(query if about is None else query.where(StaffLineRow.about == about)))


def _audit(session: Session, actor: Actor, done: str, row: StaffLineRow, before: str = "") -> None:
    shown = {"text": row.text, "status": row.status} | ({"url": row.url} if row.url else {})
    is_commitment = row.kind == PLAIN or row.about.startswith("c-")
    target = f"commitment:{row.about}" if is_commitment else f"topic:{row.about}"
    write_audit(session, actor, f"{row.kind}.{done}", target, {"status": before} if before else None, shown)
