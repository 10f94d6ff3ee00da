"""The tables of the log. Alembic makes them (`migrations/`); a test holds both to be the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import declarative_base
from sqlalchemy.types import TypeDecorator

from conversations.errors import MomentWithoutZone
from conversations.kept import KeptField, kept_fields
from conversations.turns import Turn

Base: Any = declarative_base()


class UtcDateTime(TypeDecorator):
    """A moment: any time zone in, UTC out, on every database (SQLite keeps none)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """To UTC. A moment without a time zone is refused: whose clock would it be?"""
        if value is None:
            return None
        if value.tzinfo is None:
            raise MomentWithoutZone(f"{value}: 没有时区 — 用 datetime.now(timezone.utc) 这样的时间")
        return value.astimezone(timezone.utc)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """In UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)


_TYPES: Mapping[Any, Any] = {float: Float, datetime: UtcDateTime}


def columns_of(definition: type) -> list[Column]:
    """A column for each field that a dataclass keeps (`kept.Kept`)."""
    return [_column(field) for field in kept_fields(definition)]


def _column(field: KeptField) -> Column:
    text = Text if field.kept.characters is None else String(field.kept.characters)
    kind = text if field.type is str else _TYPES.get(field.type, JSON)
    return Column(field.name, kind, nullable=field.optional, server_default=field.kept.before)


class TurnRow(Base):
    """One question and its reply (一问一答): a column for each field that `turns.Turn` keeps."""

    __table__ = Table(
        "turn",
        Base.metadata,
        *columns_of(Turn),
        PrimaryKeyConstraint("id"),
        UniqueConstraint("session", "message_id", name="turn_once"),
        Index("turn_by_time", "asked_at", "id"),
        Index("turn_by_feedback", "feedback_at"),
    )


class TurnCountRow(Base):
    """How many turns of a kind a day had that are no longer kept: all that remains of them. "" where there was none."""

    __tablename__ = "turn_count"
    day = Column(Date, primary_key=True)
    channel = Column(String(32), primary_key=True)
    topic = Column(String(32), primary_key=True)
    outcome = Column(String(16), primary_key=True)
    commitment_id = Column(String(32), primary_key=True)
    feedback = Column(String(8), primary_key=True)
    turns = Column(Integer, nullable=False)


class StaffRequestRow(Base):
    """What waits for a person, by `kind`: handoff, complaint, suggestion, failed_question."""

    __tablename__ = "staff_request"
    __table_args__ = (Index("staff_request_by_answer", "answer_id"),)
    reference = Column(String(32), primary_key=True)
    kind = Column(String(16), nullable=False, index=True)
    session = Column(String(255), nullable=False)
    channel = Column(String(32), nullable=False, default="")
    text = Column(Text, nullable=False)
    about = Column(String(16), nullable=False, default="")
    status = Column(String(16), nullable=False, default="open", index=True)
    created_at = Column(UtcDateTime, nullable=False, index=True)
    answer_id = Column(String(40), nullable=False, default="", server_default="")
    topic = Column(String(32), nullable=False, default="", server_default="")
    contact = Column(Text, nullable=False, default="", server_default="")
    note = Column(Text, nullable=False, default="", server_default="")
    changed_at = Column(UtcDateTime)


class NoticeRow(Base):
    """What staff tell every resident; see `notices.Notice`. Ends are set, rows never deleted: what was told stays known."""

    __tablename__ = "notice"
    id = Column(Integer, primary_key=True)
    zh = Column(Text, nullable=False)
    en = Column(Text, nullable=False, default="")
    kind = Column(String(16), nullable=False)
    starts_at = Column(UtcDateTime, nullable=False, index=True)
    ends_at = Column(UtcDateTime)
    answering_off = Column(Boolean, nullable=False)
    author = Column(String(64), nullable=False, default="")


class FollowerRow(Base):
    """A follower of a platform account, by the session's key. The platform's id is sealed and gone after 48 hours."""

    __tablename__ = "follower"
    session = Column(String(64), primary_key=True)
    account = Column(String(32), nullable=False)
    sealed_id = Column(Text, nullable=False)
    id_until = Column(UtcDateTime, nullable=False, index=True)
    choices = Column(JSON, nullable=False)
    rest = Column(Text, nullable=False)
    answer_id = Column(String(40), nullable=False)


class DeliveryRow(Base):
    """A follower's message from its arrival until its answer has left, see `deliveries.Delivery`."""

    __tablename__ = "delivery"
    __table_args__ = (Index("delivery_by_session", "session", "state"), Index("delivery_by_time", "received_at"))
    id = Column(String(32), primary_key=True)
    session = Column(String(64), nullable=False)
    account = Column(String(32), nullable=False)
    received_at = Column(UtcDateTime, nullable=False)
    state = Column(String(16), nullable=False)
    sealed_message = Column(Text, nullable=False)
    reply = Column(JSON, nullable=False)
    worker = Column(String(32), nullable=False)
    leased_until = Column(UtcDateTime, nullable=False)
    push_at = Column(UtcDateTime)
    tries = Column(Integer, nullable=False, default=1, server_default="1")


class NonceRow(Base):
    """A nonce of a platform's request, so that a captured request is refused when it comes again."""

    __tablename__ = "platform_nonce"
    account = Column(String(32), primary_key=True)
    nonce = Column(String(128), primary_key=True)
    seen_at = Column(UtcDateTime, nullable=False, index=True)


class ErasedSessionRow(Base):
    """A session that was erased, and when: what is still under way of it is not written any more."""

    __tablename__ = "erased_session"
    session = Column(String(64), primary_key=True)
    erased_at = Column(UtcDateTime, nullable=False, index=True)


class UpkeepRow(Base):
    """What the upkeep of this database remembers, by name: when something was, and since when that is in doubt."""

    __tablename__ = "upkeep"
    name = Column(String(16), primary_key=True)
    at = Column(UtcDateTime)
    doubted_at = Column(UtcDateTime)


class AccessTokenRow(Base):
    """An account's access token, sealed; `refresh_until`: a process is fetching the next one until then."""

    __tablename__ = "access_token"
    account = Column(String(32), primary_key=True)
    sealed_token = Column(Text, nullable=False)
    expires_at = Column(UtcDateTime, nullable=False)
    refresh_until = Column(UtcDateTime, nullable=False)
