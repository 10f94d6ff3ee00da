"""Groups of unanswered questions, correcting a whole group, and the report for the plan's owners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.orm import Session

from conversations.models import TurnRow
from knowledge.reply.wording import ASPECT_NAMES
from review.correcting import corrections
from review.correcting.approving import objections_to
from review.correcting.intents import INTENTS
from review.database.work import GroupRow, TriageRow
from review.errors import ChangedMeanwhile, InvalidInput, NothingThere
from review.language import translator
from review.pages.correct import read_form
from review.pages.exporting import table_response
from review.shown import topic
from review.triage.alike import finish
from review.unanswered.grouping import DAYS, REPORT, WORK
from review.visit import Visit

MIN_SESSIONS = 3  # of a group in the report: nobody is recognised by a question (conversations/turn_log.py)
SHOWN = 30
HEADER = ("典型的问法", "主题", "缺的是", "次数", "会话")


@dataclass(frozen=True)
class Group:
    """A group and the words of its typical question."""

    row: GroupRow
    typical: str


def show(visit: Visit) -> web.Response:
    """The biggest group first."""
    with visit.desk.reading() as session:
        groups = _groups(visit, session, WORK)
    return visit.page("unanswered.html", groups=groups, days=DAYS, running=visit.desk.grouper.is_running)


def refresh(visit: Visit) -> web.Response:
    """Group anew, in the background."""
    visit.desk.slow.submit(visit.desk.grouper.run)
    return visit.go("/unanswered", "grouping")


def show_group(visit: Visit) -> web.Response:
    """A group's questions, and every way to correct them at once."""
    searched = visit.query.get("q", "").strip()[:200]
    with visit.desk.reading() as session:
        row = _group(session, visit.part("id"))
        words, open_ids = _words(visit, row.turns), _open(session, row.turns)
    members = [(i, words[i]) for i in row.turns if i in words and i in open_ids]
    typical = words.get(row.typical) or (members[0][1] if members else "")
    return visit.page(
        "group.html",
        group=row,
        members=members,
        typical=typical,
        searched=searched,
        results=visit.desk.plan.search(searched or typical) if typical else (),
        plan=visit.desk.plan,
        intents=INTENTS,
        aspects=ASPECT_NAMES,
        soonest=date.today() + timedelta(days=1),
        left_out=set(visit.all_typed("without")) if visit.refused else (),
    )


def show_group_again(visit: Visit) -> web.Response:
    """The group's page, with what was typed in the form that was refused."""
    visit.shown_at = f"/unanswered/{visit.part('id')}?{urlencode({'q': visit.typed('q', most=200)})}"
    return show_group(visit)


def correct_group(visit: Visit) -> web.Response:
    """One correction for each different question of the group; all its turns are done."""
    correction = read_form(visit)
    with visit.desk.reading() as session:
        row = _group(session, visit.part("id"))
        words, open_ids = _words(visit, row.turns), _open(session, row.turns)
        left_out = set(visit.all_typed("without"))
        chosen = [i for i in row.turns if i in words and i in open_ids and i not in left_out]
        if not chosen:
            raise InvalidInput("这组已经处理过，或一条也没选 / this group was dealt with, or nothing was chosen")
        first_of: dict[str, str] = {}
        for turn_id in chosen:
            first_of.setdefault(words[turn_id].strip()[: corrections.MAX_QUESTION_CHARS], turn_id)
    known = visit.desk.plan.ids
    each_of = {q: corrections.Correction(**{**vars(correction), "question": q}) for q in first_of}
    with visit.desk.reading() as session:
        check = visit.desk.regression_check
        against = {q: objections_to(check, session, each, known) for q, each in each_of.items()}
    with visit.desk.transaction() as session:
        row = _group(session, visit.part("id"))
        if not _open(session, row.turns).issuperset(chosen):
            raise ChangedMeanwhile("这组刚有人处理过，请刷新 / somebody has dealt with this group meanwhile: reload")
        group_id = row.id
        for question, turn_id in first_of.items():
            corrections.record(
                session,
                visit.actor,
                each_of[question],
                known,
                is_to_wait=visit.is_to_wait,
                turn_id=turn_id,
                group_id=group_id,
                objections=against[question],
            )
        for triage in session.scalars(select(TriageRow).where(TriageRow.turn_id.in_(chosen))):
            finish(session, visit.actor, triage)
    if any(against.values()):
        breaks = any(each.breaks for each in against.values())
        return visit.go(f"/corrections?status=pending&group={group_id}", "held" if breaks else "doubted")
    return visit.go("/unanswered", visit.said_of_correction)


def report(visit: Visit) -> web.Response:
    """What residents ask and the plan does not say, for the plan's owners; on paper too."""
    with visit.desk.reading() as session:
        groups = [group for group in _groups(visit, session, REPORT) if group.row.sessions >= MIN_SESSIONS]
    return visit.page(
        "silent_report.html", groups=groups, days=DAYS, aspects=ASPECT_NAMES, least=MIN_SESSIONS, today=date.today()
    )


def export_report(visit: Visit) -> web.Response:
    """The same as CSV or XLSX."""
    with visit.desk.reading() as session:
        groups = [group for group in _groups(visit, session, REPORT) if group.row.sessions >= MIN_SESSIONS]
    say = translator(visit.language)
    rows = [
        [g.typical, say(topic(g.row.topic)), say(ASPECT_NAMES.get(g.row.aspect, "")), g.row.size, g.row.sessions]
        for g in groups
    ]
    return table_response(visit, HEADER, rows, "not-in-plan")


def _groups(visit: Visit, session: Session, kind: str) -> list[Group]:
    query = select(GroupRow).where(GroupRow.kind == kind).order_by(GroupRow.size.desc(), GroupRow.id).limit(SHOWN)
    rows = session.scalars(query).all()
    if kind == WORK:
        still_open = _open(session, [i for row in rows for i in row.turns])
        rows = [row for row in rows if any(i in still_open for i in row.turns)]
    words = _words(visit, [row.typical for row in rows])
    return [Group(row, words[row.typical]) for row in rows if row.typical in words]


def _group(session: Session, identifier: str) -> GroupRow:
    row = session.get(GroupRow, identifier)
    if row is None or row.kind != WORK:
        raise NothingThere("这个组已经不在了，可能刚重新分过组 / this group is gone: the questions were grouped anew")
    return row


def _words(visit: Visit, turn_ids: Sequence[str]) -> Mapping[str, str]:
    with visit.desk.log.session() as log:
        found = log.execute(select(TurnRow.id, TurnRow.question).where(TurnRow.id.in_(list(turn_ids))))
        return {row.id: row.question for row in found}


def _open(session: Session, turn_ids: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(turn_ids), 500):
        part = list(turn_ids[start : start + 500])
        # The status is looked at here: SQLite would rather walk a million open turns than look up five hundred.
        rows = session.execute(select(TriageRow.turn_id, TriageRow.status).where(TriageRow.turn_id.in_(part)))
        found.update(row.turn_id for row in rows if row.status == "new")
    return found
