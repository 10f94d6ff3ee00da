"""What staff recorded of commitments whose sentences are worded otherwise now: offered to be moved to the new ones."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.store import opened
from knowledge.catalogue.tables import CommitmentRow
from knowledge.groundwork.settings import KnowledgePaths
from knowledge.shelf.folder import DocumentShelf
from knowledge.shelf.gone import words_gone
from releases.errors import ReleaseError
from review.commitments.relinking import offered, relink, unplaced
from review.errors import NothingThere
from review.visit import Visit

COUNT_NAMES = {"progress": "进展", "line": "大白话和链接", "link": "关联到它的问题", "edit": "标题和示例问题"}


def show(visit: Visit) -> web.Response:
    """Each such commitment with what it said, what hangs on it, and the sentences that may take its place."""
    commitments = _all(visit)
    known = {each.id for each in commitments}
    with visit.desk.reading() as session:
        missing = unplaced(session, known, {})
        words = _words(visit, {each.commitment_id for each in missing})
        missing = unplaced(session, known, words)
    rows = [(each, offered(each, commitments)) for each in missing]
    return visit.page("relinking.html", rows=rows, count_names=COUNT_NAMES)


def act(visit: Visit) -> web.Response:
    """Move what is recorded of one to another."""
    old, wanted = visit.typed("old", most=32), visit.typed("new", most=32)
    commitments = {each.id: each for each in _all(visit)}
    if wanted not in commitments:
        raise NothingThere("没有这条承诺 / there is no such commitment")
    with visit.desk.transaction() as session:
        relink(session, visit.actor, old, commitments[wanted], commitments.keys(), visit.desk.plan.places)
    return visit.go("/commitments/relink", "relinked")


def _all(visit: Visit) -> list[Commitment]:
    """Of the plan in use and of every document on the shelf."""
    own = visit.desk.plan.finder.stored.commitments
    return [*own, *(each for plan in visit.desk.plan.shelved.all() for each in plan.stored.commitments)]


def _words(visit: Visit, ids: set[str]) -> dict[str, str]:
    """What commitments that are gone said, by the releases that are kept and by what the shelf wrote down of them."""
    found = dict(words_gone(DocumentShelf().folder))
    try:
        kept = visit.desk.shelf.releases() if ids - found.keys() else []
    except ReleaseError:
        kept = []
    for release in kept:
        found.update(_headlines(release.knowledge, ids - found.keys()))
    return found


def _headlines(store: Path, ids: set[str]) -> dict[str, str]:
    """Of these commitments, as a kept store has them; none of a store that cannot be read."""
    query = select(CommitmentRow.id, CommitmentRow.headline).where(CommitmentRow.id.in_(ids))
    try:
        with opened(KnowledgePaths.of(store.absolute()).url) as engine, engine.connect() as connection:
            return dict(connection.execute(query).all())
    except SQLAlchemyError:
        return {}
