"""Recording, approving and taking back corrections.

Links, pointers and words reach residents in the same transaction (`publishing.py`); the other kinds teach the next model.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from conversations.masking import mask
from knowledge.catalogue.training_data import ASPECTS
from review.accounts.audit import Actor, write_audit
from review.correcting.danger import check_no_call_for_help
from review.correcting.intents import INTENTS
from review.correcting.publishing import republish
from review.correcting.regression_check import Broken
from review.correcting.statuses import APPROVED, PENDING, REFUSED, WITHDRAWN
from review.database.columns import now
from review.database.work import CorrectionRow
from review.errors import ChangedMeanwhile, InvalidInput, NotAllowed, NothingThere
from review.shown import moment

KIND_NAMES: Mapping[str, str] = {
    "link": "由这条承诺回答",
    "intent": "应是这个主题或意图",
    "silent": "规划没有写",
    "not_ours": "不是本区公共服务",
    "pointer": "规划没写，给一个指引",
    "word": "给词表加一个词",
    "move": "训练例句换一个意图",
    "remove": "删除这条训练例句",
}
WORD_KINDS: Mapping[str, str] = {"synonym": "同义词", "dialect": "方言", "typo": "错别字"}
MAX_QUESTION_CHARS = 200  # longer messages tell a story; the reviewer shortens them to the question in it
MAX_POINTER_CHARS = 300
MAX_WORD_CHARS = 16
MAX_POINTER_DAYS = 366  # nobody vouches for a link longer without looking again


@dataclass(frozen=True)
class Correction:
    """What a person fills in; `kind` says which fields count (`database.work.CorrectionRow`)."""

    kind: str
    question: str = ""
    commitment_id: str = ""
    intent: str = ""
    aspect: str = ""
    text: str = ""
    url: str = ""
    expires_on: date | None = None
    word: str = ""
    means: str = ""
    word_kind: str = ""
    reason: str = ""


def record(
    session: Session,
    actor: Actor,
    correction: Correction,
    known_commitments: Collection[str],
    *,
    two_people: bool,
    turn_id: str = "",
    group_id: str = "",
    breaks: Sequence[Broken] = (),
) -> CorrectionRow:
    """Write a correction down; approved at once unless two people are wanted or it breaks something. Raises `InvalidInput`."""
    check(correction, known_commitments)
    waits = two_people or bool(breaks)
    row = CorrectionRow(
        **{**vars(correction), "question": mask(correction.question).text, "reason": mask(correction.reason).text},
        turn_id=turn_id,
        group_id=group_id,
        breaks=_as_json(breaks),
        status=PENDING if waits else APPROVED,
        made_by=actor.name,
        made_at=now(),
        decided_by="" if waits else actor.name,
        decided_at=None if waits else now(),
    )
    session.add(row)
    session.flush()
    republish(session, row)
    write_audit(session, actor, "correction.make", f"correction:{row.id}", None, summary(row))
    return row


def check(correction: Correction, known_commitments: Collection[str]) -> None:
    """Raise `InvalidInput` for a correction that says too little or what cannot be."""
    if correction.kind not in KIND_NAMES:
        raise InvalidInput("请选择怎么纠正 / choose a kind of correction")
    if correction.kind != "word" and not 0 < len(correction.question.strip()) <= MAX_QUESTION_CHARS:
        raise InvalidInput(
            f"问题 1 到 {MAX_QUESTION_CHARS} 个字 / the question has 1 to {MAX_QUESTION_CHARS} characters"
        )
    if correction.kind not in ("word", "remove"):  # a word has rules of its own; an example of danger may always go
        check_no_call_for_help(correction.question)
    if correction.kind == "link" and correction.commitment_id not in known_commitments:
        raise InvalidInput("规划里没有这条承诺，请重新搜索 / no such commitment: search again")
    if correction.kind in ("intent", "move") and correction.intent not in INTENTS:
        raise InvalidInput("请选择主题或意图 / choose a topic or an intent")
    if correction.aspect and correction.aspect not in ASPECTS:
        raise InvalidInput("请选择问的是哪方面 / choose what it asks for")
    if correction.kind == "pointer":
        _check_pointer(correction)
    if correction.kind == "word":
        _check_word(correction)


def _check_pointer(correction: Correction) -> None:
    if not 0 < len(correction.text) <= MAX_POINTER_CHARS:
        raise InvalidInput(f"指引 1 到 {MAX_POINTER_CHARS} 个字 / the pointer has 1 to {MAX_POINTER_CHARS} characters")
    check_source(correction.url)
    days = (correction.expires_on - date.today()).days if correction.expires_on else 0
    if not 0 < days <= MAX_POINTER_DAYS:
        raise InvalidInput("有效期从明天到一年以内，到期后请再核对 / the expiry date is from tomorrow to within a year")


def check_source(url: str) -> None:
    """Raise `InvalidInput` unless an address is one of a public https page."""
    parts = urlsplit(url)
    if parts.scheme != "https" or "." not in parts.netloc or re.search(r"[\s<>\"'@]", url) or len(url) > 500:
        raise InvalidInput(
            "来源要是 https:// 开头的公开网址 / the source is a public address that begins with https://"
        )


def _check_word(correction: Correction) -> None:
    for value in (correction.word, correction.means):
        if not 0 < len(value) <= MAX_WORD_CHARS or re.search(r"\s", value):
            raise InvalidInput(
                f"词 1 到 {MAX_WORD_CHARS} 个字，中间没有空格 / a word has 1 to {MAX_WORD_CHARS} characters, no blanks"
            )
    if correction.word == correction.means:
        raise InvalidInput("两个词一样 / both words are the same")
    if correction.word_kind not in WORD_KINDS:
        raise InvalidInput("请选择是哪种词 / choose the kind of word")


def decide(
    session: Session,
    actor: Actor,
    correction_id: int,
    version: int,
    verdict: str,
    *,
    two_people: bool,
    breaks: Sequence[Broken] = (),
) -> CorrectionRow:
    """Approve, refuse, or take back an approved one. What would break something stays pending, and says what.

    Raises `NotAllowed` where the author would approve, `ChangedMeanwhile`, `InvalidInput`, `NothingThere`.
    """
    row = session.get(CorrectionRow, correction_id)
    if row is None:
        raise NothingThere("没有这条纠正 / no such correction")
    if row.version != version:
        raise ChangedMeanwhile(
            f"{row.decided_by or row.made_by} 在 {moment(row.decided_at)} 已经处理了这条 / somebody has decided this meanwhile"
        )
    if verdict not in {PENDING: (APPROVED, REFUSED), APPROVED: (WITHDRAWN,)}.get(row.status, ()):
        raise InvalidInput("这一条现在不能这样处理 / that cannot be done with this one now")
    if verdict == APPROVED and two_people and row.made_by == actor.name:
        raise NotAllowed("要由另一位同事批准 / another person has to approve this")
    before = {"status": row.status}
    row.breaks = _as_json(breaks)
    if verdict == APPROVED and breaks:
        row.version += 1
        write_audit(session, actor, "correction.held", f"correction:{row.id}", before, {"breaks": len(breaks)})
        return row
    row.status, row.decided_by, row.decided_at, row.version = verdict, actor.name, now(), row.version + 1
    session.flush()
    republish(session, row)
    write_audit(session, actor, f"correction.{verdict}", f"correction:{row.id}", before, {"status": verdict})
    return row


def _as_json(breaks: Sequence[Broken]) -> list[dict[str, str]] | None:
    return [vars(each) for each in breaks] or None


def list_corrections(session: Session, status: str, before: int | None, most: int) -> Sequence[CorrectionRow]:
    """Corrections of a status (all if empty), newest first, older than the id `before`."""
    query = select(CorrectionRow).order_by(CorrectionRow.id.desc()).limit(most)
    if status:
        query = query.where(CorrectionRow.status == status)
    if before is not None:
        query = query.where(CorrectionRow.id < before)
    return list(session.scalars(query))


def corrections_of(session: Session, turn_id: str) -> Sequence[CorrectionRow]:
    """What was decided about a turn, newest first."""
    query = select(CorrectionRow).where(CorrectionRow.turn_id == turn_id).order_by(CorrectionRow.id.desc())
    return list(session.scalars(query))


def summary(row: CorrectionRow) -> dict[str, object]:
    """What counts of a correction, for the audit log; the question stands in the correction itself."""
    names = ("kind", "commitment_id", "intent", "aspect", "text", "url", "word", "means", "word_kind", "status")
    found: dict[str, object] = {name: getattr(row, name) for name in names if getattr(row, name)}
    if row.expires_on:
        found["expires_on"] = row.expires_on.isoformat()
    return found
