"""Reading requests: what a body must hold, each refusal with the field that is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from sanic.request import Request

from bot.channels.asked_after import number_in
from bot.channels.bodies import NoJsonObject, json_object
from bot.channels.registered import RequestStanding
from bot.channels.web.errors import ApiError
from wire.message import whole_text
from wire.reply_day import SHANGHAI

END_OF_DAY = time(23, 59, 59)
MAX_BODY_BYTES = 16 * 1024  # a message of 1,000 characters is 4 KB at most
MAX_TEXT_CHARS = 5000  # far beyond the limit that residents are told politely; what is longer is no message
MAX_COMMENT_CHARS = 500
MESSAGE_ID = re.compile(r"[A-Za-z0-9_\-]{8,64}")
_CONTACT = re.compile(r"(?=.*(?:\d{5}|@)).{5,100}")
_REFERENCE = re.compile(r"[A-Z0-9\-]{6,32}")


def body_of(request: Request) -> dict[str, Any]:
    """The JSON object of a request, {} if it has no body."""
    if len(request.body) > MAX_BODY_BYTES:
        raise ApiError("too_large")
    if not request.body:
        return {}
    try:
        return json_object(request)
    except NoJsonObject as error:
        raise ApiError("bad_request", "JSON object") from error


def token_of(request: Request, body: dict[str, Any]) -> str:
    """The session token, from `session` in the body or `Authorization: Bearer`."""
    token = body.get("session") or (request.token or "")
    if not isinstance(token, str) or not token:
        raise ApiError("session")
    return whole_text(token)


def message_of(body: dict[str, Any]) -> tuple[str, str]:
    """(message_id, message)."""
    return _matching(body, "message_id", MESSAGE_ID), text_of(body, "message", MAX_TEXT_CHARS)


def text_of(body: dict[str, Any], field: str, longest: int) -> str:
    """A text that is not empty."""
    text = body.get(field)
    if not isinstance(text, str) or not text.strip() or len(text) > longest:
        raise ApiError("bad_request", field)
    return text


def vote_of(body: dict[str, Any]) -> tuple[str, str, str]:
    """(answer_id, value, comment)."""
    value, comment = body.get("value"), body.get("comment", "")
    if value not in ("up", "down"):
        raise ApiError("bad_request", "value: up | down")
    if not isinstance(comment, str) or len(comment) > MAX_COMMENT_CHARS:
        raise ApiError("bad_request", f"comment: ≤ {MAX_COMMENT_CHARS}")
    return text_of(body, "answer_id", 64), value, comment


def contact_of(body: Mapping[str, Any]) -> tuple[str, str]:
    """(reference, contact), given with consent."""
    contact = body.get("contact")
    if body.get("consent") is not True or not isinstance(contact, str) or not _CONTACT.fullmatch(contact.strip()):
        raise ApiError("contact")
    return _matching(body, "reference", _REFERENCE), contact.strip()


def reference_of(value: Any) -> str:
    """A request's number, however it is written: `qp261129-ab2cd ` and `261129-AB2CD`, too."""
    written = str(value or "").strip()
    return number_in(written) or _matching({"reference": written.upper()}, "reference", _REFERENCE)


def standing_body(standing: RequestStanding) -> dict[str, Any]:
    """How a request stands, as JSON; a day is expected until its end. `text` is null for whoever knows the number only."""
    by = standing.reply_by
    return {
        "reference": standing.reference,
        "status": standing.status,
        "registered_at": standing.registered_at.isoformat(),
        "reply_by": datetime.combine(by, END_OF_DAY, SHANGHAI).isoformat() if by else None,
        "overdue": standing.overdue,
        "text": standing.text or None,
    }


def _matching(body: Mapping[str, Any], field: str, form: re.Pattern[str]) -> str:
    value = body.get(field)
    if not isinstance(value, str) or not form.fullmatch(value):
        raise ApiError("bad_request", field)
    return value
