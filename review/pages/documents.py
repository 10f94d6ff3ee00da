"""The shelf of documents: which answer beside the plan in use, how each stands, and a question to all of them."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from knowledge.catalogue.store import opened, read_meta
from knowledge.groundwork.errors import KnowledgeError
from knowledge.groundwork.settings import knowledge_paths
from knowledge.published.corrections import today
from knowledge.shelf.folder import DocumentShelf
from knowledge.shelf.record import KIND_NAMES, STATUS_NAMES, DocumentRecord
from knowledge.shelf.standing import own_record, standing
from review.adopting import adoptions, serving
from review.adopting.folders import PlanFolder
from review.errors import InvalidInput, NothingThere
from review.releases import rehearsing
from review.visit import Visit

AUTO_NAME = "看规划期"


def show(visit: Visit) -> web.Response:
    """All documents, the plan in use first."""
    return _page(visit, (), "")


def _page(visit: Visit, answers: Sequence[rehearsing.Rehearsed], asked: str) -> web.Response:
    try:
        shelved = DocumentShelf().read()
    except KnowledgeError as error:
        raise NothingThere(f"{error} / the shelf cannot be read") from error
    set_by = {each.id: each.status for each in shelved.documents} | {"": shelved.own_status}
    return visit.page(
        "documents.html",
        documents=standing(_own(shelved.own_status), shelved.documents, today().year),
        set_by=set_by,
        choices={name: STATUS_NAMES.get(name, AUTO_NAME) for name in serving.CHOICES},
        status_names=STATUS_NAMES,
        kind_names=KIND_NAMES,
        answers=answers,
        asked=asked,
    )


def _own(status: str) -> DocumentRecord:
    try:
        with opened(knowledge_paths().url) as engine:
            return own_record(read_meta(engine), status)
    except KnowledgeError:
        return own_record({}, status)


def act(visit: Visit) -> web.Response:
    """Say how a document stands, or take it away."""
    wanted, document = visit.typed("do", most=12), visit.typed("document", most=19)
    if wanted == "status":
        status = visit.typed("status", most=12)
        before = serving.set_status(visit.actor, document, status)
        with visit.desk.transaction() as session:
            serving.tell_status(session, visit.actor, document, before, status)
    elif wanted == "remove":
        gone = serving.take_away(document)
        with visit.desk.transaction() as session:
            serving.tell(session, visit.actor, "shelf.remove", gone)
    else:
        raise InvalidInput("请选择要做什么 / choose what to do")
    return visit.go("/documents", "shelf-changed")


def put(visit: Visit) -> web.Response:
    """A plan that was adopted and built, beside the plan in use: a draft until another administrator makes it hold."""
    desk, number = visit.desk, visit.numbered("id")
    with desk.reading() as session:
        adoptions.adoption(session, number)
    record = serving.put_beside(visit.actor, PlanFolder.of(desk.settings.adopted, number))
    with desk.transaction() as session:
        serving.tell(session, visit.actor, "shelf.put", record)
    serving.pair_anew()
    return visit.go("/documents", "shelf-put")


def rehearse(visit: Visit) -> web.Response:
    """Ask the running bot as residents would be answered if the drafts held."""
    question = visit.typed("asked", most=1000)
    if not question:
        raise InvalidInput("写一个问题 / write a question")
    return _page(visit, [rehearsing.rehearse(visit.desk.settings.bot_url, question, drafts=True)], question)
