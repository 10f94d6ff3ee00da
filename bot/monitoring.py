"""The bot's numbers."""

from __future__ import annotations

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.limits import shared_crowd
from bot.channels.readiness import Readiness
from bot.releases import releases
from knowledge.published.reading import published
from monitor.corrections import tell_corrections
from monitor.exposition import Exposition
from monitor.metrics import READY, RELEASE, TURNS_IN_FLIGHT_LIMIT
from monitor.on_sanic import shown


class BotMetrics:
    """`GET /webhooks/web/metrics`."""

    def __init__(self, readiness: Readiness) -> None:
        self._exposition, self._readiness = Exposition("bot", _look), readiness

    async def shown(self, request: Request) -> HTTPResponse:
        """The numbers, for whoever may read them."""
        READY.set(0 if await self._readiness.faults(request.app) else 1)
        return await shown(request, self._exposition)


def _look() -> None:
    TURNS_IN_FLIGHT_LIMIT.set(shared_crowd().may_be_inside)
    RELEASE.info({"release": releases.serving})
    tell_corrections(published().current())
