"""Tables on plans that are being adopted: the file that was uploaded, and its jobs. What was read of it lies in its folder."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String

from review.database.columns import Base, Utc


class AdoptionRow(Base):
    """A plan's file that somebody uploaded: what it is called, how large it is, and the jobs that read and build it last."""

    __tablename__ = "review_adoption"
    id = Column(Integer, primary_key=True)
    file_name = Column(String(120), nullable=False)
    size = Column(Integer, nullable=False)  # in bytes
    made_by = Column(String(64), nullable=False)
    made_at = Column(Utc, nullable=False)
    read_job = Column(Integer)
