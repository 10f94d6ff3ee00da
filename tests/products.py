"""The product as `make run` starts it, once for all tests that only talk to it, beside a page of the district. In `tests/conftest.py`.

Such a test speaks as senders of its own and takes back what it publishes; one that stops the product, or needs other
settings, starts another.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from conversations.clock import believed
from conversations.database import Database
from conversations.turn_log import TurnLog
from tests.conversations.turns import turn
from tests.journeys.processes import Product

HOSTILE_TITLE = "<img src=x onerror=window.hacked=1></title><script>window.hacked=1</script>"
TOO_OLD = "旧话旧话"  # a question that the log had before the product started, from before what is kept
LONG_AGO = datetime.now(timezone.utc) - timedelta(days=181)
REGRESSION_QUESTIONS = Path(__file__).with_name("review") / "regression_questions.yml"

OTHER_PAGES: dict[str, str] = {}  # of the district's site, by path: a test puts its own here, and they have no policy


class _DistrictSite(BaseHTTPRequestHandler):
    """A page of the district: hostile title, and a policy that allows nothing but the bot."""

    def __init__(self, *arguments: object, bot: list[str]) -> None:
        self.bot = bot
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """The page, with the widget's one line; or one that a test has put there."""
        if self.path in OTHER_PAGES:
            return self._send(OTHER_PAGES[self.path], {})
        escaped = HOSTILE_TITLE.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
        page = (
            f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escaped}</title></head>'
            f"<body><main><h1>青浦区</h1><p>{'政务公开 ' * 200}</p></main>"
            f'<script type="module" src="{self.bot[0]}/widget/qingpu-ask.js" data-title="{escaped}" '
            f'data-position="bottom-left"></script></body></html>'
        )
        policy = f"default-src 'none'; script-src {self.bot[0]}; connect-src {self.bot[0]}; require-trusted-types-for 'script'"
        return self._send(page, {"Content-Security-Policy": policy})

    def _send(self, page: str, headers: dict[str, str]) -> None:
        self.send_response(200)
        for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing is printed."""


@pytest.fixture(scope="session")
def site_and_product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Product]]:
    """The district's site and the product whose bot lists its origin; its log holds a turn that is too old."""
    bot: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_DistrictSite, bot=bot))
    site = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    limits = ("WEB_MESSAGES_PER_MINUTE", "WEB_MESSAGES_PER_MINUTE_PER_ADDRESS", "WEB_SESSIONS_PER_MINUTE_PER_ADDRESS")
    settings = {
        "WEB_ORIGINS": f"{site},null",  # and a sandboxed frame
        "REVIEW_REGRESSION_QUESTIONS": str(REGRESSION_QUESTIONS),
        **dict.fromkeys(limits, "6000"),
    }
    product = Product(tmp_path_factory.mktemp("product"), settings=settings)
    bot.append(f"http://127.0.0.1:{product.bot_port}")
    log = TurnLog(product.environment["CONVERSATIONS_URL"])
    log.record(turn(question=TOO_OLD, asked_at=LONG_AGO))
    log.close()
    _believe_the_clock(product.environment["CONVERSATIONS_URL"])
    try:
        product.start()
        yield site, product
    finally:
        product.stop()
        server.shutdown()
        server.server_close()


def _believe_the_clock(url: str) -> None:
    """As after a day of running: what is too old is erased at the next start."""
    database, now = Database(url), datetime.now(timezone.utc)
    for hours in (23, 1):
        believed(database, now - timedelta(hours=hours))
    database.close()


@pytest.fixture(scope="session")
def shared_product(site_and_product: tuple[str, Product]) -> Product:
    """The running product that tests share; `product` where a file has no other."""
    return site_and_product[1]


@pytest.fixture(scope="session")
def site(site_and_product: tuple[str, Product]) -> str:
    """Address of the district's page."""
    return site_and_product[0]
