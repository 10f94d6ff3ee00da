"""Commitments: browse, see how often each was asked for, edit, record progress."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.entries import KINDS
from knowledge.catalogue.restating import MAX_CHARS
from knowledge.catalogue.topics import TOPICS
from knowledge.document.plan_text import tidy
from knowledge.reply.wording import STATE_NAMES
from knowledge.shelf.record import document_of
from review import filtering
from review.accounts.roles import Role
from review.commitments import editing, progress, staff_lines
from review.commitments.progress import Reported
from review.correcting.approving import objections_to_samples
from review.correcting.objections import NO_OBJECTIONS, WHY_NAMES, Objections
from review.correcting.publishing import PLAIN, STEP
from review.database.work import CommitmentEditRow, CorrectionRow
from review.errors import InvalidInput, NothingThere
from review.pages.corrections import SAID
from review.reports.figures import HotCommitment, Period, commitment_counts
from review.shown import SHANGHAI, TOPIC_LABELS
from review.typed import day
from review.visit import Visit

PER_PAGE = 40
COUNTED_DAYS = 90
KIND_NAMES = {"target": "目标", "action": "举措", "baseline": "基数", "definition": "名词", "indicator": "指标"}
FIELDS = (
    filtering.text("text", "标题或原文里有", 60),
    filtering.choice("topic", "主题", {name: TOPIC_LABELS[name] for name in TOPICS}),
    filtering.choice("kind", "种类", KIND_NAMES),
    filtering.text("document", "哪份文件", 19),
    filtering.choice("order", "顺序", {"plan": "规划里的顺序", "asked": "问得多的在前"}),
)
NONE = HotCommitment("", 0, 0, 0, 0)


@dataclass(frozen=True)
class Listed:
    """A commitment with its counts."""

    commitment: Commitment
    title: str
    counts: HotCommitment


def show(visit: Visit) -> web.Response:
    """Commitments by topic, kind and text, in the plan's order or those asked for most first."""
    query = visit.taken(filtering.asked(visit.query, FIELDS))
    topic, kind, text = (query.get(name, "") for name in ("topic", "kind", "text"))
    order = query.get("order", "plan")
    with visit.desk.reading() as session:
        counts = commitment_counts(session, _lately())
        titles = dict(session.execute(select(CommitmentEditRow.commitment_id, CommitmentEditRow.title)).all())
    found = [
        Listed(c, titles.get(c.id, c.title), counts.get(c.id, NONE))
        for c in _of_document(visit, query.get("document", ""))
        if (not topic or c.topic == topic) and (not kind or c.kind == kind) and (c.curated or text or document_of(c.id))
        if not text or any(text in part for part in (c.title, tidy(c.quote), c.id, *c.terms))
    ]
    if order == "asked":
        found.sort(key=lambda listed: -listed.counts.asked)
    shown, place = visit.paged(found, PER_PAGE)
    return visit.page(
        "commitments.html",
        found=shown,
        total=len(found),
        **place,
        topics=TOPICS,
        kinds=KINDS,
        kind_names=KIND_NAMES,
        topic=topic,
        kind=kind,
        text=text,
        order=order,
        document=query.get("document", ""),
        documents=visit.desk.plan.shelved.records(),
        counted_days=COUNTED_DAYS,
    )


def _of_document(visit: Visit, document_id: str) -> Sequence[Commitment]:
    """Those of a document on the shelf, of the plan in use where none is named."""
    if not document_id:
        return visit.desk.plan.finder.stored.commitments
    plans = [plan for plan in visit.desk.plan.shelved.all() if plan.record.id == document_id]
    if not plans:
        raise NothingThere("书架上没有这份文件 / the shelf has no such document")
    return plans[0].stored.commitments


def show_one(visit: Visit) -> web.Response:
    """One commitment: the quote, what people wrote of it, its counts, its progress, the questions linked to it."""
    commitment = _commitment(visit)
    with visit.desk.reading() as session:
        return _page(visit, session, commitment, editing.edited(session, commitment))


def _page(
    visit: Visit,
    session: Session,
    commitment: Commitment,
    edited: editing.Edited,
    objections: Objections = NO_OBJECTIONS,
) -> web.Response:
    """The page, with what is saved or, where something speaks against it, with what was typed in."""
    return visit.page(
        "commitment.html",
        status=422 if objections else 200,
        commitment=commitment,
        objections=objections,
        why_names=WHY_NAMES,
        quote=tidy(commitment.quote),
        edited=edited,
        counts=commitment_counts(session, _lately()).get(commitment.id, NONE),
        counted_days=COUNTED_DAYS,
        progress=progress.progress_of(session, commitment.id),
        states=STATE_NAMES,
        plain=staff_lines.plain_now(session, commitment),
        plain_lines=staff_lines.lines_of(session, PLAIN, commitment.id),
        steps=staff_lines.lines_of(session, STEP, commitment.id),
        most_plain_chars=MAX_CHARS,
        linked=session.scalars(
            select(CorrectionRow)
            .where(CorrectionRow.commitment_id == commitment.id)
            .order_by(CorrectionRow.id.desc())
            .limit(20)
        ).all(),
        kind_names=KIND_NAMES,
        is_shelved=bool(document_of(commitment.id)),
        preview=visit.desk.plan.preview(commitment, "").text,
        today=date.today(),
    )


def edit(visit: Visit) -> web.Response:
    """Title, audience, sample questions."""
    commitment = _commitment(visit)
    if document_of(commitment.id):
        raise InvalidInput("书架上的文件没有示例问题 / documents on the shelf have no sample questions")
    title, version = visit.typed("title", most=64), visit.number("version")
    audience, questions = _lines(visit.typed("audience")), _lines(visit.typed("questions"))
    editing.check(title, audience, questions)
    with visit.desk.reading() as session:
        before = editing.edited(session, commitment)
        editing.check_new(before, questions)
        objections = objections_to_samples(
            visit.desk.regression_check, session, commitment.id, before.questions, questions
        )
        if objections:
            typed = editing.Edited(title, audience, questions, version, before.changed_by)
            return _page(visit, session, commitment, typed, objections)
    with visit.desk.transaction() as session:
        editing.edit(session, visit.actor, commitment, title, audience, questions, version)
    return visit.go(f"/commitments/{commitment.id}", "saved")


def add_progress(visit: Visit) -> web.Response:
    """Status, figure, date, source."""
    commitment, as_of = _commitment(visit), day(visit.typed("as_of", most=10))
    reported = Reported(visit.typed("state"), visit.typed("figure"), as_of, visit.typed("source"), visit.typed("url"))
    two_people = visit.desk.settings.two_people
    with visit.desk.transaction() as session:
        progress.record(session, visit.actor, commitment.id, reported, two_people=two_people)
    return visit.go(f"/commitments/{commitment.id}", "corrected-pending" if two_people else "published")


def decide_progress(visit: Visit) -> web.Response:
    """Approve, refuse or withdraw progress."""
    with visit.desk.transaction() as session:
        row = progress.decide(
            session,
            visit.actor,
            visit.numbered("number"),
            visit.number("version"),
            visit.typed("verdict"),
            two_people=visit.desk.settings.two_people,
        )
        commitment_id, said = row.commitment_id, SAID[row.status]
    return visit.go(f"/commitments/{commitment_id}", said)


def write_plain(visit: Visit) -> web.Response:
    """A line in plain words; an editor's is live at once, another's waits for one."""
    commitment = _commitment(visit)
    line = staff_lines.plain_line(commitment, visit.typed("plain"), visit.desk.plan.places)
    approves = visit.may(Role.EDITOR) and not visit.desk.settings.two_people
    with visit.desk.transaction() as session:
        staff_lines.record(session, visit.actor, line, approves=approves)
    return visit.go(f"/commitments/{commitment.id}#plain", "published" if approves else "written")


def decide_plain(visit: Visit) -> web.Response:
    """Approve, refuse or withdraw a line in plain words."""
    about, said = decide_line(visit, visit.numbered("number"))
    return visit.go(f"/commitments/{about}#plain", said)


def decide_line(visit: Visit, number: int) -> tuple[str, str]:
    """Do what the form says of a line that staff wrote; what it is about, and what the next page says of it."""
    with visit.desk.transaction() as session:
        row = staff_lines.decide(
            session,
            visit.actor,
            number,
            visit.number("version"),
            visit.typed("verdict"),
            two_people=visit.desk.settings.two_people,
        )
        return row.about, SAID[row.status]


def _commitment(visit: Visit) -> Commitment:
    found = visit.desk.plan.commitment(visit.part("id"))
    if found is None:
        raise NothingThere("规划里没有这条承诺 / the plan has no such commitment")
    return found


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _lately() -> Period:
    today = datetime.now(SHANGHAI).date()
    return Period(today - timedelta(days=COUNTED_DAYS - 1), today)
