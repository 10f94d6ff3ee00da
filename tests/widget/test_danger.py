"""Somebody in danger: the numbers at once, large, alone, heard and seen; and quietly in a doubtful case."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Route, expect

from danger.replies import Replies
from tests.danger.doubtful import doubtful_message
from tests.journeys.processes import Product
from tests.widget.chat import Visit
from tests.widget.test_everyone import SPOKEN

FIRE, FIRE_HANT, SUICIDE_EN = "我家厨房着火了", "我家廚房著火了，怎麼辦", "I want to kill myself"
PHONE = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True}
BEDS = "到2025年养老院床位有多少张"
SOUNDS = """const heard = window.heard = {assertive: [], polite: []};
  new MutationObserver(() => {}).observe(document, {childList: true});
  const listen = () => { const root = document.querySelector('qingpu-ask')?.shadowRoot;
    const regions = root ? [...root.querySelectorAll('[aria-live]')] : [];
    if (!regions.length) return setTimeout(listen, 20);
    for (const region of regions) new MutationObserver(() => region.textContent && heard[region.getAttribute('aria-live')]
      .push(region.textContent)).observe(region, {childList: true, characterData: true, subtree: true}); };
  listen();"""


@pytest.fixture
def phone(new_context: Callable[..., BrowserContext], product: Product) -> Visit:
    """A small telephone with a finger on it."""
    return Visit(new_context(**PHONE).new_page(), f"http://127.0.0.1:{product.bot_port}")


def tall_enough(links: Locator, least: float = 48) -> bool:
    """Whether every link can be hit with a thumb; there is one at least."""
    boxes = [links.nth(n).bounding_box() for n in range(links.count())]
    assert boxes and all(boxes)
    return all(box["width"] >= least and box["height"] >= least for box in boxes if box)


@pytest.mark.parametrize(("elder", "words"), [(False, FIRE), (True, FIRE), (True, SUICIDE_EN)])
def test_the_numbers_are_seen_at_once_on_a_small_phone(phone: Visit, elder: bool, words: str) -> None:
    """First, large enough for a thumb, without scrolling, without a keyboard before them; after a long talk too."""
    phone.open().ask(BEDS)
    if elder:
        phone.elder().click()
    answer = phone.ask(words)
    links = answer.locator(".hotlines a")
    assert links.count() >= 2 and answer.locator("> *").first.locator("a").count() == links.count()
    for n in range(links.count()):
        expect(links.nth(n)).to_be_in_viewport(ratio=1)
    assert tall_enough(links)
    assert tall_enough(answer.locator('a[href^="tel:"]'))
    expect(phone.field).not_to_be_focused()
    phone.check_accessible()
    assert phone.problems == []


@pytest.mark.parametrize(
    ("words", "kind", "script"),
    [(FIRE, "fire", "zh-Hans"), (FIRE_HANT, "fire", "zh-Hant"), (SUICIDE_EN, "self_harm", "en")],
)
def test_nothing_but_the_reply_is_shown(visit: Visit, words: str, kind: str, script: str) -> None:
    """Numbers with names, then the sentences, each once: no passage, choice, form, vote, copy or notice."""
    answer = visit.open().ask(words)
    reply = Replies().acute([kind], script)
    links = answer.locator(".hotlines a")
    shown = [(links.nth(n).get_attribute("href"), links.nth(n).inner_text().strip()) for n in range(links.count())]
    assert shown == [(f"tel:{h.number}", f"{h.number} {h.name}") for h in reply.hotlines]
    lines = reply.text.split("\n")
    assert answer.locator(".line").all_inner_texts() == lines[2 if len(reply.hotlines) > 1 else 1 :]
    others = answer.locator('.line a[href^="tel:"]')
    assert others.all_inner_texts() == ["12345"] and tall_enough(others), "a number is a link once"
    assert answer.get_by_role("button").all_inner_texts() == ["Read aloud" if script == "en" else "朗读"]
    assert answer.locator("form, figure, .choice, .notice, .headline, .numbers").count() == 0
    visit.check_accessible()


def test_a_screen_reader_hears_the_whole_reply_at_once_and_once(visit: Visit) -> None:
    """By the assertive region; the polite one says nothing of it. The same danger again is told again."""
    visit.page.add_init_script(SOUNDS)
    visit.open().ask(FIRE)
    whole = Replies().acute(["fire"], "zh-Hans").text
    region = visit.page.locator("qingpu-ask [aria-live=assertive]")
    expect(region).to_have_text(whole)
    expect(region).to_have_attribute("lang", "zh-Hans")
    visit.ask(FIRE)
    heard = visit.page.evaluate("window.heard")
    assert heard["assertive"] == [whole, whole]
    assert heard["polite"] and not any("119" in said for said in heard["polite"])
    tree = visit.page.evaluate(
        "document.querySelector('qingpu-ask').shadowRoot.querySelectorAll('[role=alert]').length"
    )
    assert tree == 0, "what is drawn must not be told a second time"


def test_after_a_reload_it_looks_the_same_and_is_not_told_again(visit: Visit) -> None:
    """The history brings the numbers back, silently."""
    answer = visit.open().ask(FIRE)
    before = answer.evaluate("e => e.outerHTML")
    visit.page.add_init_script(SOUNDS)
    visit.open()
    expect(visit.answers).to_have_count(1)
    assert visit.answers.first.evaluate("e => e.outerHTML") == before
    assert visit.page.evaluate("window.heard.assertive") == []
    expect(visit.answers.first.locator('.hotlines a[href="tel:119"]')).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize(
    ("words", "read", "language", "digits"),
    [(FIRE, "朗读", "zh-CN", "幺幺九"), (SUICIDE_EN, "Read aloud", "en", "1 2 3 5 6")],
)
def test_it_is_read_aloud_whole_digit_by_digit(visit: Visit, words: str, read: str, language: str, digits: str) -> None:
    """In the language of the reply; no number is read as an amount."""
    visit.page.add_init_script(SPOKEN)
    visit.open().ask(words).get_by_role("button", name=read).click()
    expect(visit.button(read)).to_have_attribute("aria-pressed", "false")
    spoken = visit.page.evaluate("window.spoken")
    assert digits in spoken[0]["text"] and {said["lang"] for said in spoken} == {language}
    assert not re.search(r"\d{3}", "".join(said["text"] for said in spoken))
    assert len(spoken) >= 5


def test_small_talk_soon_after_is_careful_and_keeps_the_numbers(visit: Visit) -> None:
    """Large again; and a question of the plan is answered, with a quiet line."""
    visit.open().ask(FIRE)
    careful = visit.ask("谢谢")
    expect(careful).to_have_class(re.compile("chat"))
    assert tall_enough(careful.locator(".hotlines a"))
    expect(careful.locator("> *").first).to_contain_text("我还在这里")
    assert careful.get_by_role("button").all_inner_texts() == ["朗读"]
    visit.check_accessible()
    answered = visit.ask(BEDS)
    expect(answered.locator(".headline")).to_contain_text("9500张")
    expect(answered.locator("> .quiet")).to_contain_text("119")


@pytest.mark.parametrize("elder", [False, True])
def test_a_doubtful_case_has_a_quiet_line_at_the_end(visit: Visit, elder: bool) -> None:
    """Once, told and read aloud with the answer, its numbers links that a thumb hits; nothing is alarming."""
    visit.page.add_init_script(SPOKEN)
    visit.open()
    if elder:
        visit.elder().click()
    doubtful = doubtful_message()  # asks something: what is only told gets the careful reply
    answer = visit.ask(doubtful.text)
    line = answer.locator("> *").last
    expect(line).to_have_class("quiet")
    expect(line.locator(f'a[href="tel:{doubtful.number}"]')).to_be_visible()
    assert answer.inner_text().count(line.inner_text()) == 1
    assert tall_enough(line.locator("a"))
    expect(visit.page.locator("qingpu-ask [aria-live=polite]")).to_contain_text(line.inner_text())
    expect(visit.page.locator("qingpu-ask [aria-live=assertive]")).to_be_empty()
    visit.check_accessible()
    if answer.get_by_role("button", name="朗读").count():
        answer.get_by_role("button", name="朗读").click()
        visit.page.wait_for_function("window.spoken.some(said => said.text.includes('幺幺九'))")


def test_danger_waits_behind_nothing(visit: Visit) -> None:
    """Neither behind a question that hangs nor behind one that was refused."""
    visit.open()
    held: list[Route] = []

    def hold_questions(route: Route) -> None:
        if "着火" in str((route.request.post_data_json or {}).get("message")):
            route.continue_()
        elif not held:
            held.append(route)
        else:
            headers = {"Retry-After": "30", "Content-Type": "application/json"}
            route.fulfill(status=429, headers=headers, body='{"error": "rate_limited", "message": ""}')

    visit.page.route(re.compile("/webhooks/web/message"), hold_questions)
    visit.field.fill(BEDS)
    visit.field.press("Enter")
    expect(visit.page.locator("qingpu-ask [data-state=sending]")).to_have_count(1)
    expect(visit.ask(FIRE).locator('.hotlines a[href="tel:119"]')).to_be_visible()
    held[0].abort("connectionreset")
    expect(visit.page.locator("qingpu-ask [data-state=waiting]")).to_contain_text("稍等会自动再发")
    expect(visit.page.locator("qingpu-ask [data-state=waiting] .quiet")).to_have_count(0)
    visit.field.fill(FIRE)
    visit.field.press("Enter")
    expect(visit.answers).to_have_count(2)


@pytest.mark.parametrize("elder", [False, True])
def test_without_a_network_the_numbers_are_told_all_the_same(visit: Visit, elder: bool) -> None:
    """One calm line under what waits, with links; gone when it is sent, and sent once."""
    visit.open()
    if elder:
        visit.elder().click()
    visit.page.context.set_offline(True)
    visit.field.fill(FIRE)
    visit.field.press("Enter")
    line = visit.page.locator("qingpu-ask [data-state=waiting] .quiet")
    expect(line).to_have_text("情况紧急，请直接拨打 110、119 或 120。")
    links = line.locator("a")
    assert [links.nth(n).get_attribute("href") for n in range(links.count())] == ["tel:110", "tel:119", "tel:120"]
    assert tall_enough(links)
    visit.check_accessible()
    visit.page.context.set_offline(False)
    expect(visit.answers).to_have_count(1)
    expect(line).to_have_count(0)
