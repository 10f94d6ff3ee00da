"""The audit log in words: what was done, to what by its name, and what changed. The log itself keeps ids only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from conversations.models import NoticeRow, StaffRequestRow, TurnRow
from knowledge.catalogue.topics import TOPIC_NAMES
from review.database.adopting import AdoptionRow
from review.database.people import AccountRow, AuditRow
from review.database.work import CommitmentEditRow, CorrectionRow
from review.inbox.filters import Filters
from review.inbox.listing import ids_with_text
from review.language import translator
from review.pages.audit_names import (
    ACTION_NAMES,
    ACTOR_NAMES,
    FIELD_NAMES,
    FIELD_VALUES,
    NOBODY,
    OWN_VALUES,
    TARGET_NAMES,
    VALUE_NAMES,
)
from review.shown import danger
from review.visit import Visit

HEADER = ("编号", "时间", "人", "动作", "种类", "对象", "改了什么", "来自")  # of `as_row`
GONE = "（已删除）"
EVERY_ANSWER = "所有答复"
PART = 500  # ids in one question to the database
Names = Mapping[str, str]
_COMMITMENT = re.compile(r"c-[0-9a-f]{4,}")  # how an id of one looks


@dataclass(frozen=True)
class Entry:
    """An entry in the reader's language. `kind` and `name` say what was touched, `address` leads there ("" for nowhere)."""

    id: int
    at: Any
    account: str
    action: str
    kind: str
    name: str
    address: str
    changes: Sequence[str]
    browser: str


def entries(visit: Visit, session: Session, rows: Sequence[AuditRow]) -> list[Entry]:
    """Rows of the log in words. Names are those of now: of what is erased or gone, none is left."""
    say = translator(visit.language)
    values = {value for row in rows for value in _values(row)}
    touched = {row.target for row in rows}
    commitments = {f"commitment:{value}" for value in values if _COMMITMENT.fullmatch(str(value))}
    people = {f"account:{number}" for row in rows for number in _assigned(row)}
    names = names_of(visit, session, touched | commitments | people)
    return [_entry(row, names, say) for row in rows]


def _values(row: AuditRow) -> Iterator[Any]:
    for values in (row.before, row.after):
        yield from (value for value in (values or {}).values() if isinstance(value, str))


def _assigned(row: AuditRow) -> Iterator[int]:
    """Ids of accounts that turns were given to."""
    for values in (row.before, row.after):
        number = (values or {}).get("assigned_to")
        if isinstance(number, int) and number:
            yield number


def names_of(visit: Visit, session: Session, targets: Iterable[str]) -> Names:
    """Target → its name: the question of a turn or a correction, the title of a commitment, a person's name…"""
    ids: dict[str, list[str]] = {}
    for target in targets:
        kind, _, identifier = target.partition(":")
        ids.setdefault(kind, []).append(identifier)
    found: dict[str, str] = {}
    with visit.desk.log.session() as log:
        turns = select(TurnRow.id, TurnRow.question).where(TurnRow.id.in_(ids.get("turn", [])))
        found.update((f"turn:{i}", question) for i, question in log.execute(turns))
        asked = select(StaffRequestRow.reference, StaffRequestRow.text)
        for reference, text in log.execute(asked.where(StaffRequestRow.reference.in_(ids.get("request", [])))):
            found[f"request:{reference}"] = f"{reference} {text}"
        notices = select(NoticeRow.id, NoticeRow.zh).where(NoticeRow.id.in_(_numbers(ids.get("notice", []))))
        found.update((f"notice:{i}", zh) for i, zh in log.execute(notices))
    accounts = select(AccountRow.id, AccountRow.name).where(AccountRow.id.in_(_numbers(ids.get("account", []))))
    found.update((f"account:{i}", name) for i, name in session.execute(accounts))
    corrected = select(CorrectionRow.id, CorrectionRow.question, CorrectionRow.word, CorrectionRow.means)
    for i, question, word, means in session.execute(
        corrected.where(CorrectionRow.id.in_(_numbers(ids.get("correction", []))))
    ):
        found[f"correction:{i}"] = f"{word} → {means}" if word else question
    plans = select(AdoptionRow.id, AdoptionRow.file_name).where(AdoptionRow.id.in_(_numbers(ids.get("adoption", []))))
    found.update((f"adoption:{i}", name) for i, name in session.execute(plans))
    for identifier in ids.get("commitment", ()):
        commitment = visit.desk.plan.commitment(identifier)
        found[f"commitment:{identifier}"] = commitment.title if commitment else GONE
    found.update((f"danger:{kind}", danger(kind, visit.language)) for kind in ids.get("danger", ()))
    say = translator(visit.language)
    found.update((f"topic:{name}", say(TOPIC_NAMES.get(name, EVERY_ANSWER))) for name in ids.get("topic", ()))
    return found


def targets_with(visit: Visit, session: Session, text: str) -> list[str]:
    """Targets whose name holds a text: turns (among those that the inbox searches), requests, commitments and what was
    corrected towards them, corrections, people.
    """
    found = [f"turn:{identifier}" for identifier in ids_with_text(visit.desk.log, Filters(text=text))]
    named = (
        ("correction", CorrectionRow, (CorrectionRow.question, CorrectionRow.word, CorrectionRow.means)),
        ("adoption", AdoptionRow, (AdoptionRow.file_name,)),
        ("account", AccountRow, (AccountRow.name, AccountRow.full_name)),
    )
    for kind, table, columns in named:
        for column in columns:
            ids = session.scalars(select(table.id).where(column.contains(text, autoescape=True)))
            found += [f"{kind}:{identifier}" for identifier in ids]
    with visit.desk.log.session() as log:
        notices = log.scalars(select(NoticeRow.id).where(NoticeRow.zh.contains(text, autoescape=True)))
        found += [f"notice:{identifier}" for identifier in notices]
        asked = log.scalars(
            select(StaffRequestRow.reference).where(StaffRequestRow.text.contains(text, autoescape=True))
        )
        found += [f"request:{reference}" for reference in asked]
    called = _commitments_called(visit, session, text)
    found += [f"commitment:{identifier}" for identifier in called]
    for start in range(0, len(called), PART):
        towards = CorrectionRow.commitment_id.in_(called[start : start + PART])
        found += [f"correction:{identifier}" for identifier in session.scalars(select(CorrectionRow.id).where(towards))]
    return list(dict.fromkeys(found))


def _commitments_called(visit: Visit, session: Session, text: str) -> list[str]:
    """Ids of commitments with a text in their title, the plan's own or the one that staff gave."""
    edited = select(CommitmentEditRow.commitment_id).where(CommitmentEditRow.title.contains(text, autoescape=True))
    return [c.id for c in visit.desk.plan.ids.values() if text in c.title] + list(session.scalars(edited))


def _entry(row: AuditRow, names: Names, say: Callable[[str], str]) -> Entry:
    kind, _, identifier = row.target.partition(":")
    erasable = kind in ("turn", "correction", "commitment", "account", "notice", "adoption")
    name = names.get(row.target) or (say(GONE) if erasable else identifier)
    return Entry(
        id=row.id,
        at=row.at,
        account=say(ACTOR_NAMES.get(row.account, row.account)),
        action=say(ACTION_NAMES.get(row.action, row.action)),
        kind=say(TARGET_NAMES.get(kind, "")),
        name=name,
        address=_address(kind, identifier) if row.target in names or not erasable else "",
        changes=changes(row.before, row.after, say, kind, names),
        browser=row.address,
    )


def changes(
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    say: Callable[[str], str],
    kind: str = "",
    names: Names = MappingProxyType({}),
) -> list[str]:
    """What changed, field by field: 「状态：待处理 → 已处理」; what stayed as it was is left out.

    `kind` is that of the target, whose pages may have words of their own; `names` as `names_of` gives them.
    """
    old, new = before or {}, after or {}
    found = []
    for name in dict.fromkeys((*old, *new)):
        was, becomes = old.get(name), new.get(name)
        if was == becomes and name in old and name in new:
            continue
        label = say(FIELD_NAMES.get(name, name))
        known = [value for value, holds in ((was, name in old), (becomes, name in new)) if holds]
        told = [_told(value, say, name, kind, names) for value in known]
        arrow = " → " if name in old and name in new else ""
        found.append(f"{label}：{arrow.join(told)}" if arrow or name in new else f"{label}：{told[0]} → –")
    return found


def _told(value: Any, say: Callable[[str], str], name: str, kind: str, names: Names) -> str:
    if name == "assigned_to" and isinstance(value, int):
        return names.get(f"account:{value}", str(value)) if value else say(NOBODY)
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return say("是" if value else "否")
    if isinstance(value, (list, tuple)):
        return "、".join(map(str, value)) or "–"
    if not isinstance(value, str):
        return str(value)
    title = names.get(f"commitment:{value}", GONE)
    if title != GONE:
        return f"{title}（{value}）"
    for called in (OWN_VALUES.get(kind, {}), FIELD_VALUES.get(name, {}), VALUE_NAMES):
        if value in called:
            return say(called[value])
    return value


def _address(kind: str, identifier: str) -> str:
    pages = {"commitment": "/commitments/{}", "account": "/users/{}", "request": "/requests/{}"}
    pages |= {
        "release": "/releases/{}",
        "job": "/training/{}",
        "danger": "/danger/{}",
        "adoption": "/adopting/{}",
        "topic": "/next-steps",
        "document": "/documents",
        "correction": "/corrections#c{}",
    }
    return pages[kind].format(identifier) if kind in pages else ""


def _numbers(ids: Sequence[str]) -> list[int]:
    return [int(identifier) for identifier in ids if identifier.isdecimal()]


def as_row(entry: Entry) -> list[Any]:
    """As a line of an export, see `HEADER`."""
    who = [entry.id, entry.at, entry.account, entry.action]
    return [*who, entry.kind, entry.name, "；".join(entry.changes), entry.browser]
