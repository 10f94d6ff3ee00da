"""rasa-sdk's server, for those who bear the token only."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from rasa_sdk.endpoint import create_app
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from monitor.exposition import PATH, Exposition
from monitor.on_sanic import shown, watch_requests
from settings.bot import STUCK_AFTER_S
from watchdog import stay_alive
from wire.action_token import bears
from wire.underway import shared_underway

ALIVE = "stay_alive"  # the task's name
# Far longer than the bot keeps a connection (`bot.rasa_patches`), also a bot that stood still meanwhile.
KEEP_ALIVE_S = 60.0
OPEN = "/health"  # says that it is there, to whoever asks


def guarded_app(token: str, look: Callable[[], None], package: str = "actions") -> Sanic:
    """The app that serves a package's actions; every address but `/health` and `/metrics` needs the token.

    `look` brings the numbers of `/metrics` up to date.
    """
    app = create_app(package)
    app.config.KEEP_ALIVE_TIMEOUT = KEEP_ALIVE_S
    guard(app, token)
    show_metrics(app, Exposition("actions", look))
    watch(app)
    return app


def watch(app: Sanic) -> None:
    """End the process where it stands still; what it was at when it is asked to end is to blame for nothing."""

    async def start(app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
        app.add_task(stay_alive(STUCK_AFTER_S.read()), name=ALIVE)

    async def stop(app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
        await app.cancel_task(ALIVE, raise_exception=False)
        shared_underway("actions").close()

    app.register_listener(start, "after_server_start")
    app.register_listener(stop, "before_server_stop")


def show_metrics(app: Sanic, exposition: Exposition) -> None:
    """`GET /metrics` for whom the exposition lets read it; requests get ids and responses are counted."""

    async def metrics(request: Request) -> HTTPResponse:
        return await shown(request, exposition)

    app.add_route(metrics, PATH, methods=["GET"], name="metrics")
    watch_requests(app)


def guard(app: Sanic, token: str) -> None:
    """Turn away, before anything of a request is looked at, who does not bear the token."""

    async def check(request: Request) -> HTTPResponse | None:
        if request.path in (OPEN, PATH) or bears(request.headers.get("Authorization", ""), token):
            return None
        return response.json({"error": "the token is missing or wrong"}, status=401)

    app.register_middleware(check, "request")
