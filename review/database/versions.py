"""Tables on which versions answered: what a trial of a release is judged by."""

from __future__ import annotations

from sqlalchemy import Column, Date, Integer, String

from review.database.columns import Base


class VersionCountRow(Base):
    """Turns of a day by the versions that answered, as the log names them; "" where a turn never got that far.

    `questions` are the turns that asked something: small talk left out. Of them `answered` and `refused`.
    """

    __tablename__ = "review_version_count"
    day = Column(Date, primary_key=True)
    model = Column(String(64), primary_key=True)
    knowledge = Column(String(64), primary_key=True)
    turns = Column(Integer, nullable=False)
    questions = Column(Integer, nullable=False)
    answered = Column(Integer, nullable=False)
    refused = Column(Integer, nullable=False)
    errors = Column(Integer, nullable=False)
    up = Column(Integer, nullable=False)
    down = Column(Integer, nullable=False)


class LatencyRow(Base):
    """Turns of a day by version and total time, in whole milliseconds: what exact percentiles are read off."""

    __tablename__ = "review_latency"
    day = Column(Date, primary_key=True)
    model = Column(String(64), primary_key=True)
    knowledge = Column(String(64), primary_key=True)
    ms = Column(Integer, primary_key=True)
    turns = Column(Integer, nullable=False)
