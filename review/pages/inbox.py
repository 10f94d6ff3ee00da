"""The inbox."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, urlencode

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.catalogue.topics import TOPICS
from review import filtering
from review.database.people import AccountRow
from review.database.work import CountRow
from review.errors import InvalidInput, NothingThere
from review.filtering import Field
from review.inbox import handling
from review.inbox.filters import Filters, filters_asked
from review.inbox.handling import Chosen
from review.inbox.listing import Page, find_page, open_dangers
from review.pages import conversation
from review.pages.sign_in import START
from review.shown import CHANNEL_LABELS, OUTCOME_LABELS
from review.triage.reasons import REASON_NAMES, Reason
from review.typed import whole_number
from review.visit import Visit, is_local

MAX_CHOSEN = 200


def show(visit: Visit) -> web.Response:
    """Turns worth a person's time, those worth most first."""
    with visit.desk.reading() as session:
        filters = Filters.from_query(visit.taken(filters_asked(visit.query, _known_fields(session))))
        first = max(1, whole_number(visit.query.get("from", "")) or 1) if visit.query.get("after") else 1
        page = _found(visit, session, filters, first)
        return visit.page(
            "inbox.html",
            page=page,
            filters=filters,
            saved=handling.filters_of(session, visit.person.account_id),
            tags=handling.all_tags(session),
            people=handling.colleagues(session),
            topics=TOPICS,
            outcomes=list(OUTCOME_LABELS),
            channels=channels(session),
            reasons={int(reason): name for reason, name in REASON_NAMES.items()},
            filtered=filters.as_query() != "",
            dangers=open_dangers(session),
            danger_reason=int(Reason.DANGER),
            chosen=set(visit.all_typed("turn")) if visit.refused else (),
        )


def _known_fields(session: Session) -> list[Field]:
    """Fields whose values are what there is now."""
    people = set(map(str, session.scalars(select(AccountRow.id))))
    return [
        filtering.known("channel", "渠道", {*channels(session), *CHANNEL_LABELS}),
        filtering.known("tag", "标签", set(handling.all_tags(session))),
        filtering.known("assigned", "分派给", {"none", *people}),
    ]


def _found(visit: Visit, session: Session, filters: Filters, first: int) -> Page:
    """The page of the inbox; its first where the address leads to none."""
    key = visit.query.get("after", "")
    try:
        return find_page(session, visit.desk.log, filters, key, first)
    except InvalidInput:
        visit.taken(filtering.out_of_place(visit.query, "after"))
        return find_page(session, visit.desk.log, filters)


def channels(session: Session) -> list[str]:
    """Every channel that had a turn."""
    return list(session.scalars(select(CountRow.channel).distinct().order_by(CountRow.channel)))


def act(visit: Visit) -> web.Response:
    """Do one thing to all chosen turns, or to none if a colleague changed one meanwhile."""
    chosen = [Chosen.parse(value) for value in visit.all_typed("turn")[:MAX_CHOSEN]]
    back = back_of(visit)
    if not chosen:
        return visit.go(back, "nothing-chosen")
    do = visit.typed("do")
    with visit.desk.transaction() as session:
        if do in ("done", "new"):
            handling.set_status(session, visit.actor, chosen, do)
            said = "done" if do == "done" else "reopened"
        elif do == "assign":
            handling.assign(session, visit.actor, chosen, visit.number("to"))
            said = "assigned"
        elif do == "take":
            handling.assign(session, visit.actor, chosen, visit.person.account_id)
            said = "assigned"
        elif do == "tag":
            handling.add_tag(session, visit.actor, chosen, visit.typed("tag"))
            said = "tagged"
        else:
            raise InvalidInput("不知道要做什么，请从页面上选 / choose what to do on the page")
    return visit.go(back, said)


def show_again(visit: Visit) -> web.Response:
    """The page that a form of `act` stands on: a conversation, or the inbox as it was filtered; with what was typed."""
    if back_of(visit).startswith("/conversations/"):
        return show_conversation_again(visit)
    visit.shown_at = back_of(visit)
    return show(visit)


def show_conversation_again(visit: Visit) -> web.Response:
    """The conversation of the turn that a form is about, with what was typed there."""
    turn_id = visit.request.match_info.get("id") or visit.typed("turn").rpartition(":")[0]
    turn = visit.desk.turns.turn(turn_id)
    if turn is None:
        raise NothingThere("没有这一条，可能已按保存期限删除 / no such turn: it may have been erased")
    visit.shown_at = f"/conversations/{quote(turn.session)}?{urlencode({'turn': turn.id})}"
    return conversation.page_of(visit, turn.session, turn.id)


def untag(visit: Visit) -> web.Response:
    """Take a tag off a turn."""
    with visit.desk.transaction() as session:
        handling.remove_tag(session, visit.actor, visit.part("id"), visit.needed("tag", "标签 / the tag"))
    return visit.go(back_of(visit), "saved")


def note(visit: Visit) -> web.Response:
    """Write something beside a turn."""
    with visit.desk.transaction() as session:
        handling.add_note(session, visit.actor, visit.part("id"), visit.needed("text", "备注 / the note", most=1000))
    return visit.go(back_of(visit), "noted")


def save_filter(visit: Visit) -> web.Response:
    """Keep the filter of the page that the form is on."""
    filters = Filters.from_query(dict(parse_qsl(visit.typed("query"))))
    name = visit.needed("name", "筛选的名字 / the filter's name", most=32)
    with visit.desk.transaction() as session:
        handling.save_filter(session, visit.person.account_id, name, filters.as_query())
    return visit.go(f"{START}?{filters.as_query()}", "filter-saved")


def delete_filter(visit: Visit) -> web.Response:
    """Forget a saved filter."""
    with visit.desk.transaction() as session:
        handling.delete_filter(session, visit.person.account_id, visit.numbered("id"))
    return visit.go(START, "filter-deleted")


def back_of(visit: Visit) -> str:
    """Where a form wants to return to, if that is inside the console."""
    back = visit.typed("back", most=1000)
    return back if is_local(back) else START
