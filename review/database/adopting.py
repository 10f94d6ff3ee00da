"""Tables on plans that are being adopted: the file that was uploaded, and its jobs. What was read of it lies in its folder."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Integer, String, Text

from review.database.columns import Base, Utc


class AdoptionRow(Base):
    """A plan's file that somebody uploaded: what it is called, how large it is, and the jobs that read, built and evaluated it last.

    `document` are title and period as a person mended them (`review/adopting/naming.py`), empty: as drafted from the file.
    """

    __tablename__ = "review_adoption"
    id = Column(Integer, primary_key=True)
    file_name = Column(String(120), nullable=False)
    size = Column(Integer, nullable=False)  # in bytes
    made_by = Column(String(64), nullable=False)
    made_at = Column(Utc, nullable=False)
    read_job = Column(Integer)
    build_job = Column(Integer)
    judge_job = Column(Integer)
    document = Column(JSON, nullable=False, default=dict)
    changed_at = Column(Utc)  # the last decision on its commitments or its title: what was built before is older
    version = Column(Integer, nullable=False, default=0)


class AdoptedCommitmentRow(Base):
    """What somebody decided of a commitment that a plan seems to make; without a row it stays as it was proposed."""

    __tablename__ = "review_adopted_commitment"
    adoption_id = Column(Integer, primary_key=True)
    commitment_id = Column(String(32), primary_key=True)
    keep = Column(Boolean, nullable=False)
    area = Column(String(32), nullable=False)
    title = Column(String(64), nullable=False)
    audience = Column(String(200), nullable=False)
    headline = Column(Text, nullable=False)
    changed_by = Column(String(64), nullable=False)
    changed_at = Column(Utc, nullable=False)
    version = Column(Integer, nullable=False)


class AdoptedQuestionRow(Base):
    """A question that staff wrote on an adopted plan; `answers` are ids of its commitments, none: the plan is silent."""

    __tablename__ = "review_adopted_question"
    id = Column(Integer, primary_key=True)
    adoption_id = Column(Integer, nullable=False, index=True)
    question = Column(Text, nullable=False)
    answers = Column(JSON, nullable=False, default=list)
    made_by = Column(String(64), nullable=False)
    made_at = Column(Utc, nullable=False)
