"""What of the staff's decisions stands in the repository's files."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Integer, String

from review.database.columns import Base, Utc


class TaughtRow(Base):
    """What the export has done for a decision (`review.teaching.decisions.Decision.source`), so that it can be undone.

    `changes` are lines that were added, removed or set; `skipped` says why there are none.
    """

    __tablename__ = "review_taught"
    source = Column(String(48), primary_key=True)
    version = Column(Integer, nullable=False)  # of the correction when it was exported
    changes = Column(JSON, nullable=False)
    skipped = Column(String(255), nullable=False, default="")
    exported_at = Column(Utc, nullable=False)
