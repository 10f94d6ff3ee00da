"""The commitments that an adopted plan seems to make, the most doubtful first: to take, mend or leave out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from aiohttp import web
from sqlalchemy.orm import Session

from knowledge.adopting.proposals import ListedProposal
from knowledge.catalogue.commitments import MAX_TITLE_CHARS
from knowledge.catalogue.topics import AREA_NAMES
from review.adopting import adoptions
from review.adopting.deciding import (
    MAX_AUDIENCE_CHARS,
    Decisions,
    StaffVersion,
    decide,
    decided_table,
    decisions,
    take_as_proposed,
    take_back,
)
from review.adopting.folders import PlanFolder
from review.errors import InvalidInput, NothingThere
from review.pages.exporting import download
from review.visit import Visit

PER_PAGE = 10
TO_DO, DECIDED, ALL = "todo", "decided", "all"
LISTS = {TO_DO: "还没有决定的", DECIDED: "决定了的", ALL: "全部"}


def show(visit: Visit) -> web.Response:
    """A page of them; of a form that cannot be taken its own commitment alone, with what was typed."""
    number, chosen = visit.numbered("id"), visit.request.match_info.get("commitment", "")
    which, text = visit.query.get("show", TO_DO), visit.query.get("text", "").strip()
    with visit.desk.reading() as session:
        row, proposals = adoptions.adoption(session, number), _proposals(visit, number)
        decided = decisions(session, number)
        found = [each for each in proposals if _is_wanted(each, decided, which, text)]
        shown, place = visit.paged(found, PER_PAGE)
        return visit.page(
            "adopted_commitments.html",
            row=row,
            shown=[_one(proposals, chosen)] if chosen else shown,
            chosen=chosen,
            decided=decided,
            counts=_counts(proposals, decided),
            found=len(found),
            **place,
            which=which,
            text=text,
            lists=LISTS,
            areas=AREA_NAMES,
            most_title=MAX_TITLE_CHARS,
            most_audience=MAX_AUDIENCE_CHARS,
        )


def act(visit: Visit) -> web.Response:
    """Take one as it stands in the form, leave it out, or undecide it."""
    number, wanted, version = visit.numbered("id"), visit.typed("do", most=12), visit.number("version")
    with visit.desk.transaction() as session:
        adoptions.adoption(session, number)
        proposal = _one(_proposals(visit, number), visit.part("commitment"))
        if wanted == "undecide":
            take_back(session, visit.actor, number, proposal, version)
        elif wanted in ("take", "leave"):
            decide(session, visit.actor, number, proposal, _typed(visit, keep=wanted == "take"), version)
        else:
            raise InvalidInput("请选择要做什么 / choose what to do")
    return visit.go(f"/adopting/{number}/commitments?{visit.with_query()}", "saved")


def take_all(visit: Visit) -> web.Response:
    """Take the named ones as they were proposed, but for those that somebody has decided."""
    number, ids = visit.numbered("id"), set(visit.all_typed("id"))
    with visit.desk.transaction() as session:
        adoptions.adoption(session, number)
        named = [proposal for proposal in _proposals(visit, number) if proposal.id in ids]
        taken = take_as_proposed(session, visit.actor, number, named[:PER_PAGE])
    return visit.go(f"/adopting/{number}/commitments?{visit.with_query()}", "saved" if taken else "nothing-chosen")


def export(visit: Visit) -> web.Response:
    """What was decided, as the command takes it (`--mended`)."""
    number = visit.numbered("id")
    with visit.desk.reading() as session:
        adoptions.adoption(session, number)
        body = decided_table(_proposals(visit, number), decisions(session, number))
    return download(body, f"commitments-{number}.csv", "text/csv", "utf-8")


def counts_of(root: Path, session: Session, adoption_id: int) -> dict[str, int]:
    """How many there are, doubtful, decided and left out."""
    return _counts(PlanFolder.of(root, adoption_id).proposals(), decisions(session, adoption_id))


def _proposals(visit: Visit, number: int) -> Sequence[ListedProposal]:
    found = PlanFolder.of(visit.desk.settings.adopted, number).proposals()
    if not found:
        raise NothingThere("这份规划还没有读出来 / this plan has not been read yet")
    return found


def _one(proposals: Sequence[ListedProposal], commitment_id: str) -> ListedProposal:
    found = next((each for each in proposals if each.id == commitment_id), None)
    if found is None:
        raise NothingThere("这份规划里没有这一条 / there is no such commitment in this plan")
    return found


def _is_wanted(proposal: ListedProposal, decided: Decisions, which: str, text: str) -> bool:
    if which in (TO_DO, DECIDED) and (proposal.id in decided) != (which == DECIDED):
        return False
    return not text or any(text in part for part in (proposal.title, proposal.quote, proposal.lead))


def _counts(proposals: Sequence[ListedProposal], decided: Decisions) -> dict[str, int]:
    done = [decided[each.id] for each in proposals if each.id in decided]
    return {
        "all": len(proposals),
        "doubtful": sum(each.doubt > 0 for each in proposals),
        "decided": len(done),
        "left": sum(not each.keep for each in done),
    }


def _typed(visit: Visit, *, keep: bool) -> StaffVersion:
    area = visit.typed("area", most=32)
    return StaffVersion(keep, area, visit.typed("title"), visit.typed("audience"), visit.typed("headline"))
