"""Recording corrections.

What is said of a question, and words, reach residents in the same transaction (`publishing.py`); all kinds teach the next
model.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from conversations.masking import mask
from knowledge.catalogue.training_data import ASPECTS
from review.accounts.audit import Actor, write_audit
from review.correcting.danger import check_no_call_for_help
from review.correcting.intents import INTENTS
from review.correcting.objections import NO_OBJECTIONS, Objections, as_json
from review.correcting.publishing import republish
from review.correcting.statuses import APPROVED, PENDING
from review.correcting.taking_back import take_the_place
from review.database.columns import now
from review.database.work import CorrectionRow
from review.errors import InvalidInput

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
    is_to_wait: bool,
    turn_id: str = "",
    group_id: str = "",
    objections: Objections = NO_OBJECTIONS,
    instead_of: CorrectionRow | None = None,
) -> CorrectionRow:
    """Write a correction down; approved at once unless it is to wait for an editor or something speaks against it.

    `instead_of` is taken back in the moment in which this one is approved. Raises `InvalidInput`.
    """
    check(correction, known_commitments)
    waits = is_to_wait or bool(objections)
    row = CorrectionRow(
        **{**vars(correction), "question": mask(correction.question).text, "reason": mask(correction.reason).text},
        turn_id=turn_id,
        group_id=group_id,
        breaks=as_json(objections.breaks),
        doubts=as_json(objections.doubts),
        replaces=instead_of.id if instead_of else 0,
        status=PENDING if waits else APPROVED,
        made_by=actor.name,
        made_at=now(),
        decided_by="" if waits else actor.name,
        decided_at=None if waits else now(),
    )
    session.add(row)
    session.flush()
    take_the_place(session, actor, row)
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


def summary(row: CorrectionRow) -> dict[str, object]:
    """What counts of a correction, for the audit log; the question stands in the correction itself."""
    names = ("kind", "commitment_id", "intent", "aspect", "text", "url", "word", "means", "word_kind", "status")
    found: dict[str, object] = {name: getattr(row, name) for name in names if getattr(row, name)}
    if row.expires_on:
        found["expires_on"] = row.expires_on.isoformat()
    return found
