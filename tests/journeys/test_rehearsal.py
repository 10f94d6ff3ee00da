"""Staff ask the running bot from the page for correcting, beside another release; what they write is live in its answers."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from releases.release import Release
from releases.shelf import Shelf
from tests.journeys.processes import Product
from tests.journeys.reviewer import console_page, find_in_inbox
from tests.journeys.test_releases import MOVED, OTHER, until
from tests.journeys.variants import keep_as_built, keep_variant
from tests.review.conftest import PASSWORD, REGRESSION_QUESTIONS

BEDS, PLAIN = "c-702f53f084", "养老院的床，到2025年要有9500张。"
SERVICES = "https://services.example.org/elderly"
DANGER = "楼下着火了"
PICTURES = os.environ.get("HANDBOOK_PICTURES", "")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """The built release serves; another answers one question by another commitment."""
    shelf = Shelf(tmp_path_factory.mktemp("shelf") / "releases")
    shelf.promote(keep_as_built(shelf).id, "测试")
    return shelf


@pytest.fixture(scope="module")
def variant(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """That other one."""
    return keep_variant(shelf, tmp_path_factory.mktemp("variant"), "variant", {MOVED: OTHER})


@pytest.fixture(scope="module")
def product(shelf: Shelf, variant: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Bot, action server and console, following the shelf."""
    follow = {"RELEASES_DIR": str(shelf.folder), "KNOWLEDGE_DIR": ""}
    follow["REVIEW_REGRESSION_QUESTIONS"] = str(REGRESSION_QUESTIONS)
    running = Product(tmp_path_factory.mktemp("product"), settings=follow)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def page(product: Product) -> Iterator[Page]:
    """The console, with an administrator who has signed in; a resident has asked something."""
    command = [sys.executable, "-m", "review", "create-admin", "boss", "--password-stdin"]
    subprocess.run(command, input=f"{PASSWORD}\n", text=True, env=product.environment, check=True)
    product.ask(MOVED, "a resident")
    with console_page(f"http://127.0.0.1:{product.review_port}", "boss", PASSWORD) as page:
        yield page


def turns(product: Product) -> int:
    """How many turns the log has."""
    with sqlite3.connect(product.folder / "conversations.sqlite") as log:
        return int(log.execute("SELECT count(*) FROM turn").fetchone()[0])


def rehearse(page: Page, beside: str, question: str = "") -> None:
    """Fill the box in and press; a release that is being loaded still is asked once more."""
    for _ in range(20):
        if page.locator("#rehearsal").get_attribute("open") is None:
            page.locator("#rehearsal summary").first.click()
        if question:
            page.fill("#asked", question)
        page.select_option("#beside", beside)
        with page.expect_navigation():
            page.locator("[data-rehearse]").click()
        if not page.get_by_text("这个版本还在载入").count():
            return
        page.wait_for_timeout(5000)


def check_accessible(page: Page, picture: str, part: str = "main") -> None:
    """No violation of axe's rules; and a picture of a part of it, where they are wanted."""
    found = Axe().run(page).response["violations"]
    assert not found, [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found]
    if PICTURES:
        page.locator(part).first.screenshot(path=Path(PICTURES) / f"{picture}.png")


def test_both_releases_answer_side_by_side_and_nothing_is_logged(
    page: Page, product: Product, variant: Release
) -> None:
    """The likely one is chosen beforehand; what differs is marked."""
    find_in_inbox(page, MOVED)
    before = turns(product)
    expect(page.locator("#beside")).to_have_value(variant.id)
    assert page.input_value("#asked") == MOVED
    rehearse(page, variant.id)
    table = page.get_by_role("region", name="试问的答复").locator("table")
    expect(table.locator("thead th")).to_have_count(2)
    quotes = table.locator("tr", has=page.get_by_role("rowheader", name="要点"))
    expect(quotes).to_have_class("differs")
    assert quotes.locator("td").nth(0).inner_text() != quotes.locator("td").nth(1).inner_text()
    expect(page.get_by_role("status")).to_contain_text("答得不一样")
    check_accessible(page, "review-rehearsal", "#rehearsal")
    assert turns(product) == before


def test_danger_is_answered_and_tells_nobody(page: Page, product: Product) -> None:
    """The numbers come, nobody on duty is told, and the next question knows nothing of it."""
    find_in_inbox(page, MOVED)
    before = turns(product)
    rehearse(page, "", DANGER)
    table = page.get_by_role("region", name="试问的答复").locator("table")
    expect(table.locator("tbody tr").first).to_contain_text("危险求助")
    rehearse(page, "", MOVED)
    expect(table.locator("tbody tr").first).to_contain_text("答了")
    expect(table).not_to_contain_text("119")
    assert turns(product) == before


def test_nobody_outside_can_rehearse(product: Product) -> None:
    """It would be a way to ask without a limit and without the log."""
    status, body = product.post("/webhooks/rest/rehearse", {"message": MOVED})
    assert status == 401 and "citations" not in body


def test_plain_words_and_a_next_step_reach_answers_pages_and_the_plan(page: Page, product: Product) -> None:
    """Written in the console, there within seconds, and gone with their withdrawal."""
    page.goto(f"/commitments/{BEDS}")
    page.locator("#plain summary").click()
    page.fill("#plain-text", "养老院要有9600张床，免费住。")
    page.locator("#plain form", has=page.locator("#plain-text")).get_by_role("button").click()
    expect(page.get_by_role("alert")).to_contain_text("「9600」、「免费」")
    page.fill("#plain-text", PLAIN)
    page.locator("#plain form", has=page.locator("#plain-text")).get_by_role("button").click()
    page.wait_for_url("**said=published**")
    check_accessible(page, "review-commitment-plain")
    page.get_by_role("link", name="加一个，或者看全部").click()
    page.select_option("#about", "elderly_care")
    page.fill("#name", "养老服务")
    page.fill("#url", SERVICES)
    page.get_by_role("button", name="写下").click()
    page.wait_for_url("**said=published**")
    check_accessible(page, "review-next-steps")
    asked: Callable[[], tuple[str, dict[str, Any]]] = lambda: product.ask("到2025年养老院床位有多少张", "b")  # noqa: E731
    until(lambda: asked()[1]["plain"] == PLAIN and bool(asked()[1]["next_steps"]))
    text, custom = asked()
    assert custom["next_steps"] == [{"name": "养老服务", "url": SERVICES}]
    assert f"大白话：{PLAIN}" in text and f"\n下一步：养老服务 {SERVICES}\n" in text
    until(lambda: PLAIN in product.get("/plan")[1] and PLAIN in product.get("/plan/commitments")[1])
    with page.context.browser.new_context(viewport={"width": 390, "height": 844}) as own:  # type: ignore[union-attr]
        resident = own.new_page()
        resident.goto(f"http://127.0.0.1:{product.bot_port}/ask")
        resident.get_by_label("您想问什么").fill("到2025年养老院床位有多少张")
        resident.get_by_role("button", name="发送").click()
        step = resident.get_by_role("link", name="养老服务")
        expect(step).to_have_attribute("href", SERVICES, timeout=60_000)
        expect(resident.get_by_text(SERVICES)).to_have_count(0)
        check_accessible(resident, "widget-next-step")
    page.get_by_role("button", name="撤下").click()
    page.goto(f"/commitments/{BEDS}")
    page.locator("#plain").get_by_role("button", name="撤下").click()
    until(lambda: asked()[1]["plain"] != PLAIN and not asked()[1]["next_steps"])
