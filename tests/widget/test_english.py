"""English in the widget: the frame is English whatever the interface's language, and every part says what language it is in."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.widget.chat import Visit

HELLO = "Hello, good morning to you"


def test_an_english_answer_has_an_english_frame_around_the_plans_chinese(visit: Visit) -> None:
    """A screen reader changes its voice for the plan's words and back; a button, though it asks in Chinese, stays in English."""
    hello = visit.open().ask(HELLO)
    expect(hello).to_have_attribute("lang", "en")
    expect(hello.locator(".headline")).to_have_attribute("lang", "en")
    expect(hello.get_by_role("group", name="You may also ask")).to_be_visible()
    choice = hello.locator(".choice").first
    expect(choice).to_have_attribute("lang", "zh-Hans")
    choice.click()
    expect(visit.answers).to_have_count(2)
    answer = visit.answers.last
    expect(answer).to_have_attribute("lang", "en")
    expect(answer.locator(".line").first).to_have_text("The plan says (in Chinese):")
    expect(answer.locator(".line").first).to_have_attribute("lang", "en")
    expect(answer.locator(".headline")).to_have_attribute("lang", "zh-Hans")
    expect(answer.locator("blockquote").first).to_have_attribute("lang", "zh-Hans")
    expect(answer.locator(".source").first).to_contain_text(re.compile(r"Chapter \d+, Section \d+.*p\. \d+"))
    expect(answer.locator("cite").first).to_have_attribute("lang", "zh-Hans")
    expect(answer.locator("cite [lang=en]").first).to_have_text(re.compile(r"Chapter \d+"))
    expect(answer.get_by_role("group", name="You may also ask (in Chinese)")).to_be_visible()
    expect(answer.locator(".line", has_text=re.compile("^(In full|Source)"))).to_have_count(0)
    expect(answer.locator(".notice")).to_have_attribute("lang", "en")
    expect(answer.get_by_role("button", name="Useful", exact=True)).to_be_visible()
    told = visit.page.locator("qingpu-ask [aria-live=polite] p")
    expect(told.filter(has_text="The plan says (in Chinese):")).to_have_attribute("lang", "en")
    expect(told.nth(2)).to_have_text(answer.locator(".headline").inner_text())
    expect(told.nth(2)).to_have_attribute("lang", "zh-Hans")
    visit.check_accessible()


def test_a_chinese_question_after_it_is_answered_in_chinese(visit: Visit) -> None:
    """The interface's words are the resident's own again."""
    visit.open().ask(HELLO)
    answer = visit.ask("到2025年养老院床位有多少张")
    expect(answer.get_by_role("button", name="有用", exact=True)).to_be_visible()
    expect(answer.locator(".line", has_text="The plan says")).to_have_count(0)
    assert answer.get_attribute("lang") is None


def test_a_request_for_a_person_shows_its_number(visit: Visit) -> None:
    """The number is read off the English sentence; 「人工」 is what the English help asks for."""
    visit.open().ask(HELLO)
    answer = visit.ask("人工")
    expect(answer).to_have_attribute("lang", "en")
    expect(answer.locator(".reference")).to_have_text(re.compile(r"Reference number QP\d{6}-\w{5}"))
    expect(answer.get_by_role("button", name="Leave it")).to_be_visible()
