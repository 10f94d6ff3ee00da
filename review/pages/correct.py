"""Correcting one question, and the list of all corrections with their approval."""

from __future__ import annotations

from datetime import date, timedelta

from aiohttp import web

from knowledge.reply.wording import ASPECT_NAMES
from review.correcting import corrections
from review.correcting.approving import breaks_of, breaks_of_verdict
from review.correcting.corrections import KIND_NAMES, WORD_KINDS, Correction
from review.correcting.danger import check_correctable
from review.correcting.intents import INTENTS
from review.correcting.statuses import APPROVED, PENDING, REFUSED, WITHDRAWN
from review.errors import InvalidInput, NothingThere
from review.inbox.handling import find_turn
from review.pages.conversation import labels, shown_turn
from review.pages.inbox import back_of
from review.triage.alike import finish
from review.typed import day, whole_number
from review.visit import Visit, is_local

PER_PAGE = 30
SAID = {APPROVED: "approved", REFUSED: "refused", WITHDRAWN: "withdrawn"}


def show(visit: Visit) -> web.Response:
    """The question, what was told, what else was near, a search of the plan, and every way to correct it."""
    turn = visit.desk.turns.turn(visit.part("id"))
    if turn is None:
        raise NothingThere("没有这一条，可能已按保存期限删除 / no such turn: it may have been erased")
    searched = visit.query.get("q", "").strip()[:200]
    back = visit.query.get("back", "")
    with visit.desk.reading() as session:
        return visit.page(
            "correct.html",
            shown=shown_turn(visit, session, turn),
            searched=searched,
            results=visit.desk.plan.search(searched) if searched else (),
            plan=visit.desk.plan,
            back=back if is_local(back) else "",
            word_kinds=WORD_KINDS,
            intents=INTENTS,
            aspects=ASPECT_NAMES,
            soonest=date.today() + timedelta(days=1),
            **labels(),
        )


def take(visit: Visit) -> web.Response:
    """Record the correction of a turn; the turn is done with it."""
    turn_id, correction, known = visit.part("id"), read_form(visit), visit.desk.plan.ids
    turn = visit.desk.turns.turn(turn_id)
    if turn is not None:
        check_correctable(turn.outcome, turn.danger)
    two_people = visit.desk.settings.two_people
    with visit.desk.reading() as session:
        find_turn(session, turn_id)
        breaks = breaks_of(visit.desk.regression_check, session, correction, known)
    with visit.desk.transaction() as session:
        row = find_turn(session, turn_id)
        made = corrections.record(
            session, visit.actor, correction, known, two_people=two_people, turn_id=turn_id, breaks=breaks
        )
        finish(session, visit.actor, row)
        address = f"/corrections?status={PENDING}#c{made.id}"
    if breaks:
        return visit.go(address, "held")
    return visit.go(back_of(visit), "corrected-pending" if two_people else "corrected")


def read_form(visit: Visit) -> Correction:
    """The correction that a form holds."""
    return Correction(
        kind=visit.typed("kind"),
        question=visit.typed("question"),
        commitment_id=visit.typed("commitment_id"),
        intent=visit.typed("intent"),
        aspect=visit.typed("aspect"),
        text=visit.typed("text"),
        url=visit.typed("url"),
        expires_on=day(visit.typed("expires_on", most=10)),
        word=visit.typed("word"),
        means=visit.typed("means"),
        word_kind=visit.typed("word_kind"),
        reason=visit.typed("reason", most=500),
    )


def show_all(visit: Visit) -> web.Response:
    """All corrections, those that wait first."""
    status = visit.query.get("status", "")
    if status not in ("", PENDING, APPROVED, REFUSED, WITHDRAWN):
        raise InvalidInput("请从页面上选状态 / choose a status on the page")
    before = visit.query.get("before", "")
    with visit.desk.reading() as session:
        rows = corrections.list_corrections(session, status, whole_number(before), PER_PAGE + 1)
        return visit.page(
            "corrections.html",
            rows=rows[:PER_PAGE],
            more=rows[PER_PAGE - 1].id if len(rows) > PER_PAGE else None,
            chosen_status=status,
            plan=visit.desk.plan,
            kind_names=KIND_NAMES,
            intents=INTENTS,
            word_kinds=WORD_KINDS,
            today=date.today(),
        )


def decide(visit: Visit) -> web.Response:
    """Approve, refuse or take back. What would break right answers is not approved: the list says which."""
    number, verdict = visit.numbered("id"), visit.typed("verdict")
    with visit.desk.reading() as session:
        breaks = breaks_of_verdict(visit.desk.regression_check, session, number, verdict) if verdict == APPROVED else []
    with visit.desk.transaction() as session:
        row = corrections.decide(
            session,
            visit.actor,
            number,
            visit.number("version"),
            verdict,
            two_people=visit.desk.settings.two_people,
            breaks=breaks,
        )
        said = "held" if row.status == PENDING else SAID[row.status]
    if breaks:
        return visit.go(f"/corrections?status={PENDING}#c{number}", said)
    return visit.go(back_of(visit) if visit.typed("back") else "/corrections", said)
