"""Choosing requests and moving them on. Contacts stay sealed until somebody asks for one, which is audited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, or_, select, update

from conversations.database import Database
from conversations.masking import mask
from conversations.models import StaffRequestRow
from conversations.requests import STATUSES, StaffRequest, request_of
from review.database.columns import now
from review.errors import ChangedMeanwhile, InvalidInput, NothingThere
from review.typed import key_moment
from wire.reply_day import is_overdue, reply_day

KIND_NAMES: Mapping[str, str] = {
    "handoff": "要找人工",
    "complaint": "投诉或反映",
    "failed_question": "没答成的问题",
    "suggestion": "建议",
}
STATUS_NAMES: Mapping[str, str] = {"open": "待处理", "in_progress": "处理中", "done": "已处理"}
NOTE_NAMES: Mapping[str, str] = {"none": "没有写", "written": "写了", "changed": "改了", "dropped": "删去了"}
PER_PAGE = 30
MOST_EXPORTED = 50_000
MAX_NOTE_CHARS = 1000


def find_requests(
    log: Database, kind: str, status: str, text: str, key: str, most: int
) -> tuple[Sequence[StaffRequest], str]:
    """Requests, newest first, and the key of the next page ("" for the last). Raises `InvalidInput` for a foreign key.

    `status` "" is everything not done, `all` everything.
    """
    query = select(StaffRequestRow).order_by(StaffRequestRow.created_at.desc(), StaffRequestRow.reference.desc())
    if kind:
        query = query.where(StaffRequestRow.kind == kind)
    if status != "all":
        query = query.where(StaffRequestRow.status == status if status else StaffRequestRow.status != "done")
    if text:
        query = query.where(
            or_(StaffRequestRow.reference == text.upper(), StaffRequestRow.text.contains(text, autoescape=True))
        )
    if key:
        at, reference = _key(key)
        older = StaffRequestRow.created_at < at
        same = and_(StaffRequestRow.created_at == at, StaffRequestRow.reference < reference)
        query = query.where(StaffRequestRow.created_at <= at, or_(older, same))
    with log.session() as session:
        rows = session.scalars(query.limit(most + 1)).all()
        shown = [request_of(row) for row in rows[:most]]
        last = rows[most - 1] if len(rows) > most else None
        return shown, f"{last.created_at.isoformat()}|{last.reference}" if last else ""


@dataclass(frozen=True)
class ReplyDue:
    """By which day a resident was told to expect a reply, and whether that has passed."""

    day: date
    late: bool


def due(request: StaffRequest | StaffRequestRow) -> ReplyDue | None:
    """What is due to whoever registered; None for what is done, and for what nobody was told a number of."""
    if request.status == "done" or request.kind == "failed_question" or request.created_at is None:
        return None
    day = reply_day(request.created_at)
    return ReplyDue(day, is_overdue(request.created_at, now())) if day else None


def find_request(log: Database, reference: str) -> StaffRequestRow:
    """One request as its row. Raises `NothingThere`."""
    with log.session() as session:
        row = session.get(StaffRequestRow, reference)
        if row is None:
            raise NothingThere("没有这个编号 / no such reference number")
        return row


def note_change(before: str, after: str) -> tuple[str, str]:
    """What the audit log says of a note before and after (`NOTE_NAMES`): never its words, which can be erased."""
    if before == after:
        return ("written", "written") if before else ("none", "none")
    return "written" if before else "none", "dropped" if not after else "changed" if before else "written"


def version_of(row: StaffRequestRow) -> str:
    """What a form carries so that nobody overwrites a colleague: when the request was last changed."""
    return row.changed_at.isoformat() if row.changed_at else "never"


def move_on(log: Database, reference: str, status: str, note: str, version: str) -> None:
    """Set status and note. Raises `InvalidInput`, `NothingThere`, and `ChangedMeanwhile` if a colleague was faster."""
    if status not in STATUSES:
        raise InvalidInput("请选择状态 / choose a status")
    seen = find_request(log, reference)
    if version_of(seen) != version:
        raise ChangedMeanwhile(
            "同事刚改过这个登记，您的内容没有保存，请看清再改 / a colleague changed this request: nothing was saved"
        )
    unchanged = (
        StaffRequestRow.changed_at.is_(None)
        if seen.changed_at is None
        else StaffRequestRow.changed_at == seen.changed_at
    )
    change = update(StaffRequestRow).where(StaffRequestRow.reference == reference, unchanged)
    with log.session(write=True) as session:
        done = session.execute(
            change.values(status=status, note=mask(note).text, changed_at=now()).execution_options(
                synchronize_session=False
            )
        )
    if not done.rowcount:
        raise ChangedMeanwhile("同事刚改过这个登记，请看清再改 / a colleague changed this request meanwhile")


def _key(key: str) -> tuple[datetime, str]:
    moment, _, reference = key.partition("|")
    try:
        return key_moment(moment), reference
    except ValueError as error:
        raise InvalidInput("这一页的地址不对，请重新翻页 / page on from the list again") from error
