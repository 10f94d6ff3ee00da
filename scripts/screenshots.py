"""`python scripts/screenshots.py [conversation|danger|pages|notice …]`: takes the pictures `docs/images/widget-*.png` anew.

Starts the product by itself; without a name all pictures are taken.

Needs what the tests need (`bash scripts/setup_tests.sh`): Chromium and Chinese fonts.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, expect

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.chdir(ROOT)

from conversations.notices import Notice, NoticeBoard  # noqa: E402
from tests.browsers import running_browser  # noqa: E402
from tests.danger.doubtful import doubtful_message  # noqa: E402
from tests.journeys.processes import Product  # noqa: E402
from tests.widget.chat import Visit  # noqa: E402

IMAGES = ROOT / "docs" / "images"
COLOURS = 128  # enough for flat colours; a quarter of the bytes
BEDS = "到2025年养老院床位有多少张"
DANGER = "我家厨房着火了"
PHONE = {"viewport": {"width": 390, "height": 780}, "device_scale_factor": 2}
FINGER = {"has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1100, "height": 760}, "device_scale_factor": 1}


class Camera:
    """Opens pages of one running product and keeps what they show."""

    def __init__(self, browser: Browser, bot: str) -> None:
        self._browser, self._bot = browser, bot

    @contextmanager
    def visit(self, **options: Any) -> Iterator[Visit]:
        """A resident's browser."""
        context = self._browser.new_context(locale="zh-CN", reduced_motion="reduce", **options)
        yield Visit(context.new_page(), self._bot)
        context.close()

    @staticmethod
    def keep(page: Page, name: str) -> None:
        """Write a picture."""
        page.wait_for_timeout(400)
        path = IMAGES / f"widget-{name}.png"
        page.screenshot(path=path)
        Image.open(path).convert("RGB").quantize(COLOURS).save(path, optimize=True)
        print(f"docs/images/widget-{name}.png")


def conversation(camera: Camera) -> None:
    """On a phone: greeting, suggestions, answer, follow-up, choices, refusal, a person, elder mode, menu, offline."""
    with camera.visit(**PHONE) as visit:
        visit.open()
        expect(visit.page.locator("qingpu-ask .choice").first).to_be_visible()
        camera.keep(visit.page, "welcome")
        visit.field.press_sequentially("ylcw")
        expect(visit.page.get_by_role("option").first).to_be_visible()
        camera.keep(visit.page, "suggestions")
        visit.ask(BEDS)
        camera.keep(visit.page, "answer")
        visit.ask("那认知障碍的呢")
        camera.keep(visit.page, "follow-up")
        visit.ask("住房问题怎么说")
        camera.keep(visit.page, "clarify")
        visit.ask("养老院一个月收费多少钱")
        camera.keep(visit.page, "not-in-plan")
        visit.ask("我要找人工")
        camera.keep(visit.page, "handoff")
        visit.button("更多").click()
        camera.keep(visit.page, "menu")
        visit.button("更多").click()
        visit.page.context.set_offline(True)
        visit.field.fill("小学放学以后有课后服务吗")
        visit.field.press("Enter")
        expect(visit.page.locator("qingpu-ask [data-state=waiting]")).to_be_visible()
        camera.keep(visit.page, "offline")
        visit.page.context.set_offline(False)
        expect(visit.page.locator("qingpu-ask [data-state=waiting]")).to_have_count(0)
    with camera.visit(**PHONE) as visit:
        visit.open()
        visit.elder().click()
        visit.ask(BEDS)
        camera.keep(visit.page, "elder")
    with camera.visit(**PHONE) as visit:
        visit.open().ask("十五五规划里养老怎么说")
        camera.keep(visit.page, "next-plan")
    with camera.visit(viewport={"width": 320, "height": 200}, device_scale_factor=2) as visit:
        visit.open()
        visit.elder().click()
        visit.ask(BEDS)
        camera.keep(visit.page, "400-percent")
    with camera.visit(color_scheme="dark", **PHONE) as visit:
        visit.open().ask(BEDS)
        camera.keep(visit.page, "dark")
    with camera.visit(viewport={"width": 320, "height": 640}, device_scale_factor=2) as visit:
        visit.open().ask(BEDS)
        camera.keep(visit.page, "320")
    with camera.visit(forced_colors="active", **PHONE) as visit:
        visit.open().ask(BEDS)
        camera.keep(visit.page, "forced-colours")
    with camera.visit(**PHONE) as visit:
        visit.page.goto(f"{visit.bot}/ask")
        visit.page.evaluate("document.querySelector('qingpu-ask').setAttribute('lang', 'en')")
        visit.ask(BEDS)
        camera.keep(visit.page, "english")


def danger(camera: Camera) -> None:
    """In danger: on a phone, in elder mode on the smallest, on a desktop; a doubtful case."""
    with camera.visit(**PHONE, **FINGER) as visit:
        visit.open().ask(DANGER)
        camera.keep(visit.page, "danger")
    with camera.visit(viewport={"width": 360, "height": 640}, device_scale_factor=2, **FINGER) as visit:
        visit.open()
        visit.elder().click()
        visit.ask(DANGER)
        camera.keep(visit.page, "danger-elder")
    with camera.visit(**DESKTOP) as visit:
        visit.open().ask(DANGER)
        camera.keep(visit.page, "danger-desktop")
    with camera.visit(**PHONE) as visit:
        visit.open().ask(doubtful_message().text)
        camera.keep(visit.page, "danger-quiet")


def pages(camera: Camera) -> None:
    """On a desktop: the home page, the reader, finding, the list of commitments; on a phone the form without scripts."""
    with camera.visit(**DESKTOP) as visit:
        visit.go()
        camera.keep(visit.page, "demo")
        visit.launcher.click()
        visit.ask(BEDS)
        camera.keep(visit.page, "desktop")
        visit.page.goto(f"{visit.bot}/plan")
        camera.keep(visit.page, "plan")
        visit.page.goto(f"{visit.bot}/plan?q=养老床位")
        camera.keep(visit.page, "plan-find")
        visit.page.goto(f"{visit.bot}/plan#c-702f53f084")
        camera.keep(visit.page, "plan-passage")
        visit.page.goto(f"{visit.bot}/plan/commitments?topic=elderly_care")
        camera.keep(visit.page, "commitments")
        visit.page.locator("table").first.scroll_into_view_if_needed()
        visit.page.mouse.wheel(0, 900)
        camera.keep(visit.page, "commitments-list")

    with camera.visit(java_script_enabled=False, **PHONE) as visit:
        visit.page.goto(f"{visit.bot}/ask")
        visit.page.get_by_label("您想问什么").fill(BEDS)
        visit.page.get_by_role("button", name="提问", exact=True).click()
        camera.keep(visit.page, "plain")


def notice(camera: Camera, board: NoticeBoard) -> None:
    """What staff announce."""
    now = datetime.now(timezone.utc)
    text = "台风红色预警：请留在室内。避险电话 12345。"
    posted = board.post(Notice(text, now, kind="emergency", ends_at=now + timedelta(hours=1)))
    with camera.visit(**PHONE) as visit:
        visit.page.wait_for_timeout(5200)  # the bot reads the board at most every five seconds
        visit.open()
        expect(visit.dialog.get_by_role("alert")).to_be_visible()
        camera.keep(visit.page, "notice")
    board.end(posted)


def main() -> None:
    """Take them all."""
    with tempfile.TemporaryDirectory() as folder:
        product = Product(Path(folder), settings={"WEB_MESSAGES_PER_MINUTE": "600"})
        product.start()
        product.ask(BEDS)  # loads what the questions of the pictures find loaded
        try:
            with running_browser() as browser:
                camera = Camera(browser, f"http://127.0.0.1:{product.bot_port}")
                board = NoticeBoard(product.environment["CONVERSATIONS_URL"])
                parts = {
                    "conversation": conversation,
                    "danger": danger,
                    "pages": pages,
                    "notice": lambda camera: notice(camera, board),
                }
                for part in sys.argv[1:] or parts:
                    parts[part](camera)
        finally:
            product.stop()


if __name__ == "__main__":
    main()
