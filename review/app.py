"""The aiohttp application: routes from the table, templates, static files, one desk for all pages."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import aiohttp_jinja2
import jinja2
from aiohttp import web

from monitor.exposition import PATH as METRICS
from monitor.exposition import Exposition
from monitor.on_aiohttp import shown as numbers_shown
from monitor.on_aiohttp import watch_requests
from review import shown
from review.desk import Desk
from review.jobs import book, schedule, starting
from review.monitoring import tell_numbers
from review.routes import ROUTES
from review.triage.missed import read_missed
from review.triage.reader import VERY_LATE
from review.web import DESK, MAX_BODY_BYTES, MAX_LINE_BYTES, handler_of, security_headers
from version import product_version

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"
logger = logging.getLogger(__name__)
READ_EVERY_S = 2.0  # how often the log is looked at for new turns
JOBS_EVERY_S = 10.0  # how often the time of the nightly training, and a dead runner, are looked for
SWEEP_EVERY_S = 60.0  # how often a part of the inbox is compared with the log: a million turns in under four hours
STATIC_AGE_S = 31536000  # addresses of static files carry their content's hash


def build_app(desk: Desk) -> web.Application:
    """The console around a desk; the desk is closed with it."""
    app = web.Application(
        middlewares=[watch_requests, security_headers],
        client_max_size=MAX_BODY_BYTES,
        handler_args={"max_line_size": MAX_LINE_BYTES, "max_field_size": MAX_LINE_BYTES},  # a Referer is as long
    )
    app[DESK] = desk
    for route in ROUTES:
        app.router.add_route(route.method, route.path, handler_of(route))
    app.router.add_get("/", _start)
    app.router.add_get("/health", _health)
    app.router.add_get(METRICS, partial(numbers_shown, exposition=Exposition("console", partial(tell_numbers, desk))))
    app.router.add_get("/static/{name}", _static)
    aiohttp_jinja2.setup(
        app,
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        filters=shown.FILTERS,
        extensions=["jinja2.ext.do"],
    )
    environment = aiohttp_jinja2.get_env(app)
    environment.globals["static"] = static_address
    environment.globals["product_version"] = product_version()
    app.cleanup_ctx.append(_closing)
    app.cleanup_ctx.append(_reading_the_log)
    return app


async def _closing(app: web.Application) -> AsyncIterator[None]:
    yield
    app[DESK].close()


async def _reading_the_log(app: web.Application) -> AsyncIterator[None]:
    """Turns reach the inbox a few seconds after they were asked."""
    task = asyncio.create_task(_read_on(app[DESK]))
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def _read_on(desk: Desk) -> None:
    loop = asyncio.get_running_loop()
    swept_at = jobs_at = loop.time()
    while True:
        if loop.time() - jobs_at > JOBS_EVERY_S:
            await loop.run_in_executor(desk.background, _look_after_jobs, desk)
            jobs_at = loop.time()
        try:
            await loop.run_in_executor(desk.background, desk.follow_releases)
            if desk.prepares and not await loop.run_in_executor(desk.background, _is_prepared, desk):
                desk.slow.submit(_prepare_regression_check, desk)
            new = await loop.run_in_executor(desk.background, desk.triage.read_on)
            if loop.time() - swept_at > SWEEP_EVERY_S:
                await loop.run_in_executor(desk.background, desk.triage.read_on, VERY_LATE)
                await loop.run_in_executor(desk.background, read_missed, desk.triage)
                await loop.run_in_executor(desk.background, desk.triage.forget_erased)
                swept_at = loop.time()
        except Exception:
            logger.exception("triage could not read on")
            new = 0
        if new:
            continue
        if desk.prepares and await loop.run_in_executor(desk.background, desk.grouper.is_due):
            desk.slow.submit(_group, desk)
        await asyncio.sleep(READ_EVERY_S)


def _look_after_jobs(desk: Desk) -> None:
    try:
        book.clear_dead(desk.engine)
        number = schedule.ask_if_due(desk.engine)
        if number is not None:
            starting.start(desk.engine, desk.settings, number)
    except Exception:
        logger.exception("the nightly training could not be looked after")


def _group(desk: Desk) -> None:
    try:
        desk.grouper.run()
    except Exception:
        logger.exception("questions could not be grouped")


def _is_prepared(desk: Desk) -> bool:
    """Loads the plan if it is not there: seconds that no page should have to wait."""
    return desk.regression_check.is_ready


def _prepare_regression_check(desk: Desk) -> None:
    try:
        desk.regression_check.prepare()  # seconds that no approval should have to wait
    except Exception:
        logger.exception("the regression questions could not be read; the next approval tries again")


async def _start(_request: web.Request) -> web.Response:
    return web.Response(status=303, headers={"Location": "/inbox"})


async def _health(_request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


_FILES = {path.name: path for path in STATIC.iterdir() if path.is_file()}
_HASHES = {name: hashlib.sha256(path.read_bytes()).hexdigest()[:12] for name, path in _FILES.items()}


def static_address(name: str) -> str:
    """The address of a static file, which changes with its content."""
    return f"/static/{name}?v={_HASHES[name]}"


async def _static(request: web.Request) -> web.StreamResponse:
    path = _FILES.get(request.match_info["name"])
    if path is None:
        raise web.HTTPNotFound
    return web.FileResponse(path, headers={"Cache-Control": f"public, max-age={STATIC_AGE_S}, immutable"})
