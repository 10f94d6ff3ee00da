"""What residents in danger are told: every kind's reply, and the form that words it anew."""

from __future__ import annotations

from aiohttp import web

from danger.replies import MAX_ENGLISH_CHARS, MAX_LINE_CHARS, MAX_LINES, MAX_NUMBERS, KindWording, shipped
from review.danger import wording
from review.errors import InvalidInput
from review.visit import Visit


def show(visit: Visit) -> web.Response:
    """All kinds with their numbers, sentences, and the whole replies."""
    with visit.desk.reading() as session:
        kinds = wording.shown_kinds(session)
    return visit.page("danger.html", kinds=kinds, most_bytes=wording.MAX_BYTES)


def show_one(visit: Visit) -> web.Response:
    """One kind, and for editors its form."""
    with visit.desk.reading() as session:
        return _page(visit, wording.shown_kind(session, visit.part("kind")))


def show_again(visit: Visit) -> web.Response:
    """The page that a form stands on that could not be taken, with what was typed in it."""
    kind = visit.part("kind")
    with visit.desk.reading() as session:
        shown = wording.shown_kind(session, kind)
    return _page(visit, shown, wording.typed_wording(kind, *(visit.kept(name) for name in ("numbers", "zh", "en"))))


def change(visit: Visit) -> web.Response:
    """Word a reply anew; one that must not be said is not saved, and what was typed stays in the form."""
    kind = visit.part("kind")
    with visit.desk.reading() as session:
        shown = wording.shown_kind(session, kind)
    typed = wording.typed_wording(kind, visit.typed("numbers", most=200), visit.typed("zh"), visit.typed("en"))
    try:
        wording.check(kind, typed)
    except InvalidInput as error:
        return _page(visit, shown, typed, visit.half(str(error)))
    with visit.desk.transaction() as session:
        wording.change(session, visit.actor, kind, visit.typed("seen", most=64), typed)
    return visit.go(f"/danger#{kind}", "danger-changed")


def restore(visit: Visit) -> web.Response:
    """Say again what the file says."""
    kind = visit.part("kind")
    with visit.desk.transaction() as session:
        wording.restore(session, visit.actor, kind, visit.typed("seen", most=64))
    return visit.go(f"/danger#{kind}", "danger-restored")


def _page(visit: Visit, shown: wording.ShownKind, typed: KindWording | None = None, problem: str = "") -> web.Response:
    return visit.page(
        "danger_kind.html",
        status=422 if problem else 200,
        shown=shown,
        typed=typed or shown.wording,
        problem=problem,
        known_numbers=shipped().numbers,
        original=shipped().kinds[shown.kind],
        most_bytes=wording.MAX_BYTES,
        most_lines=MAX_LINES,
        most_chars=MAX_LINE_CHARS,
        most_english=MAX_ENGLISH_CHARS,
        most_numbers=MAX_NUMBERS,
    )
