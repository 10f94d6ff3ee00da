"""The store's tables. One commitment stands in one passage and has any number of figures and questions."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Integer, String, Text
from sqlalchemy.orm import declarative_base, relationship

Base: Any = declarative_base()


class MetaRow(Base):
    """One fact about the store itself: plan title, period, checksum of the inputs, schema version."""

    __tablename__ = "meta"
    key = Column(String(64), primary_key=True)
    value = Column(JSON, nullable=False)


class PassageRow(Base):
    """A sentence, table row or definition of the plan, verbatim. `page` is the printed page."""

    __tablename__ = "passage"
    id = Column(Integer, primary_key=True)
    text = Column(Text, nullable=False)
    page = Column(Integer, nullable=False, index=True)
    line = Column(Integer, nullable=False)
    chapter = Column(String(120), nullable=False)
    section = Column(String(120), nullable=False)
    heading = Column(String(120), nullable=False)
    kind = Column(String(16), nullable=False)
    period = Column(String(8), nullable=False)
    commitments = relationship("CommitmentRow", back_populates="passage", order_by="CommitmentRow.position")


class CommitmentRow(Base):
    """A commitment (承诺); see `knowledge.catalogue.commitments.Commitment` for what each column means."""

    __tablename__ = "commitment"
    id = Column(String(16), primary_key=True)
    position = Column(Integer, nullable=False, unique=True)
    passage_id = Column(Integer, ForeignKey("passage.id"), nullable=False, index=True)
    topic = Column(String(16), nullable=False, index=True)
    area = Column(String(32), nullable=False, index=True)
    kind = Column(String(16), nullable=False, index=True)
    title = Column(String(64), nullable=False)
    headline = Column(Text, nullable=False)
    audience = Column(JSON, nullable=False)
    terms = Column(JSON, nullable=False)
    places = Column(JSON, nullable=False)
    curated = Column(Boolean, nullable=False)
    passage = relationship("PassageRow", back_populates="commitments")
    figures = relationship(
        "FigureRow",
        back_populates="commitment",
        order_by="FigureRow.position",
        foreign_keys="FigureRow.commitment_id",
    )


class FigureRow(Base):
    """A number of a commitment. `value` is null where the plan gives words (`words`) instead."""

    __tablename__ = "figure"
    commitment_id = Column(String(16), ForeignKey("commitment.id"), primary_key=True)
    position = Column(Integer, primary_key=True)
    label = Column(String(64), nullable=False)
    value = Column(Float)
    words = Column(String(64), nullable=False, default="")
    unit = Column(String(32), nullable=False)
    year = Column(Integer)
    qualifier = Column(String(32), nullable=False)
    baseline_id = Column(String(16), ForeignKey("commitment.id"))
    baseline_value = Column(Float)
    baseline_year = Column(Integer)
    commitment = relationship("CommitmentRow", back_populates="figures", foreign_keys=[commitment_id])


class PlainWordsRow(Base):
    """Staff's line in plain words (大白话) of a commitment; a store built before there were any has no such table."""

    __tablename__ = "plain_words"
    commitment_id = Column(String(16), ForeignKey("commitment.id"), primary_key=True)
    text = Column(Text, nullable=False)


class LeadRow(Base):
    """The departments that the plan names behind a passage (牵头单位); a store built before they were kept has no such table."""

    __tablename__ = "lead"
    passage_id = Column(Integer, ForeignKey("passage.id"), primary_key=True)
    text = Column(Text, nullable=False)


class QuestionRow(Base):
    """A curated sample question (示例问题) of a commitment, in residents' words."""

    __tablename__ = "question"
    commitment_id = Column(String(16), ForeignKey("commitment.id"), primary_key=True)
    position = Column(Integer, primary_key=True)
    text = Column(Text, nullable=False)  # a sample question is short, a message of others is as long as it came
