"""Which network a request comes from, as far as limits are concerned."""

from __future__ import annotations

import logging
from functools import cache

from sanic.request import Request

from settings.bot import SANIC_PROXIES_COUNT, SANIC_REAL_IP_HEADER
from wire.networks import network

logger = logging.getLogger(__name__)
BEHIND_A_PROXY = (
    "前面有反向代理时请设 SANIC_PROXIES_COUNT（或 SANIC_REAL_IP_HEADER），否则所有居民算一个地址，一起被限量 / "
    "behind a reverse proxy set SANIC_PROXIES_COUNT, or all residents count as one address"
)


def network_of(request: Request) -> str:
    """The name under which a request's network is counted: an IPv4 address, or the first half of an IPv6 address."""
    if not request.remote_addr and not knows_its_proxies() and _was_forwarded(request):
        _warn_of_proxy()
    return network(request.remote_addr or request.ip)


def knows_its_proxies() -> bool:
    """Whether somebody has said how a resident's address is found behind proxies."""
    return SANIC_PROXIES_COUNT.read() > 0 or SANIC_REAL_IP_HEADER.is_set()


def _was_forwarded(request: Request) -> bool:
    return "X-Forwarded-For" in request.headers or "Forwarded" in request.headers


@cache
def _warn_of_proxy() -> None:
    logger.warning("%s", BEHIND_A_PROXY)
