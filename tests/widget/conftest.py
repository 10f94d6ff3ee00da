"""A real browser, and the running product."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from conversations.notices import Notice, NoticeBoard
from conversations.requests import RequestBook
from conversations.turn_log import TurnLog
from tests.browsers import running_browser
from tests.journeys.processes import Product
from tests.widget.chat import Visit

NAVIGATION_MS = 120_000  # the first page of a product that other tests keep busy
WAIT_MS = 20_000  # for anything to appear; far more than it takes, and nothing asserts on time
expect.set_options(timeout=WAIT_MS)


@pytest.fixture(scope="session")
def product(shared_product: Product) -> Product:
    """The running bot."""
    return shared_product


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
    """Debian's Chromium. One a module: its event loop must not outlive it."""
    with running_browser() as running:
        yield running


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes residents' browsers, each with a storage of its own."""
    made: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        context = browser.new_context(**{"locale": "zh-CN", "viewport": {"width": 1100, "height": 800}, **options})  # type: ignore[arg-type]
        context.set_default_navigation_timeout(NAVIGATION_MS)
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
