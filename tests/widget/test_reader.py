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
    contents = page.get_by_role("navigation", name="目录")
    entry = contents.get_by_role("link", name="第九章 促进人口长期均衡发展")
    entry.click()
    expect(page.get_by_role("heading", name="第九章", exact=True)).to_be_in_viewport()
    expect(page.locator("#page-51")).to_have_text("第 51 页")


def test_the_way_back_to_the_contents_is_at_hand_in_a_chapter_only(page: Page) -> None:
    """At the foot of the screen while a chapter is read; not before one is."""
    page.set_viewport_size({"width": 360, "height": 640})
    back = page.get_by_role("link", name="回到目录")
    page.goto("/plan?elder=1")
    expect(back).to_be_hidden()
    page.goto("/plan#c-702f53f084")
    expect(back).to_be_in_viewport(ratio=1)
    back.click()
    expect(page.get_by_role("heading", name="目录")).to_be_in_viewport()


def test_one_chapter_at_a_time_and_all_on_paper(page: Page) -> None:
    """An address leads into its chapter, links to those beside it, and the whole plan is one link away; paper has all."""
    chapters, shown = page.locator(".plan > section"), page.locator(".plan > section:visible")
    page.goto("/plan")
    assert chapters.count() == 14
    expect(shown).to_have_count(0)
    page.goto("/plan#c-702f53f084")
    expect(shown).to_have_count(1)
    expect(shown.get_by_role("heading", level=2)).to_have_text("第九章")
    expect(shown.get_by_role("heading", name="第四节 加快推进养老设施建设")).to_be_visible()
    shown.get_by_role("link", name="下一章").click()
    expect(shown.get_by_role("heading", level=2)).to_have_text("第十章")
    expect(shown.get_by_role("heading", level=2)).to_be_in_viewport()
    page.emulate_media(media="print")
    expect(shown).to_have_count(14)
    page.emulate_media(media="screen")
    page.get_by_role("link", name="在这一页显示全文").click()
    expect(shown).to_have_count(14)


def test_what_the_page_suggests_is_found(page: Page) -> None:
    """The example in the field, as it stands there."""
    page.goto("/plan")
    field = page.get_by_label("在规划里找")
    suggested = (field.get_attribute("placeholder") or "").removeprefix("例如：")
    field.fill(suggested)
    page.get_by_role("button", name="查找").click()
    page.locator(".hits a", has_text="养老机构床位总数增加到9500张").click()
    expect(page.locator(".passage:target, .passage:has(> :target)")).to_contain_text("9500张")


def test_a_telephone_goes_to_the_results_and_says_how_many(page: Page) -> None:
    """Not back to the form; and what fits nothing says which condition to loosen, and how many there are then."""
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto("/plan/commitments")
    page.get_by_label("包含的字").fill("床位")
    page.get_by_role("button", name="筛选").click()
    results = page.get_by_role("status", name="结果")
    expect(results).to_be_in_viewport(ratio=1)
    count = int(results.locator("strong").inner_text())
    assert count == page.locator("tbody tr").count() > 0
    page.get_by_label("主题").select_option(label="住房")
    page.get_by_role("button", name="筛选").click()
    expect(results).to_contain_text("没有符合的承诺。")
    expect(results).to_contain_text("放宽一项就有：")
    loosened = results.get_by_role("link", name="不限“主题”")
    offered = int((loosened.inner_text().split("有 ")[1]).split(" ")[0])
    loosened.click()
    assert int(results.locator("strong").inner_text()) == offered >= count


def test_numbers_are_found_as_they_are_typed_and_nothing_is_said_to_be_nowhere(page: Page) -> None:
    """9,500 is 9500 in the list; what the plan knows nothing of is said so, with the question written already."""
    page.goto("/plan/commitments")
    page.get_by_label("包含的字").fill("9,500")
    page.get_by_role("button", name="筛选").click()
    expect(page.locator("tbody tr").first).to_contain_text("9500张")
    page.get_by_label("包含的字").fill("火星基地")
    page.get_by_role("button", name="筛选").click()
    results = page.get_by_role("status", name="结果")
    expect(results).to_contain_text("规划全文里也没有“火星基地”这几个字")
    expect(results.get_by_role("link", name="不限")).to_have_count(0)
    results.get_by_role("link", name="直接提问").click()
    expect(page.get_by_label("您想问什么")).to_have_value("火星基地")
    page.goto("/plan?q=轨道交通17号线")
    expect(page.locator("mark").first).to_contain_text("轨")
    expect(page.locator(".hits mark").first).to_contain_text("17号线")


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
    ("path", "status"), [("/", 200), ("/ask", 200), ("/embed", 200), ("/widget/qingpu-ask.js", 200), ("/widget/../config.yml", 404),
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


def test_elder_mode_goes_along_to_any_document(new_context: Callable[..., BrowserContext], product: Product) -> None:
    """An address that names a document has a query already."""
    page = new_context(base_url=f"http://127.0.0.1:{product.bot_port}").new_page()
    page.goto("/plan")
    address = """async (url) => (await import('/widget/quotation.js')).quotation({chapter: '', section: '', heading: '', quote: '',
        document: '', page: 1, url}, {t: (name) => name, elder: true}).querySelector('a').getAttribute('href')"""
    assert page.evaluate(address, "https://a.cn/plan#c-1") == "https://a.cn/plan?elder=1#c-1"
    assert page.evaluate(address, "https://a.cn/plan?document=d#d.c-1") == "https://a.cn/plan?document=d&elder=1#d.c-1"


def test_what_the_plan_counts_is_no_telephone_number(
    new_context: Callable[..., BrowserContext], product: Product
) -> None:
    """「120公里」 is not to be dialled, 「拨打 120」 is."""
    page = new_context(base_url=f"http://127.0.0.1:{product.bot_port}").new_page()
    page.goto("/plan")
    dialled = """async (text) => (await import('/widget/answer.js')).telephones(text)
        .filter((part) => part instanceof Node).map((link) => link.textContent)"""
    assert page.evaluate(dialled, "新建绿道120公里，床位 110 张，第119页") == []
    assert page.evaluate(dialled, "拨打 120，火警119，急救120或者12345。") == ["120", "119", "120", "12345"]
