"""What the consumer shows of itself: `/health` and `/metrics`, on a port of its own, since it serves nobody else."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

from aiohttp import web

from monitor.exposition import PATH, Exposition
from monitor.metrics import QUEUE_EVENTS, READY
from monitor.on_aiohttp import shown, watch_requests
from settings.monitor import CONSUMER_HOST, CONSUMER_PORT

logger = logging.getLogger(__name__)
PATIENCE_S = 2.0  # a queue that does not say in this time how long it is, is away
Events = Callable[[], Awaitable[Mapping[str, int]]]


@asynccontextmanager
async def watched(events: Events) -> AsyncIterator[None]:
    """Serve both for as long as the consumer runs; `events` counts those of the queue, and raises where it is away.

    A port that is taken is reported, no more: the log is written whether anybody watches or not.
    """
    runner = web.AppRunner(_app(events, Exposition("log")), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, CONSUMER_HOST.read(), CONSUMER_PORT.read()).start()
    except OSError as error:
        logger.error("%s: the consumer cannot be watched on port %d", type(error).__name__, CONSUMER_PORT.read())
    try:
        yield
    finally:
        await runner.cleanup()


def _app(events: Events, exposition: Exposition) -> web.Application:
    async def looked() -> bool:
        try:
            for state, count in (await asyncio.wait_for(events(), PATIENCE_S)).items():
                QUEUE_EVENTS.labels(state).set(count)
        except Exception as error:
            logger.warning("the queue cannot be asked how long it is: %s", error)
            return False
        return True

    async def health(_request: web.Request) -> web.Response:
        is_there = await looked()
        return web.json_response({"status": "ok" if is_there else "no queue"}, status=200 if is_there else 503)

    async def metrics(request: web.Request) -> web.Response:
        READY.set(await looked())
        return await shown(request, exposition)

    app = web.Application(middlewares=[watch_requests])
    app.router.add_get("/health", health)
    app.router.add_get(PATH, metrics)
    return app
