"""Editing what people wrote about a commitment. The quote is the plan's and is not in any form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from knowledge.catalogue.commitments import MAX_TITLE_CHARS, Commitment
from knowledge.catalogue.entries import MAX_VOICE_CHARS, QUESTIONS_PER_ENTRY
from review.accounts.audit import Actor, write_audit
from review.correcting.danger import check_no_call_for_help
from review.correcting.publishing import republish_edit
from review.database.columns import now
from review.database.work import CommitmentEditRow
from review.errors import ChangedMeanwhile, InvalidInput

MAX_AUDIENCE = 8
MAX_QUESTIONS = 200  # with those that staff linked; what its catalogue entry has no room for, the export puts beside it


@dataclass(frozen=True)
class Edited:
    """Title, audience and sample questions as they are now, and their version (0: nobody edited them)."""

    title: str
    audience: Sequence[str]
    questions: Sequence[str]
    version: int = 0
    changed_by: str = ""


def edited(session: Session, commitment: Commitment) -> Edited:
    """What staff wrote, or what the catalogue says."""
    row = session.get(CommitmentEditRow, commitment.id)
    if row is None:
        return Edited(commitment.title, commitment.audience, commitment.questions)
    return Edited(row.title, row.audience, row.questions, row.version, row.changed_by)


def check_new(before: Edited, questions: Sequence[str]) -> None:
    """Raises `InvalidInput` for a sample question added that is a call for help."""
    for question in questions:
        if question not in before.questions:
            check_no_call_for_help(question)


def edit(
    session: Session,
    actor: Actor,
    commitment: Commitment,
    title: str,
    audience: Sequence[str],
    questions: Sequence[str],
    version: int,
) -> None:
    """Replace title, audience and sample questions; the new questions and the title reach residents at once. Raises `InvalidInput`, `ChangedMeanwhile`."""
    check(title, audience, questions)
    before = edited(session, commitment)
    if before.version != version:
        raise ChangedMeanwhile(
            f"{before.changed_by} 刚改过这条承诺，请看清再改 / somebody edited this commitment meanwhile"
        )
    check_new(before, questions)
    values = {"title": title, "audience": list(audience), "questions": list(questions)}
    row = session.merge(
        CommitmentEditRow(
            commitment_id=commitment.id, **values, changed_by=actor.name, changed_at=now(), version=version + 1
        )
    )
    session.flush()
    republish_edit(session, row)
    old = {"title": before.title, "audience": list(before.audience), "questions": list(before.questions)}
    changed = [name for name in values if values[name] != old[name]]
    write_audit(
        session,
        actor,
        "commitment.edit",
        f"commitment:{commitment.id}",
        {name: old[name] for name in changed},
        {name: values[name] for name in changed},
    )


def check(title: str, audience: Sequence[str], questions: Sequence[str]) -> None:
    """Raise `InvalidInput` for a title, audience or sample questions that cannot be."""
    if not 0 < len(title) <= MAX_TITLE_CHARS:
        raise InvalidInput(f"标题 1 到 {MAX_TITLE_CHARS} 个字 / the title has 1 to {MAX_TITLE_CHARS} characters")
    if len(audience) > MAX_AUDIENCE:
        raise InvalidInput(f"对象最多 {MAX_AUDIENCE} 个 / at most {MAX_AUDIENCE} audiences")
    low, _ = QUESTIONS_PER_ENTRY
    if not low <= len(questions) <= MAX_QUESTIONS:
        raise InvalidInput(f"示例问题 {low} 到 {MAX_QUESTIONS} 个 / write {low} to {MAX_QUESTIONS} sample questions")
    if len(set(questions)) < len(questions):
        raise InvalidInput("有两个示例问题一样 / two sample questions are the same")
    for question in questions:
        if len(question) > MAX_VOICE_CHARS:
            raise InvalidInput(
                f"“{question[:20]}…”太长，缩到 {MAX_VOICE_CHARS} 字 / a question has at most {MAX_VOICE_CHARS} characters"
            )
