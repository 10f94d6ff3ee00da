"""What stands against a correction before it goes live."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from knowledge.published.corrections import AboutQuestion, Link, Word
from review.correcting.corrections import Correction, check
from review.correcting.objections import LEANS, NO_OBJECTIONS, Broken, Doubt, Objections
from review.correcting.publishing import approved_questions, as_live, live_now
from review.correcting.regression_check import RegressionCheck
from review.correcting.statuses import APPROVED
from review.database.work import CorrectionRow


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
