"""`serve` runs the console (the default), `migrate` brings its tables to this version."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from monitor.lines import set_up
from review.commands import Commands
from review.database.engine import connected
from review.database.engine import migrate as migrate_tables
from review.settings import Settings
from settings.programs import OMP_NUM_THREADS
from watchdog import stay_alive

SHUTDOWN_S = 5.0  # for pages under way; idle connections of browsers are not waited for longer
STUCK_AFTER_S = 60.0  # residents do not wait for the console: its longest pages on the slowest machine take less


def register(commands: Commands) -> None:
    """Add the two commands."""
    commands.add_parser("serve", help="启动 / serve (default)").set_defaults(run=serve)
    commands.add_parser(
        "migrate", help="把审核台的表升到这个版本 / bring the console's tables to this version"
    ).set_defaults(run=migrate)


def serve(settings: Settings, chosen: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM; ends the process itself."""
    OMP_NUM_THREADS.fill_in()
    from aiohttp import web

    from review.app import build_app  # with the pages and the plan's search, which the other commands do without
    from review.desk import Desk

    set_up()
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    print(f"审核台 review console {settings.public_url}", flush=True)
    app = build_app(Desk(settings))
    app.cleanup_ctx.append(_alive)
    web.run_app(
        app,
        host=settings.host,
        port=settings.port,
        print=None,
        access_log=None,
        shutdown_timeout=SHUTDOWN_S,
    )
    sys.stdout.flush()
    os._exit(0)  # a thread may still be loading the plan or grouping questions: nothing of that is worth waiting for


async def _alive(_app: Any) -> AsyncIterator[None]:
    alive = asyncio.create_task(stay_alive(STUCK_AFTER_S))
    yield
    alive.cancel()
    with suppress(asyncio.CancelledError):
        await alive


def migrate(settings: Settings, chosen: argparse.Namespace) -> int:
    """Bring the console's tables to this version."""
    from review.correcting.publishing import publish_missing

    with connected(settings, migrate_tables) as engine:
        publish_missing(engine)
    return 0
