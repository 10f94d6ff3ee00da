"""Which correction decided a turn: what was live when it was asked, and is of its words or of nearly these."""

from __future__ import annotations

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from conversations.turns import Turn
from knowledge.published.corrections import LiveCorrections, Word
from knowledge.search.finder import CERTAINLY_SILENT, Finder
from knowledge.search.finding import CERTAINLY_ANSWERED
from review.correcting.publishing import as_live
from review.correcting.statuses import APPROVED, WITHDRAWN
from review.database.work import CorrectionRow

# Odds that nothing but a correction, or words of the catalogue's own, gives a turn.
_CERTAIN = {(odds.answerable, odds.silence) for odds in (CERTAINLY_ANSWERED, CERTAINLY_SILENT)}
_DIGITS = 3  # as the log keeps them


def that_decided(session: Session, finder: Finder, turn: Turn) -> CorrectionRow | None:
    """The correction by which a turn was answered or refused; None where it was weighed, or the catalogue knew its words."""
    if turn.answerable is None or turn.silence is None or not _is_certain(turn.answerable, turn.silence):
        return None
    live = {each: row for row in _live_at(session, turn) if (each := as_live(row)) and not isinstance(each, Word)}
    found = finder.trying(LiveCorrections(tuple(live))).published_for(turn.question) if live else None
    return live[found] if found else None


def _is_certain(answerable: float, silence: float) -> bool:
    return any(round(a, _DIGITS) == answerable and round(s, _DIGITS) == silence for a, s in _CERTAIN)


def _live_at(session: Session, turn: Turn) -> list[CorrectionRow]:
    """Approved before the turn, or withdrawn after it; when those were approved is not kept, only when they were made."""
    approved = and_(CorrectionRow.status == APPROVED, CorrectionRow.decided_at <= turn.asked_at)
    withdrawn = and_(
        CorrectionRow.status == WITHDRAWN,
        CorrectionRow.made_at <= turn.asked_at,
        CorrectionRow.decided_at > turn.asked_at,
    )
    return list(session.scalars(select(CorrectionRow).where(or_(approved, withdrawn)).order_by(CorrectionRow.id)))
