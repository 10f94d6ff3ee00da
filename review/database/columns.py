"""The base of the console's tables and their column types."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from sqlalchemy.orm import declarative_base

from conversations.models import UtcDateTime as Utc

Base: Any = declarative_base()

__all__ = ["Base", "Utc", "now"]


def now() -> datetime:
    """The present moment, UTC."""
    return datetime.now(timezone.utc)
