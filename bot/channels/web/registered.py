"""What a resident is told of a request of their own that waits for staff."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.channels.web.errors import ApiError
from conversations.requests import RequestBook, StaffRequest
from settings.bot import REQUEST_REPLY_DAYS


def standing_of(book: RequestBook, session: str, reference: str) -> dict[str, Any]:
    """`{reference, status, registered_at, reply_by}` of a request that this session made; times are ISO 8601.

    Raises `ApiError` where the session has none of that number, whoever else may: a number alone tells nobody anything.
    """
    request = book.request(reference)
    if request is None or not session or request.session != session:
        raise ApiError("unknown", "reference")
    return {
        "reference": reference,
        "status": request.status,
        "registered_at": request.created_at.isoformat() if request.created_at else None,
        "reply_by": reply_by(request, REQUEST_REPLY_DAYS.read()),
    }


def reply_by(request: StaffRequest, days: int) -> str | None:
    """By when staff mean to have replied; None where they promise nothing, or have done so."""
    if not days or request.created_at is None or request.status == "done":
        return None
    return (request.created_at + timedelta(days=days)).isoformat()
