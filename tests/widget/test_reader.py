"""The plan reader in a browser, without JavaScript, on paper, and over HTTP."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.processes import Product


@pytest.fixture
def page(new_context: Callable[..., BrowserContext], product: Product) -> Page:
    """A browser that runs no scripts."""
    return new_context(java_script_enabled=False, base_url=f"http://127.0.0.1:{product.bot_port}").new_page()


def test_a_passage_is_found_marked_and_scrolled_to_without_scripts(page: Page) -> None:
    """`#c-…` alone does it."""
    page.goto("/plan#c-702f53f084")
    marked = page.locator(".passage:target, .passage:has(> :target)")
    expect(marked).to_contain_text("养老机构床位总数增加到9500张")
    expect(marked).to_be_in_viewport()
    expect(marked).to_have_css("background-color", "rgb(255, 229, 138)")


def test_find_in_plan_without_scripts(page: Page) -> None:
    """A form, a list of places, a link to each."""
    page.goto("/plan")
    page.get_by_label("在规划里找").fill("老年认知障碍")
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_role("heading", name="找到")).to_be_visible()
    page.locator(".hits a").first.click()
    expect(page.locator(".passage:target, .passage:has(> :target)").locator("mark").first).to_have_text("老年认知障碍")


def test_contents_lead_to_chapters(page: Page) -> None:
    """Chapter nine begins at page 51."""
    page.goto("/plan")
    entry = page.get_by_role("navigation", name="目录").get_by_role("link", name="第九章", exact=True)
    entry.click()
    expect(page.get_by_role("heading", name="第九章", exact=True)).to_be_in_viewport()
    expect(page.locator("#page-51")).to_have_text("第 51 页")


def test_the_list_is_filtered_without_scripts_and_leads_to_the_passage(page: Page) -> None:
    """Topic, then words; the page number opens the reader at the sentence."""
    page.goto("/plan/commitments")
    page.get_by_label("主题").select_option(label="住房")
    page.get_by_label("包含的字").fill("租赁")
    page.get_by_role("button", name="筛选").click()
    rows = page.locator("tbody tr")
    assert 0 < rows.count() < 40
    title = rows.first.locator(".said").inner_text()
    rows.first.get_by_role("link").click()
    expect(page.locator(".passage:target, .passage:has(> :target)")).to_contain_text(title[:8])


def test_on_paper_only_the_plan_is_left(page: Page) -> None:
    """No forms, no navigation of the site."""
    page.goto("/plan")
    page.emulate_media(media="print")
    for hidden in (".site", ".find", ".to-top"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator(".plan")).to_be_visible()


@pytest.mark.parametrize(
    ("path", "status"), [("/", 200), ("/ask", 200), ("/widget/qingpu-ask.js", 200), ("/widget/../config.yml", 404),
                         ("/widget/%2e%2e%2fconfig.yml", 404), ("/widget/package.json", 404), ("/assets/none.css", 404)]
)  # fmt: skip
def test_what_is_served_at_the_root(product: Product, path: str, status: int) -> None:
    """Pages and modules, and no other file by any address."""
    found, body = product.get(path)
    assert found == status
    assert "Hello from Rasa" not in body


def test_modules_are_compressed_and_checked_for_change(product: Product) -> None:
    """A browser that has a module is told so; any origin may load it."""
    url = f"http://127.0.0.1:{product.bot_port}/widget/element.js"
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})) as reply:
        assert reply.headers["Content-Encoding"] == "gzip"
        assert reply.headers["Access-Control-Allow-Origin"] == "*"
        assert reply.headers["Content-Type"].startswith("text/javascript")
        tag = reply.headers["ETag"]
    with pytest.raises(urllib.error.HTTPError) as unchanged:
        urllib.request.urlopen(urllib.request.Request(url, headers={"If-None-Match": tag}))
    assert unchanged.value.code == 304
