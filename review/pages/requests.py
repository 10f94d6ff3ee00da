"""Requests: handoffs, complaints, failed questions, suggestions."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from conversations.errors import SealBroken
from conversations.requests import STATUSES
from review import filtering
from review.accounts.audit import changed, write_audit
from review.errors import InvalidInput, NothingThere
from review.language import translator
from review.pages.exporting import table_response
from review.requests.handling import (
    KIND_NAMES,
    MAX_NOTE_CHARS,
    MOST_EXPORTED,
    PER_PAGE,
    STATUS_NAMES,
    due,
    find_request,
    find_requests,
    move_on,
    note_change,
    version_of,
)
from review.shown import channel, topic
from review.visit import Visit

HEADER = ("编号", "种类", "状态", "时间", "预计答复", "渠道", "主题", "内容", "处理情况")
FIELDS = (
    filtering.choice("kind", "种类", KIND_NAMES),
    filtering.choice("status", "状态", {**STATUS_NAMES, "all": "全部"}),
    filtering.text("text", "编号或内容", 60),
)


def show(visit: Visit) -> web.Response:
    """Requests by kind and status, newest first."""
    query = visit.taken(filtering.asked(visit.query, FIELDS))
    kind, status, text = _filters(query)
    try:
        shown, next_key = find_requests(visit.desk.log, kind, status, text, query.get("after", ""), PER_PAGE)
    except InvalidInput:
        visit.taken(filtering.out_of_place(query, "after"))
        shown, next_key = find_requests(visit.desk.log, kind, status, text, "", PER_PAGE)
    return visit.page(
        "requests.html",
        requests=shown,
        next_key=next_key,
        due=due,
        kind=kind,
        chosen_status=status,
        text=text,
        kinds=KIND_NAMES,
        statuses=STATUS_NAMES,
    )


def export(visit: Visit) -> web.Response:
    """The same as CSV or XLSX; contacts are not in it."""
    shown, _ = find_requests(visit.desk.log, *_filters(filtering.strictly(visit.query, FIELDS)), "", MOST_EXPORTED)
    say = translator(visit.language)
    rows = [
        [
            r.reference,
            say(KIND_NAMES.get(r.kind, r.kind)),
            say(STATUS_NAMES.get(r.status, r.status)),
            r.created_at,
            expected.day.isoformat() if (expected := due(r)) else "",
            say(channel(r.channel)),
            say(topic(r.topic)),
            r.text,
            r.note,
        ]
        for r in shown
    ]
    with visit.desk.transaction() as session:
        write_audit(session, visit.actor, "requests.export", "requests", None, {"rows": len(rows)})
    return table_response(visit, HEADER, rows, "requests")


def show_one(visit: Visit) -> web.Response:
    """One request, with the conversation that it came from."""
    return _page(visit, "")


def reveal(visit: Visit) -> web.Response:
    """Open the sealed contact, for this once; who did is audited."""
    reference = visit.part("reference")
    if not find_request(visit.desk.log, reference).contact:
        raise NothingThere("居民没有留联系方式 / the resident left no contact")
    try:
        contact = visit.desk.requests.contact(reference)
    except SealBroken as error:
        raise NothingThere(
            "联系方式打不开：密钥换过了 / the contact cannot be opened: the secret was changed"
        ) from error
    with visit.desk.transaction() as session:
        write_audit(session, visit.actor, "request.reveal-contact", f"request:{reference}")
    return _page(visit, contact)


def change(visit: Visit) -> web.Response:
    """Status and note."""
    reference = visit.part("reference")
    before = find_request(visit.desk.log, reference)
    status, note = visit.typed("status"), visit.typed("note", most=MAX_NOTE_CHARS)
    move_on(visit.desk.log, reference, status, note, visit.typed("version", most=40))
    noted = note_change(before.note, find_request(visit.desk.log, reference).note)
    old, new = ({"status": each, "note": told} for each, told in zip((before.status, status), noted))
    with visit.desk.transaction() as session:
        write_audit(session, visit.actor, "request.change", f"request:{reference}", *changed(old, new))
    return visit.go(f"/requests/{reference}", "saved")


def _page(visit: Visit, contact: str) -> web.Response:
    row = find_request(visit.desk.log, visit.part("reference"))
    return visit.page(
        "request.html",
        request=row,
        version=version_of(row),
        contact=contact,
        due=due,
        about=visit.desk.plan.commitment(row.about) if row.about else None,
        kinds=KIND_NAMES,
        statuses={status: STATUS_NAMES[status] for status in STATUSES},
    )


def _filters(query: Mapping[str, str]) -> tuple[str, str, str]:
    return query.get("kind", ""), query.get("status", ""), query.get("text", "")
