"""The list of all corrections: what each is now, looked for and decided on; taking back one, or a whole group."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.published.corrections import today
from review import filtering
from review.accounts.roles import Role
from review.correcting import deciding, taking_back
from review.correcting.approving import objections_to_verdict
from review.correcting.corrections import KIND_NAMES, WORD_KINDS
from review.correcting.intents import INTENTS
from review.correcting.listing import MAX_TEXT_CHARS, CorrectionsWanted, find_corrections, surroundings, words_in
from review.correcting.objections import WHY_NAMES
from review.correcting.states import STATE_NAMES, Surroundings
from review.correcting.statuses import APPROVED, PENDING, REFUSED, WITHDRAWN
from review.database.work import CorrectionRow
from review.pages.inbox import back_of
from review.releases.gate import training_began
from review.releases.shelving import shelf_errors
from review.teaching.decisions import corrections_that_gave_way
from review.typed import whole_number
from review.visit import Visit

SAID = {APPROVED: "approved", REFUSED: "refused", WITHDRAWN: "withdrawn"}
TABS = {"": "全部", PENDING: "等批准", APPROVED: "已批准", REFUSED: "已退回", WITHDRAWN: "已撤下"}
FIELDS = (
    filtering.choice("status", "按状态", {name: label for name, label in TABS.items() if name}),
    filtering.choice("state", "现在怎样", STATE_NAMES),
    filtering.choice("kind", "哪一种", KIND_NAMES),
    filtering.text("text", "找问题、词、指引、人", MAX_TEXT_CHARS),
    filtering.choice("mine", "只看我的", {"yes": "是"}),
    filtering.number("number", "编号"),
    filtering.number("before", "翻页"),
)


def show_all(visit: Visit) -> web.Response:
    """Corrections, newest first, each with what it is now; filtered and searched by the address."""
    plan = visit.desk.plan
    with visit.desk.reading() as session:
        groups = filtering.known("group", "一组里的纠正", lambda group: _is_group(session, group))
        query = visit.taken(filtering.asked(visit.query, (*FIELDS, groups)))
        wanted, before = CorrectionsWanted.from_query(query), whole_number(query.get("before", ""))
        found, more = find_corrections(session, around(visit, session), wanted, visit.person.name, before)
        group = taking_back.group_of(session, wanted.group)
        return visit.page(
            "corrections.html",
            found=found,
            more=found[-1].row.id if more else None,
            wanted=wanted,
            group=group,
            may_take_back_group=_may_take_back(visit, {row.made_by for row in group}),
            tabs=TABS,
            plan=plan,
            kind_names=KIND_NAMES,
            state_names=STATE_NAMES,
            why_names=WHY_NAMES,
            intents=INTENTS,
            word_kinds=WORD_KINDS,
            today=today(),
        )


def _is_group(session: Session, group: str) -> bool:
    return session.scalars(select(CorrectionRow.id).where(CorrectionRow.group_id == group).limit(1)).first() is not None


def around(visit: Visit, session: Session) -> Surroundings:
    """What decides the states of corrections, on the plan and the release that serve."""
    with shelf_errors():
        rollout = visit.desk.shelf.rollout()
    learned_until = training_began(session, rollout.serving) if rollout else None
    finder = visit.desk.finder
    gave_way = corrections_that_gave_way(session, words_in(finder), finder.by_id)
    return surroundings(session, finder, gave_way, learned_until)


def decide(visit: Visit) -> web.Response:
    """Approve, refuse or take back. What would break right answers, or is doubtful and one's own, stays pending."""
    number, verdict = visit.numbered("id"), visit.typed("verdict")
    with visit.desk.reading() as session:
        objections = objections_to_verdict(visit.desk.regression_check, session, number, verdict)
    with visit.desk.transaction() as session:
        row = deciding.decide(
            session,
            visit.actor,
            number,
            visit.number("version"),
            verdict,
            two_people=visit.desk.settings.two_people,
            others=visit.may(Role.EDITOR),
            objections=objections,
        )
        held = row.status == PENDING
        said = "held" if objections.breaks else "doubted" if objections.doubts else "corrected-pending"
    if held:
        return visit.go(f"/corrections?status={PENDING}#c{number}", said)
    return visit.go(back_of(visit) if visit.typed("back") else "/corrections", SAID[verdict])


def take_back_group(visit: Visit) -> web.Response:
    """All that still stands of a group."""
    group_id = visit.part("id")
    with visit.desk.transaction() as session:
        taking_back.take_back_group(session, visit.actor, group_id, visit.number("seen"), others=visit.may(Role.EDITOR))
    return visit.go(f"/corrections?group={group_id}", "group-withdrawn")


def _may_take_back(visit: Visit, authors: set[str]) -> bool:
    return visit.may(Role.EDITOR) or (visit.may(Role.REVIEWER) and authors == {visit.person.name})
