"""The audit log, newest first."""

from __future__ import annotations

import json

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.orm import Session

from review.database.people import AuditRow
from review.pages.exporting import table_response
from review.typed import whole_number
from review.visit import Visit

PER_PAGE = 50
MOST_EXPORTED = 100_000


def show(visit: Visit) -> web.Response:
    """Entries, by person, action or target; `before` (an id) pages on."""
    with visit.desk.reading() as session:
        rows = _rows(visit, session, PER_PAGE + 1)
        more = rows[PER_PAGE - 1].id if len(rows) > PER_PAGE else None
        return visit.page("audit.html", entries=rows[:PER_PAGE], more=more, filters=dict(visit.query))


def export(visit: Visit) -> web.Response:
    """The same as CSV."""
    header = ["id", "at", "account", "action", "target", "before", "after", "address"]
    rows = []
    with visit.desk.reading() as session:
        for row in _rows(visit, session, MOST_EXPORTED):
            values = [json.dumps(v, ensure_ascii=False) if v is not None else "" for v in (row.before, row.after)]
            rows.append([row.id, row.at.isoformat(), row.account, row.action, row.target, *values, row.address])
    return table_response(header, rows, "audit.csv")


def _rows(visit: Visit, session: Session, most: int) -> list[AuditRow]:
    query = select(AuditRow).order_by(AuditRow.id.desc()).limit(most)
    for name, column in (("account", AuditRow.account), ("action", AuditRow.action), ("target", AuditRow.target)):
        if visit.query.get(name):
            query = query.where(column == visit.query[name])
    before = whole_number(visit.query.get("before", ""))
    if before is not None:
        query = query.where(AuditRow.id < before)
    return list(session.scalars(query))
