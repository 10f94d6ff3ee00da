"""rasa-sdk's server, for those who bear the token only."""

from __future__ import annotations

from rasa_sdk.endpoint import create_app
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from wire.action_token import bears

OPEN = "/health"  # says that it is there, to whoever asks


def guarded_app(token: str, package: str = "actions") -> Sanic:
    """The app that serves a package's actions; every address but `/health` needs `Authorization: Bearer` and the token."""
    app = create_app(package)
    guard(app, token)
    return app


def guard(app: Sanic, token: str) -> None:
    """Turn away, before anything of a request is looked at, who does not bear the token."""

    async def check(request: Request) -> HTTPResponse | None:
        if request.path == OPEN or bears(request.headers.get("Authorization", ""), token):
            return None
        return response.json({"error": "the token is missing or wrong"}, status=401)

    app.register_middleware(check, "request")
