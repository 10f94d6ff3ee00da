"""Links under answers: where a resident goes on, on pages of the services that staff give."""

from __future__ import annotations

from aiohttp import web

from knowledge.catalogue.topics import TOPICS
from review.accounts.roles import Role
from review.commitments import staff_lines
from review.correcting.publishing import STEP
from review.pages.commitments import decide_line
from review.visit import Visit


def show(visit: Visit) -> web.Response:
    """All that were written, newest first, and the form for a new one; `about` says under which answers it begins."""
    about = visit.kept("about", visit.query.get("about", ""))
    with visit.desk.reading() as session:
        rows = staff_lines.lines_of(session, STEP)
        ids = {row.about for row in rows} | {about}
        titles = {i: visit.desk.plan.ids[i].title for i in ids if i in visit.desk.plan.ids}
        return visit.page(
            "next_steps.html", rows=rows, topics=TOPICS, about=about, titles=titles, most=staff_lines.MAX_NAME_CHARS
        )


def write(visit: Visit) -> web.Response:
    """A new link; an editor's is live at once, another's waits for one."""
    line = staff_lines.step_line(visit.typed("about"), visit.typed("name"), visit.typed("url"), visit.desk.plan.ids)
    approves = visit.may(Role.EDITOR) and not visit.desk.settings.two_people
    with visit.desk.transaction() as session:
        staff_lines.record(session, visit.actor, line, approves=approves)
    return visit.go("/next-steps", "published" if approves else "written")


def decide(visit: Visit) -> web.Response:
    """Approve, refuse or withdraw a link."""
    _, said = decide_line(visit, visit.numbered("id"))
    return visit.go("/next-steps", said)
