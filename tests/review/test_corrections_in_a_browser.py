"""What one click on a correction may not do, in a real Chromium: it waits, says why in words and colour, and is taken back.

With `HANDBOOK_PICTURES` set to a folder the handbook's pictures of it are taken.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from review.accounts.roles import Role
from tests.browsers import running_browser
from tests.built import built_finder
from tests.review.conftest import Console
from tests.review.test_browser import NARROW, NAVIGATION_MS, signed_in, violations
from tests.review.turns import turn

BEDS = "到2025年养老院床位有多少张"
DAY_CARE = "小孩两岁有没有托班可以上"
CARD = "抱抱班办不办"  # which the bot refuses, and not for sure
MILK_TEA = "哪家奶茶好喝"
PICTURES = os.environ.get("HANDBOOK_PICTURES", "")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with running_browser() as running:
        yield running


@pytest.fixture
def console(start_console: Callable[..., Console]) -> Console:
    """A console whose log has four questions."""
    console = start_console()
    for number, question in enumerate((BEDS, DAY_CARE, CARD, MILK_TEA)):
        console.desk.turns.record(turn(number, question))
    console.read_turns(4)
    return console


def picture(page: Page, name: str) -> None:
    """For the handbook: what this test saw."""
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def answered_by(page: Page, console: Console, number: int, words: str) -> None:
    """On the page for correcting a turn: look for a commitment, then 「由这条回答」."""
    page.goto(f"{console.address}/turns/a-{number:032d}/correct?q={quote(words)}")
    page.locator("button[data-link]").first.click()
    page.wait_for_url("**said=**")


def test_a_correction_says_what_it_is_now_and_why_it_waits(browser: Browser, console: Console) -> None:
    """Live, held with the questions that it breaks, waiting for a second person: by words, sign and colour; one's own goes."""
    built_finder()
    context = signed_in(browser, console, Role.EDITOR)
    context.set_default_timeout(NAVIGATION_MS)
    page = context.new_page()
    answered_by(page, console, 0, "轨交25号线")
    assert "said=held" in page.url
    expect(page.locator("[role=status]")).to_have_class("said warning")
    held = page.locator("article.card", has_text=BEDS)
    expect(held).to_contain_text("没有生效")
    expect(held.locator("tbody tr").first).to_contain_text("评测题")
    picture(page, "review-refused")
    answered_by(page, console, 1, "公租房")
    assert "said=doubted" in page.url
    doubted = page.locator("article.card", has_text=DAY_CARE)
    expect(doubted).to_contain_text("现在很有把握")
    expect(doubted.get_by_role("button", name="批准")).to_have_count(0)
    answered_by(page, console, 2, "幼儿园开设托班")
    page.goto(f"{console.address}/turns/a-{3:032d}/correct")
    page.get_by_role("button", name="不是本区公共服务").click()
    page.wait_for_url("**said=**")
    page.goto(f"{console.address}/corrections")
    tones = {
        name: page.locator("article.card", has_text=name).get_attribute("class") for name in (BEDS, DAY_CARE, CARD)
    }
    assert len(set(tones.values())) == 3, tones
    expect(page.locator("article.card", has_text=CARD)).to_contain_text("已生效")
    assert violations(page) == []
    picture(page, "review-corrections")
    page.locator("#text").fill("奶茶")
    page.get_by_role("button", name="查找").click()
    expect(page.locator("article.card .question")).to_have_text([MILK_TEA])
    page.get_by_role("button", name="撤下").click()
    expect(page.locator("article.card", has_text=MILK_TEA)).to_contain_text(re.compile("撤下"))
    page.set_viewport_size(NARROW)
    page.goto(f"{console.address}/corrections")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    context.close()
