"""What stands against a correction before it goes live."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from knowledge.published.corrections import Link
from review.correcting.corrections import Correction, check
from review.correcting.publishing import approved_questions, as_live, live_now
from review.correcting.regression_check import Broken, RegressionCheck
from review.correcting.statuses import APPROVED
from review.database.work import CorrectionRow


def breaks_of(
    regression: RegressionCheck, session: Session, correction: Correction, known: Collection[str]
) -> list[Broken]:
    """The right answers that a correction would make wrong; [] for a kind that does not go live. Raises `InvalidInput`."""
    check(correction, known)
    new = as_live(correction)
    if new is None:
        return []
    return regression.broken_by(new, live_now(session), approved_questions(session, regression.finder))


def breaks_of_verdict(regression: RegressionCheck, session: Session, correction_id: int, verdict: str) -> list[Broken]:
    """The same when a recorded correction is decided; only approval can break anything."""
    row = session.get(CorrectionRow, correction_id) if verdict == APPROVED else None
    new = as_live(row) if row is not None else None
    if new is None:
        return []
    return regression.broken_by(new, live_now(session), approved_questions(session, regression.finder))


def breaks_of_samples(
    regression: RegressionCheck, session: Session, commitment_id: str, before: Sequence[str], questions: Sequence[str]
) -> list[Broken]:
    """What the sample questions that somebody adds to a commitment would break, each once."""
    live, approved = live_now(session), approved_questions(session, regression.finder)
    found: dict[Broken, None] = {}
    for question in questions:
        if question not in before:
            found |= dict.fromkeys(regression.broken_by(Link(question, commitment_id), live, approved))
    return list(found)
