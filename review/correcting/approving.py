"""What stands against a correction before it goes live."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.published.corrections import AboutQuestion, Link, Word, today
from knowledge.search.finder import Finder
from review.correcting.corrections import Correction, check
from review.correcting.objections import LEANS, NO_OBJECTIONS, Broken, Doubt, Objections
from review.correcting.of_plan import SILENT_ONES, plan_at, plan_of
from review.correcting.publishing import as_live, live_now
from review.correcting.regression_check import RegressionCheck
from review.correcting.regression_questions import RegressionQuestion, sample_questions
from review.correcting.statuses import APPROVED
from review.database.columns import now
from review.database.work import CommitmentEditRow, CorrectionRow


def objections_to(
    regression: RegressionCheck,
    session: Session,
    correction: Correction,
    known: Collection[str],
    *,
    leans: bool = False,
    instead_of: int = 0,
) -> Objections:
    """What speaks against a correction; nothing for a kind that does not go live. Raises `InvalidInput`.

    `leans`: its question was said as a follow-up; `instead_of` is the correction whose place it takes, 0 for none.
    """
    check(correction, known)
    return _against(regression, session, as_live(correction), leans=leans, without=instead_of)


def objections_to_verdict(
    regression: RegressionCheck, session: Session, correction_id: int, verdict: str
) -> Objections:
    """The same when a recorded correction is decided; only approval can break anything.

    That its question leant on the turn before is remembered from when it was made.
    """
    row = session.get(CorrectionRow, correction_id) if verdict == APPROVED else None
    if row is None:
        return NO_OBJECTIONS
    leans = any(doubt["why"] == LEANS for doubt in row.doubts or ())
    return _against(regression, session, as_live(row), leans=leans, without=row.replaces)


def objections_to_samples(
    regression: RegressionCheck, session: Session, commitment_id: str, before: Sequence[str], questions: Sequence[str]
) -> Objections:
    """What speaks against the sample questions that somebody adds to a commitment, each once."""
    live, approved = live_now(session), approved_questions(session, regression.finder)
    breaks: dict[Broken, None] = {}
    doubts: dict[Doubt, None] = {}
    for question in questions:
        if question not in before:
            found = regression.objections_to(Link(question, commitment_id), live, approved)
            breaks |= dict.fromkeys(found.breaks)
            doubts |= dict.fromkeys(found.doubts)
    return Objections(list(breaks), list(doubts))


def _against(
    regression: RegressionCheck, session: Session, new: AboutQuestion | Word | None, *, leans: bool, without: int
) -> Objections:
    if new is None:
        return NO_OBJECTIONS
    live, approved = live_now(session, without), approved_questions(session, regression.finder, without)
    return regression.objections_to(new, live, approved, leans=leans)


def approved_questions(session: Session, finder: Finder, without: int = 0) -> Sequence[RegressionQuestion]:
    """Approved corrections but `without`, and sample questions of staff, as questions that must stay right.

    A link to what this plan has not is left out.
    """
    approved = select(CorrectionRow).where(CorrectionRow.status == APPROVED, CorrectionRow.id != without)
    plan = plan_at(session)
    in_use = plan(now())
    rows = [
        row
        for row in session.scalars(approved.order_by(CorrectionRow.id))
        if row.kind not in SILENT_ONES or plan_of(row, plan) == in_use
    ]
    found = [question for row in rows for question in [_regression_question(row, finder)] if question]
    edits = session.scalars(select(CommitmentEditRow)).all()
    samples = [(q, row.commitment_id) for row in edits if row.commitment_id in finder.by_id for q in row.questions]
    return [*found, *sample_questions(finder, samples)]


def _regression_question(row: CorrectionRow, finder: Finder) -> RegressionQuestion | None:
    origin = f"已批准的纠正 {row.id}"
    if row.kind == "link" and row.commitment_id in finder.by_id:
        sentence = finder.by_id[row.commitment_id].passage.text
        return RegressionQuestion(row.question, "answered", (sentence,), origin, row.commitment_id)
    if row.kind == "silent" or (row.kind == "pointer" and row.expires_on >= today()):
        return RegressionQuestion(row.question, "not_in_plan", (), origin)
    return RegressionQuestion(row.question, "out_of_scope", (), origin) if row.kind == "not_ours" else None
