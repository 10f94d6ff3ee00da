"""The audit log in words, newest first; searchable by what was done, by whom, and by the name of what was touched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from review import filtering
from review.database.people import AuditRow
from review.filtering import Field
from review.language import translator
from review.pages.audit_names import ACTION_NAMES, ACTOR_NAMES, TARGET_NAMES
from review.pages.audit_words import HEADER, as_row, entries, targets_with
from review.pages.exporting import table_response
from review.typed import whole_number
from review.visit import Visit

PER_PAGE = 50
MOST_EXPORTED = 20_000
MAX_TEXT_CHARS = 60
PART = 500  # entries whose names are looked up at once


def show(visit: Visit) -> web.Response:
    """Entries, by person, action, target or words; `before` (an id) pages on."""
    with visit.desk.reading() as session:
        query = visit.taken(filtering.asked(visit.query, _fields(visit, session)))
        rows = _rows(visit, session, query, PER_PAGE + 1)
        more = rows[PER_PAGE - 1].id if len(rows) > PER_PAGE else None
        return visit.page(
            "audit.html",
            entries=entries(visit, session, rows[:PER_PAGE]),
            more=more,
            filters=query,
            actions=ACTION_NAMES,
        )


def export(visit: Visit) -> web.Response:
    """The same as CSV or XLSX."""
    with visit.desk.reading() as session:
        rows = _rows(visit, session, filtering.strictly(visit.query, _fields(visit, session)), MOST_EXPORTED)
        parts = (rows[start : start + PART] for start in range(0, len(rows), PART))
        lines = [as_row(entry) for part in parts for entry in entries(visit, session, part)]
    return table_response(visit, HEADER, lines, "audit")


def _fields(visit: Visit, session: Session) -> tuple[Field, ...]:
    def acted(name: str) -> bool:
        who = AuditRow.account == _actor(visit, name)
        return session.scalars(select(AuditRow.id).where(who).limit(1)).first() is not None

    return (
        filtering.text("text", "问题或名称里有", MAX_TEXT_CHARS),
        filtering.known("account", "人", acted),
        filtering.choice("action", "动作", ACTION_NAMES),
        filtering.known("target", "对象", lambda target: target.partition(":")[0] in TARGET_NAMES),
        filtering.number("before", "翻页"),
    )


def _actor(visit: Visit, name: str) -> str:
    """Who acts, by the name that the page shows."""
    say = translator(visit.language)
    return next((own for own, shown in ACTOR_NAMES.items() if name in (shown, say(shown))), name)


def _rows(visit: Visit, session: Session, wanted: Mapping[str, str], most: int) -> list[AuditRow]:
    query = select(AuditRow).order_by(AuditRow.id.desc()).limit(most)
    for name, column in (("action", AuditRow.action), ("target", AuditRow.target)):
        if name in wanted:
            query = query.where(column == wanted[name])
    if "account" in wanted:
        query = query.where(AuditRow.account == _actor(visit, wanted["account"]))
    if "text" in wanted:
        query = query.where(_about(visit, session, wanted["text"]))
    before = whole_number(wanted.get("before", ""))
    if before is not None:
        query = query.where(AuditRow.id < before)
    return list(session.scalars(query))


def _about(visit: Visit, session: Session, text: str) -> Any:
    """Entries whose target has a name with these words, or is called so itself (a reference, a release)."""
    itself = AuditRow.target.contains(text, autoescape=True)
    found = targets_with(visit, session, text)
    return or_(itself, *(AuditRow.target.in_(found[at : at + PART]) for at in range(0, len(found), PART)))
