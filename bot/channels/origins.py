"""Which pages may talk to the channels: the bot's own, and the origins that the operator has listed.

Rasa's own CORS handling (sanic_cors) answers every OPTIONS request by itself before a route sees it; so preflights are
answered by a request middleware that stands before it.
"""

from __future__ import annotations

from collections.abc import Set
from urllib.parse import urlsplit

from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

PREFLIGHT_S = 600
_METHODS = "GET, POST, DELETE, OPTIONS"
_HEADERS = "Content-Type, Authorization"
_ELSEWHERE = ("cross-site", "same-site")  # what a browser says of a request that another site's page makes


def allowed_origin(request: Request, origins: Set[str]) -> str | None:
    """The request's origin if its pages may read the reply; "" if there is none to check; None if it is a stranger's.

    No origin is checked where none is named and the browser, if it is one, does not say that another site asks.
    """
    origin = request.headers.get("Origin", "")
    if not origin:
        return None if request.method != "GET" and request.headers.get("Sec-Fetch-Site") in _ELSEWHERE else ""
    if _host_of(origin) == request.host:
        return ""
    return origin if origin.lower() in origins else None


def _host_of(origin: str) -> str | None:
    """Host and port; None where a stranger writes what is no origin."""
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None


def cors_headers(origin: str) -> dict[str, str]:
    """What lets a listed origin read a reply."""
    if not origin:
        return {"Vary": "Origin"}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": "Retry-After",
        "Vary": "Origin",
    }


def answer_preflights(app: Sanic, prefix: str, origins: Set[str]) -> None:
    """Answer the browser's question whether a page may send its request, for every address under `prefix`."""

    async def preflight(request: Request) -> HTTPResponse | None:
        if request.method != "OPTIONS" or not request.path.startswith(prefix):
            return None
        origin = allowed_origin(request, origins)
        if origin is None:
            return response.empty(status=403)
        allow = {"Access-Control-Allow-Methods": _METHODS, "Access-Control-Allow-Headers": _HEADERS}
        headers = {**cors_headers(origin), **allow, "Access-Control-Max-Age": str(PREFLIGHT_S)}
        return response.empty(status=204, headers=headers)

    app.request_middleware.appendleft(preflight)
