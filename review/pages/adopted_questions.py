"""Staff's questions on an adopted plan: one more, with the commitments that answer it ticked, and all of them."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from knowledge.adopting.proposals import ListedProposal
from review.adopting import adoptions, questioning
from review.adopting.folders import PlanFolder
from review.errors import InvalidInput, NothingThere
from review.visit import Visit

PER_PAGE = 20


def show(visit: Visit) -> web.Response:
    """The list, the newest first, and the form for one more: `question` as it was begun, `text` what commitments are looked for by."""
    number = visit.numbered("id")
    question = visit.kept("question", visit.query.get("question", "").strip())[: questioning.MAX_QUESTION_CHARS]
    text = visit.query.get("text", "").strip()
    with visit.desk.reading() as session:
        row = adoptions.adoption(session, number)
        proposals = questioning.taken(session, number, _proposals(visit, number))
        rows = questioning.questions(session, number)
        shown, place = visit.paged(rows, PER_PAGE)
        return visit.page(
            "adopted_questions.html",
            row=row,
            rows=shown,
            count=len(rows),
            silent=sum(not each.answers for each in rows),
            by_id={each.id: each for each in proposals},
            question=question,
            text=text,
            offered=questioning.near(proposals, question, text) if question or text else (),
            ticked=set(visit.all_typed("answer")),
            most_chars=questioning.MAX_QUESTION_CHARS,
            **place,
        )


def act(visit: Visit) -> web.Response:
    """Add a question with its answers or as one on which the plan is silent, or remove one."""
    number, wanted = visit.numbered("id"), visit.typed("do", most=12)
    with visit.desk.transaction() as session:
        if wanted in ("add", "silent"):
            answers = visit.all_typed("answer") if wanted == "add" else []
            if wanted == "add" and not answers:
                raise InvalidInput(
                    "勾选能回答它的承诺；规划没写的，点“规划没写” / tick what answers it, or say that the plan is silent"
                )
            question = " ".join(visit.typed("question").split())
            questioning.add_question(session, visit.actor, number, _proposals(visit, number), question, answers)
        elif wanted == "remove":
            questioning.remove_question(session, visit.actor, number, visit.number("one"))
        else:
            raise InvalidInput("请选择要做什么 / choose what to do")
    return visit.go(f"/adopting/{number}/questions", "saved")


def _proposals(visit: Visit, number: int) -> Sequence[ListedProposal]:
    found = PlanFolder.of(visit.desk.settings.adopted, number).proposals()
    if not found:
        raise NothingThere("这份规划还没有读出来 / this plan has not been read yet")
    return found
