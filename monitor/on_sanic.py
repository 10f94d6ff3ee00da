"""Requests of a Sanic app get their id and are counted; `GET /metrics` shows the numbers."""

from __future__ import annotations

import asyncio

from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from monitor.context import HEADER, begin_request
from monitor.exposition import CONTENT_TYPE, Exposition
from monitor.metrics import NOWHERE, count_response


def watch_requests(app: Sanic) -> None:
    """Give every request its id, and count every response. Before the server starts."""

    async def begin(request: Request) -> None:
        request.ctx.request_id = begin_request(request.headers.get(HEADER))

    async def end(request: Request, answer: HTTPResponse) -> None:
        if hasattr(request.ctx, "request_id"):
            answer.headers[HEADER] = request.ctx.request_id
        count_response(request.method, f"/{request.route.path}" if request.route else NOWHERE, answer.status)

    app.register_middleware(begin, "request")
    app.register_middleware(end, "response")


async def shown(request: Request, exposition: Exposition) -> HTTPResponse:
    """The numbers; as if nothing were there for whoever may not read them."""
    if not exposition.may_read(request.ip, request.headers):
        return response.json({"error": "not found"}, status=404)
    text = await asyncio.get_running_loop().run_in_executor(None, exposition.text)
    return response.raw(text, content_type=CONTENT_TYPE)
