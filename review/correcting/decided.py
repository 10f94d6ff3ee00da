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

_DIGITS = 3  # as the log keeps them
# Odds that nothing but a correction, or words of the catalogue's own, gives a turn.
_CERTAIN = {
    (round(odds.answerable, _DIGITS), round(odds.silence, _DIGITS)) for odds in (CERTAINLY_ANSWERED, CERTAINLY_SILENT)
}


def that_decided(session: Session, finder: Finder, turn: Turn) -> CorrectionRow | None:
    """The correction by which a turn was answered or refused; None where it was weighed, or the catalogue knew its words."""
    if (turn.answerable, turn.silence) not in _CERTAIN:
        return None
    live = {each: row for row in _live_at(session, turn) if (each := as_live(row)) and not isinstance(each, Word)}
    found = finder.trying(LiveCorrections(tuple(live))).published_for(turn.question) if live else None
    return live[found] if found else None


def _live_at(session: Session, turn: Turn) -> list[CorrectionRow]:
    """Approved before the turn, or withdrawn after it; when those were approved is not kept, only when they were made."""
    approved = and_(CorrectionRow.status == APPROVED, CorrectionRow.decided_at <= turn.asked_at)
    withdrawn = and_(
        CorrectionRow.status == WITHDRAWN,
        CorrectionRow.made_at <= turn.asked_at,
        CorrectionRow.decided_at > turn.asked_at,
    )
    # Each is encoded to be compared: only those that lead to what was answered, or to nothing where nothing was.
    leads = CorrectionRow.commitment_id.in_(turn.citations) if turn.citations else CorrectionRow.kind != "link"
    chosen = select(CorrectionRow).where(or_(approved, withdrawn), leads, CorrectionRow.kind != "word")
    return list(session.scalars(chosen.order_by(CorrectionRow.id)))
