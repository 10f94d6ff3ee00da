"""What every response of the bot tells a browser, errors and Rasa's own pages included, unless it says so itself."""

from __future__ import annotations

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

# A response that is no page of ours may do nothing and be framed by nobody; it is what it is called, and kept nowhere.
DEFAULTS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_OF_RASA = ("Access-Control-Allow-Credentials", "Access-Control-Expose-Headers")  # no cookie of ours is read anywhere


def protect_responses(app: Sanic) -> None:
    """Add what is missing to every response. Before the server starts."""

    async def add(_request: Request, answer: HTTPResponse) -> None:
        for name, value in DEFAULTS.items():
            answer.headers.setdefault(name, value)
        for name in _OF_RASA:
            answer.headers.pop(name, None)

    app.register_middleware(add, "response")
