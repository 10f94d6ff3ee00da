"""A real browser, the running product, and another site that embeds the widget under a strict policy."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from conversations.notices import Notice, NoticeBoard
from conversations.requests import RequestBook
from conversations.turn_log import TurnLog
from tests.journeys.processes import Product
from tests.widget.chat import Visit

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WAIT_MS = 20_000  # for anything to appear; far more than it takes, and nothing asserts on time
expect.set_options(timeout=WAIT_MS)
HOSTILE_TITLE = "<img src=x onerror=window.hacked=1></title><script>window.hacked=1</script>"


class _DistrictSite(BaseHTTPRequestHandler):
    """A page of the district: hostile title, and a policy that allows nothing but the bot."""

    def __init__(self, *arguments: object, bot: list[str]) -> None:
        self.bot = bot
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """The page, with the widget's one line."""
        escaped = HOSTILE_TITLE.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
        page = (
            f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escaped}</title></head>'
            f"<body><main><h1>青浦区</h1><p>{'政务公开 ' * 200}</p></main>"
            f'<script type="module" src="{self.bot[0]}/widget/qingpu-ask.js" data-title="{escaped}" '
            f'data-position="bottom-left"></script></body></html>'
        )
        policy = f"default-src 'none'; script-src {self.bot[0]}; connect-src {self.bot[0]}; require-trusted-types-for 'script'"
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing is printed."""


@pytest.fixture(scope="session")
def site_and_product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Product]]:
    """The district's site and the bot that lists its origin."""
    bot: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_DistrictSite, bot=bot))
    site = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    limits = dict.fromkeys(("WEB_MESSAGES_PER_MINUTE", "WEB_MESSAGES_PER_MINUTE_PER_ADDRESS"), "6000")
    folder = tmp_path_factory.mktemp("web")
    product = Product(folder, settings={**limits, "WEB_SESSIONS_PER_MINUTE_PER_ADDRESS": "6000", "WEB_ORIGINS": site})
    bot.append(f"http://127.0.0.1:{product.bot_port}")
    try:
        product.start()
        yield site, product
    finally:
        product.stop()
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def product(site_and_product: tuple[str, Product]) -> Product:
    """The running bot."""
    return site_and_product[1]


@pytest.fixture(scope="session")
def site(site_and_product: tuple[str, Product]) -> str:
    """Address of the district's page."""
    return site_and_product[0]


@pytest.fixture
def log(product: Product) -> Iterator[TurnLog]:
    """The running bot's log."""
    opened = TurnLog(product.environment["CONVERSATIONS_URL"])
    yield opened
    opened.close()


@pytest.fixture
def book(product: Product, monkeypatch: pytest.MonkeyPatch) -> Iterator[RequestBook]:
    """The running bot's requests for staff; opens what the bot has sealed."""
    for name in ("CONVERSATIONS_SECRET", "CONVERSATIONS_SECRET_FILE"):
        if name in product.environment:
            monkeypatch.setenv(name, product.environment[name])
    opened = RequestBook(product.environment["CONVERSATIONS_URL"])
    yield opened
    opened.close()


@pytest.fixture
def post_notice(product: Product) -> Iterator[Callable[[Notice], None]]:
    """Posts a notice as staff do and waits until the bot shows it; after the test it is ended, and the bot knows."""
    board = NoticeBoard(product.environment["CONVERSATIONS_URL"])

    def shown(text: str | None) -> None:
        for _ in range(100):
            notice = json.loads(product.get("/webhooks/web/notice")[1])["notice"]
            if (notice and notice["zh"]) == text:
                return
            time.sleep(0.1)
        raise AssertionError(f"the bot still shows {notice}")

    def post(notice: Notice) -> None:
        board.post(notice)
        shown(notice.zh)

    yield post
    for notice in board.standing():
        board.end(notice.id or 0)
    shown(None)
    board.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. One a module: Playwright's event loop must not outlive it into tests with loops of their own."""
    if not Path(CHROMIUM).exists():
        pytest.fail(f"没有 {CHROMIUM} — 先运行 bash scripts/setup_tests.sh，或设 CHROMIUM=浏览器的路径")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes residents' browsers, each with a storage of its own."""
    made: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        context = browser.new_context(**{"locale": "zh-CN", "viewport": {"width": 1100, "height": 800}, **options})  # type: ignore[arg-type]
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def visit(new_context: Callable[..., BrowserContext], product: Product) -> Iterator[Visit]:
    """A resident on the bot's own page; at the end nothing was refused by the policy and no script failed."""
    visit = Visit(new_context().new_page(), f"http://127.0.0.1:{product.bot_port}")
    yield visit
    assert visit.problems == []
