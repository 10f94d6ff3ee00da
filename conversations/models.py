"""The table of requests that staff have to look at."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, DateTime, String, Text
from sqlalchemy.orm import declarative_base

Base: Any = declarative_base()


class StaffRequestRow(Base):
    """A request for a person, a complaint, or a question that failed (`kind` handoff, complaint, failed_question)."""

    __tablename__ = "staff_request"
    reference = Column(String(32), primary_key=True)
    kind = Column(String(16), nullable=False, index=True)
    session = Column(String(255), nullable=False)
    channel = Column(String(32), nullable=False, default="")
    text = Column(Text, nullable=False)
    about = Column(String(16), nullable=False, default="")
    status = Column(String(16), nullable=False, default="open", index=True)
    created_at = Column(DateTime(timezone=True), nullable=False, index=True)
