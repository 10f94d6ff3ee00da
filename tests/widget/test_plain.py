"""Without JavaScript: `/ask` is a form, the answer a page with the form again; and who may post it."""

from __future__ import annotations

import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bot.channels.web.plain import PlainAnswer, dialled
from conversations.requests import RequestBook
from tests.journeys.processes import Product

BEDS = "到2025年养老院床位有多少张"


@pytest.fixture
def page(new_context: Callable[..., BrowserContext], product: Product) -> Page:
    """A telephone whose browser runs no scripts."""
    base = f"http://127.0.0.1:{product.bot_port}"
    return new_context(java_script_enabled=False, base_url=base, viewport={"width": 360, "height": 640}).new_page()


def ask(page: Page, label: str, text: str) -> None:
    """Write and send."""
    page.get_by_label(label).fill(text)
    page.get_by_role("button", name=re.compile("^(提问|Ask)$")).click()


def test_a_question_its_follow_up_and_a_button_are_answered_on_pages(page: Page) -> None:
    """The message why stands at the top of the first screen; one session, so that a follow-up is one."""
    page.goto("/ask")
    expect(page.locator("noscript p")).to_contain_text("您的浏览器没有开启脚本")
    expect(page.locator("noscript p")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="提问", exact=True)).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="长辈模式")).to_have_count(0)  # it needs a script
    ask(page, "您想问什么", BEDS)
    reply = page.get_by_role("region", name="答复")
    expect(reply.locator("p").first).to_have_text("到2025年，养老机构床位总数增加到9500张。")
    expect(reply.get_by_role("link", name="看原文，第 55 页")).to_have_attribute("href", re.compile("/plan#c-"))
    expect(reply.get_by_text(re.compile(r"^\d\. "))).to_have_count(0)  # the list is buttons
    ask(page, "接着问", "那认知障碍的呢")
    expect(reply.locator("p").first).to_contain_text("550张")
    page.locator(".samples button").first.click()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("认知障碍")
    expect(reply.locator("p").first).to_be_visible()


def test_the_buttons_stand_under_what_they_are() -> None:
    """The last line of the text that leads to them, also where it asks back; 「您还可以问」 as well."""
    related = [{"title": "养老床位有多少", "payload": "养老床位有多少"}]
    for lead, outcome in (("这一份规划写过的", "not_in_plan"), ("您还可以问", "answered"), ("是不是", "clarify")):
        custom = {"outcome": outcome, "related": related}
        read = PlainAnswer.read([{"text": f"没有写。\n{lead}：\n1. 养老床位有多少"}, {"custom": custom}])
        assert read.lead == lead and read.lines == dialled_lines("没有写。")


def dialled_lines(*lines: str) -> tuple[object, ...]:
    """As a page has them."""
    return tuple(map(dialled, lines))


def test_a_page_sent_again_is_not_asked_again(page: Page) -> None:
    """The form's id makes it the same message: reloading gives the same answer, under the same number."""
    page.goto("/ask?q=我要找人工")
    page.get_by_role("button", name="提问", exact=True).click()
    number = re.compile(r"QP\d{6}-\w{5}")
    first = number.search(page.get_by_role("region", name="答复").inner_text())
    page.reload()
    again = number.search(page.get_by_role("region", name="答复").inner_text())
    assert first and again and first.group() == again.group()


def test_what_was_registered_is_looked_up_and_a_contact_left(page: Page, book: RequestBook) -> None:
    """By buttons below the number; the contact is sealed, and what is wrong with it is said beside what was written."""
    page.goto("/ask?q=我要找人工")
    page.get_by_role("button", name="提问", exact=True).click()
    reference = re.search(r"QP\d{6}-\w{5}", page.get_by_role("region", name="答复").inner_text())
    assert reference is not None
    page.get_by_label("留个电话或邮箱").fill("不告诉你")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="留下联系方式").click()
    expect(page.get_by_role("alert")).to_contain_text("电话或邮箱")
    expect(page.get_by_label("留个电话或邮箱")).to_have_value("不告诉你")
    page.get_by_label("留个电话或邮箱").fill("13812345678")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="留下联系方式").click()
    expect(page.get_by_role("status")).to_contain_text(reference[0])
    assert book.contact(reference[0]) == "13812345678"
    page.get_by_role("button", name="查登记的进度").click()
    reply = page.get_by_role("region", name="答复")
    expect(reply).to_contain_text("等工作人员查看")
    expect(reply).to_contain_text("我要找人工")


def test_an_answer_in_english_is_on_an_english_page(page: Page) -> None:
    """Its language is told, and of what is Chinese in it, that it is; so a screen reader's voice changes."""
    page.goto("/ask")
    ask(page, "您想问什么", "How many nursing home beds will there be by 2025?")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_title("Answer · Ask Qingpu")
    reply = page.get_by_role("region", name="Answer")
    expect(reply.locator("p[lang=zh-CN]").first).to_contain_text("9500张")
    expect(reply.locator("p[lang=en]").first).to_be_visible()
    expect(page.locator("header.site")).to_have_attribute("lang", "zh-CN")
    ask(page, "Go on asking", "I want to talk to a person")
    expect(page.get_by_role("button", name="How does it stand?")).to_be_visible()
    expect(page.get_by_label("Phone or e-mail")).to_be_visible()
    ask(page, "Go on asking", "谢谢")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


def test_danger_and_nothing_written(page: Page) -> None:
    """The numbers to call are links, first on the page; an empty form says so and asks again."""
    page.goto("/ask")
    ask(page, "您想问什么", "我家厨房着火了")
    numbers = page.locator(".hotlines a")
    expect(numbers.first).to_have_attribute("href", "tel:119")
    expect(numbers.first).to_be_in_viewport(ratio=1)
    ask(page, "接着问", "　")
    expect(page.get_by_role("alert")).to_contain_text("请先写下您想问的")


def test_every_sample_of_the_home_page_leads_to_the_form(page: Page) -> None:
    """With the question written already."""
    page.goto("/")
    sample = page.locator(".sample").first
    text = sample.inner_text()
    sample.click()
    expect(page.get_by_label("您想问什么")).to_have_value(text)


def test_only_our_own_pages_may_post_it(product: Product) -> None:
    """A listed site is a stranger here, and so is a sandboxed frame: 403, and the page says why."""
    address = f"http://127.0.0.1:{product.bot_port}/webhooks/web/form"
    body = urllib.parse.urlencode({"message": BEDS}).encode()
    for origin in ("http://elsewhere.example", "null"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(urllib.request.Request(address, data=body, headers={"Origin": origin}))
        assert refused.value.code == 403 and "没有登记" in refused.value.read().decode()


def test_what_is_written_is_text(page: Page) -> None:
    """Nothing of it is markup, in the heading, in the draft or in the token."""
    page.goto("/ask?q=<b>a</b>\"'><i>")
    expect(page.get_by_label("您想问什么")).to_have_value("<b>a</b>\"'><i>")
    page.get_by_role("button", name="提问", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("<b>a</b>")
    assert page.locator("main b, main i").count() == 0


@pytest.mark.parametrize("line", ["请拨打 12345，或 119。", "一共 119000 张", "", "120", "新建绿道120公里"])
def test_numbers_of_help_lines_are_dialled(line: str) -> None:
    """Only those, and no part of a longer number."""
    pieces = dialled(line)
    assert "".join(piece.text for piece in pieces) == line
    assert [piece.text for piece in pieces if piece.number] == re.findall(r"\b(?:12345|119|120)\b", line)


def test_an_answer_of_another_shape_is_shown_as_its_text() -> None:
    """Without the structured half the lines are there all the same."""
    shown = PlainAnswer.read([{"text": "一\n二"}])
    assert [piece.text for line in shown.lines for piece in line] == ["一", "二"]
    assert (shown.links, shown.related, shown.hotlines) == ((), (), ())


def test_the_next_step_is_a_link_and_not_said_twice() -> None:
    """Its line in the text gives way to the link."""
    step = {"name": "随申办", "url": "https://a.example/"}
    custom = {"outcome": "not_in_plan", "next_steps": [step]}
    read = PlainAnswer.read([{"text": "规划没有写。\n下一步：随申办 https://a.example/"}, {"custom": custom}])
    assert read.next_steps == (step,)
    assert ["".join(run.text for run in line) for line in read.lines] == ["规划没有写。"]
