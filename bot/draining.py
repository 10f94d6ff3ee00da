"""How a bot leaves: it says that it is not ready, answers what still comes, and stops when nobody should send it more.

A proxy that watches readiness sends residents elsewhere meanwhile; one that keeps connections gives them up, for each
reply now says so: none of them is closed under a request.
"""

from __future__ import annotations

import asyncio
import logging
import signal

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from settings.bot import DRAIN_S, TURN_DEADLINE_S

logger = logging.getLogger(__name__)


def leave_gently(app: Sanic) -> None:
    """Before the server starts: replies of a bot that leaves give their connection up, and it waits for all of them.

    A turn that is cut off would hold its conversation's place until that ends by itself, and whoever is asked next
    would wait for it.
    """
    app.ctx.draining = False
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = max(app.config.GRACEFUL_SHUTDOWN_TIMEOUT, TURN_DEADLINE_S.read())
    app.register_middleware(_give_connection_up, "response")


def heed_sigterm(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
    """Once the server runs, in place of Sanic's own: SIGTERM ends it after `DRAIN_S`, a second one and Ctrl-C at once."""
    loop.add_signal_handler(signal.SIGTERM, drain, app, loop)


def is_draining(app: Sanic) -> bool:
    """Whether this process is about to stop."""
    return bool(getattr(app.ctx, "draining", False))


def drain(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
    """Begin to leave; asked again, stop at once."""
    drain_s = DRAIN_S.read()
    if is_draining(app) or not drain_s:
        app.stop()
        return
    app.ctx.draining = True
    logger.info("the bot takes %s s to leave", drain_s)
    loop.call_later(drain_s, app.stop)


async def _give_connection_up(request: Request, _response: HTTPResponse) -> None:
    if is_draining(request.app) and request.stream is not None:
        request.stream.keep_alive = False  # Sanic writes `Connection: close` and means it
