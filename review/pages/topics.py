"""The overview of topics: quality by intent, what is mistaken for what, examples that pull the wrong way."""

from __future__ import annotations

from aiohttp import web

from knowledge.building.topics.overview import TopicsOverview
from knowledge.groundwork.settings import knowledge_paths
from review import filtering
from review.correcting.intents import INTENTS
from review.language import translator
from review.pages.inbox import back_of
from review.reports import charts
from review.topics.deciding import decide_example, decisions_on
from review.visit import Visit

PER_PAGE = 20
SAMPLE, BESIDES = "承诺的示例问题", "另外写的例句"  # where an example is kept


def show(visit: Visit) -> web.Response:
    """All of it, with the decisions that people took; the examples by intent and page."""
    overview = _overview(visit)
    if overview is None or not overview.examples:
        return visit.page("topics.html", overview=None)
    say = translator(visit.language)
    topics = sorted(overview.topics, key=lambda each: (not each.topic, each.f1.value))
    counts = {intent: sum(w.example.intent == intent for w in overview.wrong_way) for intent in INTENTS}
    fields = [filtering.choice("intent", "现在属于", {i: name for i, name in INTENTS.items() if counts[i]})]
    chosen = visit.taken(filtering.asked(visit.query, fields)).get("intent", "")
    listed = [each for each in overview.wrong_way if chosen in ("", each.example.intent)]
    shown, place = visit.paged(listed, PER_PAGE)
    with visit.desk.reading() as session:
        return visit.page(
            "topics.html",
            overview=overview,
            topics=topics,
            picture=charts.bars(
                [say(INTENTS.get(each.intent, each.intent)) for each in topics],
                [round(each.f1.value * 100, 1) for each in topics],
            ),
            wrong_way=shown,
            total=len(listed),
            **place,
            decisions=decisions_on(session, [each.example.text for each in shown]),
            intents=INTENTS,
            counts=counts,
            chosen=chosen,
            kept_in=kept_in,
        )


def kept_in(file: str) -> str:
    """Where an example comes from, in words; staff need no file of the repository."""
    return SAMPLE if file.startswith("knowledge/sources/catalogue/") else BESIDES


def decide(visit: Visit) -> web.Response:
    """Move an example, or remove it."""
    overview = _overview(visit)  # may load the plan: the log is not to wait for that
    with visit.desk.transaction() as session:
        decide_example(
            session,
            visit.actor,
            overview,
            visit.typed("example"),
            visit.typed("kind"),
            is_to_wait=visit.is_to_wait,
        )
    back = back_of(visit) if visit.typed("back") else "/topics"
    return visit.go(back, visit.said_of_correction)


def _overview(visit: Visit) -> TopicsOverview | None:
    visit.desk.plan  # noqa: B018 - from its loading on, the paths are those of the release that serves
    return TopicsOverview.load(knowledge_paths().topics)
