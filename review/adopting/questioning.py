"""Staff's own questions on an adopted plan, each with the commitments that answer it: what it is evaluated with."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from knowledge.adopting.proposals import ListedProposal
from knowledge.document.plan_text import squash
from knowledge.language.question import letters_of
from review.accounts.audit import Actor, write_audit
from review.adopting.adoptions import adoption
from review.adopting.deciding import decisions
from review.adopting.folders import PlanFolder
from review.database.adopting import AdoptedQuestionRow
from review.database.columns import now
from review.errors import InvalidInput, NothingThere

MAX_QUESTION_CHARS = 200
MOST_QUESTIONS = 500
MOST_ANSWERS = 5
OFFERED = 12  # commitments to tick
_PAIR = 2  # characters: what a question shares with a sentence is counted in pairs


def questions(session: Session, adoption_id: int) -> Sequence[AdoptedQuestionRow]:
    """All of a plan, the newest first."""
    query = select(AdoptedQuestionRow).where(AdoptedQuestionRow.adoption_id == adoption_id)
    return list(session.scalars(query.order_by(AdoptedQuestionRow.id.desc())))


def add_question(
    session: Session,
    actor: Actor,
    adoption_id: int,
    proposals: Sequence[ListedProposal],
    question: str,
    answers: Collection[str],
) -> None:
    """One more; `answers` are the ids that were ticked, none: the plan is silent on it. Raises `InvalidInput`, `NothingThere`."""
    adoption(session, adoption_id)
    if not 0 < len(question) <= MAX_QUESTION_CHARS or not letters_of(question):
        raise InvalidInput(
            f"问题写 1 到 {MAX_QUESTION_CHARS} 个字 / a question has 1 to {MAX_QUESTION_CHARS} characters"
        )
    known = {each.id for each in taken(session, adoption_id, proposals)}
    if not set(answers) <= known:
        raise InvalidInput(
            "勾选的承诺里有不要的，或者这份规划里没有 / a ticked commitment was left out, or is not of this plan"
        )
    if len(set(answers)) > MOST_ANSWERS:
        raise InvalidInput(f"最多勾 {MOST_ANSWERS} 条；什么都能回答的题测不出什么 / tick {MOST_ANSWERS} at the most")
    there = questions(session, adoption_id)
    if any(letters_of(each.question) == letters_of(question) for each in there):
        raise InvalidInput(
            "已经有这一题；要改答案，先删去它 / this question is there: to change its answer, remove it first"
        )
    if len(there) >= MOST_QUESTIONS:
        raise InvalidInput(f"最多 {MOST_QUESTIONS} 题 / {MOST_QUESTIONS} questions at the most")
    row = AdoptedQuestionRow(
        adoption_id=adoption_id, question=question, answers=sorted(set(answers)), made_by=actor.name, made_at=now()
    )
    session.add(row)
    session.flush()
    told = {"about": question, "answers": len(row.answers)}
    write_audit(session, actor, "adoption.question", f"adoption:{adoption_id}", None, told)


def remove_question(session: Session, actor: Actor, adoption_id: int, question_id: int) -> None:
    """One less. Raises `NothingThere`."""
    row: AdoptedQuestionRow | None = session.get(AdoptedQuestionRow, question_id)
    if row is None or row.adoption_id != adoption_id:
        raise NothingThere("没有这一题 / there is no such question")
    told = {"about": row.question, "answers": len(row.answers)}
    session.execute(delete(AdoptedQuestionRow).where(AdoptedQuestionRow.id == question_id))
    write_audit(session, actor, "adoption.unquestion", f"adoption:{adoption_id}", told, None)


def counted(session: Session, adoption_id: int) -> int:
    """How many there are."""
    query = select(func.count()).select_from(AdoptedQuestionRow).where(AdoptedQuestionRow.adoption_id == adoption_id)
    return int(session.scalar(query) or 0)


def taken(session: Session, adoption_id: int, proposals: Sequence[ListedProposal]) -> Sequence[ListedProposal]:
    """The commitments that nobody left out: those that answer."""
    decided = decisions(session, adoption_id)
    return [each for each in proposals if each.id not in decided or decided[each.id].keep]


def near(proposals: Sequence[ListedProposal], question: str, text: str) -> Sequence[ListedProposal]:
    """The commitments to tick: with `text` in their title or sentence, else those that share most with the question."""
    if text:
        return [each for each in proposals if text in each.title or text in each.quote][:OFFERED]
    wanted = _pairs(question)
    shared = [(len(wanted & _pairs(each.title + each.quote)), each) for each in proposals]
    found = sorted((pair for pair in shared if pair[0]), key=lambda pair: -pair[0])
    return [each for _, each in found[:OFFERED]]


def _pairs(text: str) -> set[str]:
    plain = squash(text)
    return {plain[at : at + _PAIR] for at in range(len(plain) - _PAIR + 1)}


def as_asked(rows: Sequence[AdoptedQuestionRow]) -> list[dict[str, Any]]:
    """As `python -m evaluation.adopted` takes them, oldest first."""
    return [
        {"id": str(row.id), "question": row.question, "answers": list(row.answers)}
        for row in sorted(rows, key=lambda row: int(row.id))
    ]


def write_questions(session: Session, folder: PlanFolder, adoption_id: int) -> None:
    """Put them beside the plan, for the evaluation. Raises `InvalidInput` where there are none."""
    asked = as_asked(questions(session, adoption_id))
    if not asked:
        raise InvalidInput("还没有题目：先写几个问题 / there are no questions yet: write some first")
    folder.questions.write_text(json.dumps(asked, ensure_ascii=False, indent=1), encoding="utf-8")
