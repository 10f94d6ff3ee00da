"""Requests of an aiohttp app get their id and are counted; `GET /metrics` shows the numbers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from monitor.context import HEADER, begin_request
from monitor.exposition import CONTENT_TYPE, Exposition
from monitor.metrics import NOWHERE, count_response

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def watch_requests(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give a request its id, and count its response. Outside of all other middlewares."""
    name = begin_request(request.headers.get(HEADER))
    resource = request.match_info.route.resource
    route = resource.canonical if resource else NOWHERE
    try:
        response = await handler(request)
    except web.HTTPException as refused:
        refused.headers[HEADER] = name
        count_response(request.method, route, refused.status)
        raise
    response.headers[HEADER] = name
    count_response(request.method, route, response.status)
    return response


async def shown(request: web.Request, exposition: Exposition) -> web.Response:
    """The numbers. Raises 404 for whoever may not read them."""
    if not exposition.may_read(request.remote or "", request.headers):
        raise web.HTTPNotFound
    text = await asyncio.get_running_loop().run_in_executor(None, exposition.text)
    return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE})
