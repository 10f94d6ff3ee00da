"""Notices: the banner that residents see, and the switch that turns answering off."""

from __future__ import annotations

from datetime import datetime

from aiohttp import web

from conversations.notices import KINDS, Notice, NoticeRefused
from review.accounts.audit import write_audit
from review.database.columns import now
from review.errors import InvalidInput, NothingThere
from review.labels import label_of
from review.language import translator
from review.shown import SHANGHAI
from review.typed import moment
from review.visit import Visit

KIND_NAMES = {"information": "提示", "emergency": "紧急"}
LISTED = 50


def show(visit: Visit) -> web.Response:
    """What stands now, what is to come, what was; and the form for a new one."""
    board, this_moment = visit.desk.notices, now()
    standing = board.standing(this_moment)
    return visit.page(
        "notices.html",
        standing=standing,
        off=any(notice.answering_off for notice in standing),
        latest=board.latest(LISTED),
        now=this_moment,
        kinds=KINDS,
        kind_names=KIND_NAMES,
    )


def post(visit: Visit) -> web.Response:
    """A new notice, from now or from a moment on, until a moment or until it is ended."""
    notice = Notice(
        zh=visit.typed("zh"),
        en=visit.typed("en"),
        kind=visit.typed("kind") or KINDS[0],
        starts_at=_moment(visit, "starts_at") or now(),
        ends_at=_moment(visit, "ends_at"),
        answering_off=visit.typed("answering_off") == "1",
        author=visit.person.name,
    )
    try:
        number = visit.desk.notices.post(notice)
    except NoticeRefused as error:
        name, _, why = str(error).partition(": ")  # of a field, as the form sends it
        label = label_of(name)
        english = translator("en")(label)
        raise InvalidInput(
            f"公告不能这样发：“{label}”{why} / this notice cannot be posted: {english}: {why}"
        ) from error
    after = {
        "zh": notice.zh,
        "kind": notice.kind,
        "answering_off": notice.answering_off,
        "starts_at": notice.starts_at.isoformat(),
        "ends_at": notice.ends_at.isoformat() if notice.ends_at else None,
    }
    with visit.desk.transaction() as session:
        write_audit(session, visit.actor, "notice.post", f"notice:{number}", None, after)
    return visit.go("/notices", "published")


def end(visit: Visit) -> web.Response:
    """End a notice now; where it had turned answering off, answering is on again."""
    number = visit.numbered("id")
    if not visit.desk.notices.end(number):
        raise NothingThere("这条公告已经结束 / this notice has ended already")
    with visit.desk.transaction() as session:
        write_audit(session, visit.actor, "notice.end", f"notice:{number}")
    return visit.go("/notices", "withdrawn")


def _moment(visit: Visit, name: str) -> datetime | None:
    at = moment(visit.typed(name, most=20))
    return at.replace(tzinfo=SHANGHAI) if at else None
