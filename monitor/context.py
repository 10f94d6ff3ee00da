"""Which request, and which turn, a line of the log belongs to: the same ids in the bot, the action server and the log's row.

A request's id comes from the proxy (`X-Request-ID`) or is made here, and goes back with the response. A turn's id is
its answer's, which is the key of its row.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

HEADER = "X-Request-ID"
REQUEST, TURN = "request", "turn"  # metadata of a message, for the action server
# Hexadecimal digits only, as nginx, Caddy and tracers write them: nobody can spell a name or a word into our logs.
_REQUEST_ID = re.compile(r"[0-9a-fA-F-]{16,64}")
_TURN_ID = re.compile(r"a-[0-9a-f]{32}")


@dataclass(frozen=True)
class Context:
    """What the code that runs now works for; "" where that is nobody's request, or no turn."""

    request: str = ""
    turn: str = ""


_NOBODY = Context()
_now: ContextVar[Context] = ContextVar("context", default=_NOBODY)


def context() -> Context:
    """Of the code that runs now."""
    return _now.get()


def begin_request(given: str | None) -> str:
    """A request has come; its id: the one that was given, or a new one where that is none."""
    name = given if given and _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
    _now.set(Context(name))
    return name


@contextmanager
def working_for(request: str = "", turn: str = "") -> Iterator[None]:
    """Within a request, or for another one that is named."""
    before = _now.get()
    token = _now.set(Context(request or before.request, turn))
    try:
        yield
    finally:
        _now.reset(token)


def new_turn_id() -> str:
    """For an answer that nobody has given yet."""
    return f"a-{uuid.uuid4().hex}"


def turn_id(told: object) -> str:
    """What the bot told the action server of a turn, or a new id where it told none."""
    return told if isinstance(told, str) and _TURN_ID.fullmatch(told) else new_turn_id()
