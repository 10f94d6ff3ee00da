"""For everyone: elders, keyboards, small and zoomed screens, dark rooms, other languages, voices."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.journeys.processes import Product
from tests.widget.chat import Visit

BEDS = "到2025年养老院床位有多少张"
TARGETS = """() => [...document.querySelector('qingpu-ask').shadowRoot.querySelectorAll(
  '.panel :is(button, input:not([type=checkbox]), select, textarea, .source a)')]
  .filter(e => e.getClientRects().length)
  .map(e => ({name: e.textContent || e.getAttribute('aria-label'), ...e.getBoundingClientRect().toJSON()}))"""
SPOKEN = """window.spoken = []; speechSynthesis.speak = u => {
  window.spoken.push({text: u.text, lang: u.lang, rate: u.rate}); setTimeout(() => u.dispatchEvent(new Event('end')), 50); };"""


@pytest.fixture
def visit_with(new_context: Callable[..., BrowserContext], product: Product) -> Callable[..., Visit]:
    """A visit with another browser: screen, colours, motion."""
    return lambda **options: Visit(new_context(**options).new_page(), f"http://127.0.0.1:{product.bot_port}")


def test_elder_mode_is_one_tap_large_reachable_and_remembered(visit: Visit) -> None:
    """Text of 18 pt (24 px) or more, targets of 48 px or more, fewer things, and still so at the next visit."""
    visit.open().ask(BEDS)
    visit.elder().click()
    sizes = visit.page.evaluate(
        """() => [...document.querySelector('qingpu-ask').shadowRoot.querySelectorAll('.panel *')]
        .filter(e => e.getClientRects().length && !e.closest('.unseen') &&
          [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
        .map(e => [parseFloat(getComputedStyle(e).fontSize), e.textContent])"""
    )
    assert sizes and min(sizes)[0] >= 24, min(sizes)
    small = [t for t in visit.page.evaluate(TARGETS) if t["width"] < 48 or t["height"] < 48]
    assert small == []
    expect(visit.button("复制")).to_be_hidden()
    visit.check_accessible()
    visit.open()
    expect(visit.elder()).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("asked", ["我要找人工", "我要投诉，楼上装修到半夜", "养老院一个月多少钱", "今天天气怎么样"])
def test_every_target_of_elder_mode_is_48_px(visit: Visit, asked: str) -> None:
    """What was registered and what is refused, too: the numbers to dial, the tick of consent, what helps after a thumb down."""
    visit.open()
    visit.elder().click()
    visit.ask(asked)
    if visit.button("没用").count():
        visit.button("没用").click()
        expect(visit.dialog.locator(".next a")).to_be_visible()
    found = visit.page.evaluate(TARGETS.replace(":not([type=checkbox])", "").replace(".source a", "a"))
    assert [each["name"] for each in found if each["width"] < 48 or each["height"] < 48] == []
    assert asked == "今天天气怎么样" or any(each["name"] == "12345" for each in found)
    visit.check_accessible()


@pytest.mark.parametrize("screen", [{"width": 360, "height": 640}, {"width": 320, "height": 200}])
@pytest.mark.parametrize("elder", [False, True])
def test_nothing_floats_over_the_head_of_a_page(
    visit_with: Callable[..., Visit], elder: bool, screen: dict[str, int]
) -> None:
    """On a telephone and at 400 %: what can be pressed in the header and the plan's search is pressed, not what hangs over it."""
    visit = visit_with(viewport=screen)
    for path in ("/", "/plan", "/plan/commitments", "/ask"):
        visit.page.goto(f"{visit.bot}{path}{'?elder=1' if elder else ''}")
        visit.page.wait_for_load_state("networkidle")
        covered = visit.page.evaluate(
            """() => [...document.querySelectorAll('.site :is(a, button), form[role=search] :is(input, button)')].filter(e => {
            const {left, right, top, bottom} = e.getBoundingClientRect(), x = (left + right) / 2, y = (top + bottom) / 2;
            return [[x, y], [left + 4, y], [right - 4, y], [x, top + 4], [x, bottom - 4]].some(([x, y]) =>
              y < innerHeight && x < innerWidth && !e.contains(document.elementFromPoint(x, y))); }).map(e => e.outerHTML)"""
        )
        assert covered == [], path


def test_elder_mode_has_enhanced_contrast(visit: Visit) -> None:
    """7:1 (WCAG 1.4.6) for every text of an answer."""
    from axe_playwright_python.sync_playwright import Axe

    visit.open().ask(BEDS)
    visit.elder().click()
    rules = {"runOnly": ["color-contrast-enhanced"], "rules": {"color-contrast-enhanced": {"enabled": True}}}
    found = Axe().run(visit.page, context="qingpu-ask", options=rules)
    assert [n["html"] for v in found.response["violations"] for n in v["nodes"]] == []


def test_everything_can_be_done_by_keyboard(visit: Visit) -> None:
    """Open, ask, reach every control, go round inside, leave; focus returns to the launcher."""
    visit.go()
    for _ in range(30):
        visit.page.keyboard.press("Tab")
        if visit.page.evaluate("document.activeElement.tagName") == "QINGPU-ASK":
            break
    visit.page.keyboard.press("Enter")
    expect(visit.field).to_be_focused()
    visit.page.keyboard.type(BEDS)
    visit.page.keyboard.press("Enter")
    expect(visit.answers).to_have_count(1)
    seen = []
    for _ in range(40):
        visit.page.keyboard.press("Tab")
        inside = visit.page.evaluate(
            """() => { const a = document.activeElement.shadowRoot?.activeElement;
            return a && a.closest('dialog') ? (a.textContent || a.getAttribute('aria-label') || a.tagName) : ''; }"""
        )
        assert inside, f"focus left the dialog after {seen}"
        seen.append(inside)
    for wanted in ("有用", "没用", "复制", "大字"):
        assert any(wanted in name for name in seen), (wanted, seen)
    assert len(set(seen)) < len(seen), "Tab should come round"
    visit.page.keyboard.press("Escape")
    expect(visit.dialog).to_be_hidden()
    expect(visit.launcher).to_be_focused()


def test_the_welcome_is_announced(visit: Visit) -> None:
    """Once the dialog is open; not where a conversation goes on."""
    live = visit.open().page.locator("qingpu-ask [aria-live=polite]")
    expect(live).to_contain_text("您好！用平常说话的方式问就行。")
    expect(live).to_contain_text("没写的会直说")
    visit.ask(BEDS)
    visit.open()
    expect(visit.answers).to_have_count(1)
    visit.page.keyboard.press("Escape")
    visit.page.evaluate("document.querySelector('qingpu-ask').say()")
    visit.launcher.click()
    visit.page.wait_for_timeout(600)  # twice as long as the welcome takes
    expect(live).to_have_text("")


def test_an_answer_is_announced_whole_with_what_matters_first(visit: Visit) -> None:
    """The headline, the plan's words and their page, and that the period is over."""
    visit.open().ask(BEDS)
    live = visit.page.locator("qingpu-ask [aria-live=polite]")
    expect(live).to_contain_text("第 55 页")
    said = live.inner_text()
    parts = [
        "答复：",
        "到2025年，养老机构床位总数增加到9500张",
        "规划原文：",
        "优化床位供给结构",
        "第 55 页",
        "规划期为",
    ]
    assert sorted(parts, key=said.index) == parts
    assert "有用" not in said


def test_figures_that_are_drawn_are_announced_and_read_aloud(visit: Visit) -> None:
    """Where a number started, and in which year: who cannot see the bars hears what the text says."""
    visit.page.add_init_script(SPOKEN)
    visit.open().ask(BEDS)
    live = visit.page.locator("qingpu-ask [aria-live=polite]")
    expect(live).to_contain_text("第 55 页")
    said = live.inner_text()
    assert said.index("增加到9500张") < said.index("2020年：") and "8278" in said.split("2020年：")[1].split("\n")[0]
    visit.button("朗读").click()
    expect(visit.button("朗读")).to_have_attribute("aria-pressed", "false")
    assert any("8278" in each["text"] for each in visit.page.evaluate("window.spoken"))


def test_a_choice_is_announced_with_how_many_and_which(visit: Visit) -> None:
    """Numbered, as they can be answered; the same titles as the buttons."""
    answer = visit.open().ask("学校")
    titles = answer.locator(".choice").all_inner_texts()
    assert len(titles) >= 2, answer.inner_text()
    live = visit.page.locator("qingpu-ask [aria-live=polite]")
    expect(live).to_contain_text(f"有 {len(titles)} 个可以选：")
    for number, title in enumerate(titles, start=1):
        expect(live).to_contain_text(f"{number}. {title}")


def test_what_is_offered_under_an_honest_line_is_announced_as_what_it_is(visit: Visit) -> None:
    """Of the next plan: what this one says of it stands under that, not under 「您还可以问」, to the eye and to the ear."""
    answer = visit.open().ask("十五五规划里养老怎么说")
    lead = "这一份规划（2021—2025 年）写过的，可以点开或直接问"
    offered = answer.get_by_role("group", name=lead)
    expect(offered.locator("p")).to_have_text(lead)
    live = visit.page.locator("qingpu-ask [aria-live=polite]")
    expect(live).to_contain_text(f"{lead}：")
    expect(live).to_contain_text(f"1. {offered.locator('.choice').first.inner_text()}")
    expect(answer).not_to_contain_text("您还可以问")


def test_elders_see_what_matters_and_unfold_the_rest(visit: Visit) -> None:
    """The headline, what it means, the numbers and that the plan's time is over; the passage and its place are one tap away.

    The link keeps elder mode.
    """
    visit.open()
    visit.elder().click()
    answer = visit.ask(BEDS)
    expect(answer.locator(".headline")).to_be_visible()
    expect(answer.locator("strong", has_text="9500张").first).to_be_visible()
    expect(answer.locator(".notice")).to_contain_text("现已结束")
    lines = answer.locator("> *").evaluate_all("found => found.map(each => each.className + each.textContent)")
    assert ["大白话" in line for line in lines].index(True) < [line.startswith("numbers") for line in lines].index(True)
    for folded in ("blockquote", ".source"):
        expect(answer.locator(folded)).to_be_hidden()
    answer.get_by_text("看规划原文和出处").click()
    expect(answer.locator("blockquote")).to_be_visible()
    visit.check_accessible()
    with visit.page.expect_popup() as reader:
        answer.get_by_role("link", name="看原文").click()
    assert "?elder=1#c-" in reader.value.url
    expect(reader.value.locator("html")).to_have_class("elder")
    expect(reader.value.locator(".passage:target, .passage:has(> :target)")).to_be_in_viewport()


def test_pages_follow_elder_mode_at_once_and_at_the_next_page(visit: Visit) -> None:
    """Switched on in the widget: the page around it, the plan after it; switched off on the page: the widget, too."""
    page = visit.open().page
    visit.elder().click()
    expect(page.locator("html")).to_have_class("elder")
    page.goto(f"{visit.bot}/plan")
    expect(page.locator("html")).to_have_class("elder")
    small = page.evaluate(
        """() => [...document.querySelectorAll('main *')].filter(e => e.getClientRects().length && !e.closest('.unseen') &&
        [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && parseFloat(getComputedStyle(e).fontSize) < 24)
        .map(e => e.outerHTML.slice(0, 99))"""
    )
    assert small == []
    visit.go()
    page.get_by_role("button", name="长辈模式：大字").first.click()
    expect(page.locator("html")).not_to_have_class("elder")
    visit.launcher.click()
    expect(visit.elder()).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize("elder", [False, True])
def test_at_400_percent_header_question_and_input_are_usable(visit_with: Callable[..., Visit], elder: bool) -> None:
    """1280 × 800 at 400 % is 320 × 200: all three are on the screen at once, none covers another."""
    visit = visit_with(viewport={"width": 320, "height": 200})
    visit.open()
    if elder:
        visit.elder().click()
    visit.ask(BEDS)
    for control in (visit.elder(), visit.button("更多"), visit.button("关闭"), visit.field, visit.button("发送")):
        expect(control).to_be_in_viewport(ratio=1)
        control.click(trial=True)
    seen = visit.page.locator("qingpu-ask .scroller").bounding_box()
    assert seen is not None and seen["height"] >= 60, seen
    question = visit.page.locator("qingpu-ask .question").bounding_box()
    headline = visit.answers.last.locator(".headline").bounding_box()
    assert question is not None and headline is not None
    assert elder or seen["y"] + 8 < question["y"] + question["height"], "the end of the question"
    needed = 2 * 35 if elder else 27  # two lines of what is so large, one of what is not
    assert headline["y"] + needed <= seen["y"] + seen["height"], "lines of the answer"
    visit.field.press_sequentially("养老", delay=80)
    expect(visit.page.get_by_role("option").first).to_be_visible()
    offered = visit.dialog.locator(".suggestions").bounding_box()
    head = visit.dialog.locator(".head").bounding_box()
    assert offered is not None and head is not None and offered["y"] >= head["y"] + head["height"] - 1, (
        "the header is free"
    )
    visit.button("关闭").click(trial=True)


@pytest.mark.parametrize("elder", [False, True])
def test_the_menu_leaves_the_input_on_the_screen_and_makes_room_for_what_is_asked(
    visit_with: Callable[..., Visit], elder: bool
) -> None:
    """At 400 %, offline besides: the field can be written in, and a question folds the menu, so that its reply is seen."""
    visit = visit_with(viewport={"width": 320, "height": 200})
    visit.open()
    if elder:
        visit.elder().click()
    visit.button("更多").click()
    visit.page.context.set_offline(True)
    expect(visit.page.locator("qingpu-ask .banner")).to_be_visible()
    for control in (visit.button("更多"), visit.field, visit.button("发送")):
        expect(control).to_be_in_viewport(ratio=1)
        control.click(trial=True)
    visit.page.context.set_offline(False)
    answer = visit.ask("我家厨房着火了")
    expect(visit.button("更多")).to_have_attribute("aria-expanded", "false")
    expect(answer.locator('a[href="tel:119"]').first).to_be_in_viewport()


@pytest.mark.parametrize("screen", [{"width": 320, "height": 640}, {"width": 640, "height": 400}])
@pytest.mark.parametrize("elder", [False, True])
def test_small_and_zoomed_screens_lose_nothing(
    visit_with: Callable[..., Visit], screen: dict[str, int], elder: bool
) -> None:
    """320 px wide, and 1280 × 800 at 200 %: no sideways scrolling, nothing cut off."""
    visit = visit_with(viewport=screen)
    visit.open().ask(BEDS)
    if elder:
        visit.elder().click()
    wide = visit.page.evaluate(
        """() => { const width = innerWidth; return [...document.querySelector('qingpu-ask').shadowRoot
        .querySelectorAll('.panel, .panel *')].filter(e => e.getClientRects().length && !e.closest('.unseen') &&
        (e.getBoundingClientRect().right > width + 1 || e.getBoundingClientRect().left < -1)).map(e => e.outerHTML.slice(0, 99)); }"""
    )
    assert wide == []
    scroller = "document.querySelector('qingpu-ask').shadowRoot.querySelector('.scroller')"
    assert visit.page.evaluate(f"{scroller}.scrollWidth <= {scroller}.clientWidth")
    assert visit.page.evaluate(f"{scroller}.clientHeight") >= 100
    visit.check_accessible()
    assert visit.problems == []


@pytest.mark.parametrize("elder", [False, True])
def test_dark_rooms(visit_with: Callable[..., Visit], elder: bool) -> None:
    """The system's wish is followed, and contrast holds."""
    visit = visit_with(color_scheme="dark")
    visit.open().ask(BEDS)
    if elder:
        visit.elder().click()
    background = visit.dialog.evaluate("e => getComputedStyle(e).backgroundColor")
    assert max(map(int, background[4:-1].split(","))) < 64, background
    visit.check_accessible()


def test_forced_colours_and_reduced_motion(visit_with: Callable[..., Visit]) -> None:
    """States stay visible, nothing moves."""
    visit = visit_with(forced_colors="active", reduced_motion="reduce")
    visit.open().ask(BEDS)
    visit.elder().click()
    assert visit.elder().evaluate("e => getComputedStyle(e).backgroundColor") != visit.button("更多").evaluate(
        "e => getComputedStyle(e).backgroundColor"
    )
    moving = visit.page.evaluate(
        "document.querySelector('qingpu-ask').shadowRoot.getAnimations?.().length ?? document.getAnimations().length"
    )
    assert moving == 0
    visit.check_accessible()


def test_the_theme_can_be_chosen_and_is_remembered(visit: Visit) -> None:
    """Dark by choice, on a light system."""
    visit.open()
    visit.button("更多").click()
    visit.dialog.get_by_label("外观").select_option("dark")
    expect(visit.page.locator("qingpu-ask .root")).to_have_class("root dark")
    visit.check_accessible()
    visit.open()
    expect(visit.page.locator("qingpu-ask .root")).to_have_class("root dark")


@pytest.mark.parametrize(("language", "send"), [("繁體中文", "傳送"), ("English", "Send")])
def test_other_languages_of_the_interface(visit: Visit, language: str, send: str) -> None:
    """Traditional Chinese and English; the plan's words stay as they are."""
    visit.open().ask(BEDS)
    visit.button("更多").click()
    visit.dialog.get_by_label("界面文字").select_option(label=language)
    expect(visit.button(send)).to_be_visible()
    expect(visit.answers.first.locator("blockquote").first).to_contain_text("养老机构床位总数增加到9500张")
    visit.check_accessible()


def test_every_string_is_there_in_every_language(visit: Visit) -> None:
    """No string is left in another language or falls back to its name."""
    visit.go()
    strings = visit.page.evaluate(
        "import('/widget/strings.js').then(m => Object.entries(m.WORDS).map(([name, words]) => [name, ...words]))"
    )
    assert len(strings) > 50
    assert [s for s in strings if len(s) != 4 or not all(s)] == []
    assert [
        s[0] for s in strings if any("\u4e00" <= c <= "\u9fff" for c in s[3]) and s[0] not in ("placeholder",)
    ] == []


def test_reading_aloud_is_mandarin_and_slower_for_elders(visit: Visit) -> None:
    """The headline, the passage and its page; not the buttons."""
    visit.page.add_init_script(SPOKEN)
    visit.open().ask(BEDS)
    visit.button("朗读").click()
    expect(visit.button("朗读")).to_have_attribute("aria-pressed", "false")
    usual = visit.page.evaluate("window.spoken")
    visit.elder().click()
    visit.page.evaluate("window.spoken = []")
    visit.button("朗读").click()
    slow = visit.page.evaluate("window.spoken")
    assert {s["lang"] for s in usual} == {"zh-CN"} and "9500" in usual[0]["text"]
    assert any("第55页" in s["text"] for s in usual)
    assert all("有用" not in s["text"] for s in usual)
    assert slow[0]["rate"] < usual[0]["rate"]


def test_without_speech_recognition_there_is_no_microphone(visit: Visit) -> None:
    """Hidden, not disabled."""
    visit.page.add_init_script("delete window.SpeechRecognition; delete window.webkitSpeechRecognition;")
    visit.open()
    expect(visit.dialog.locator(".mic")).to_have_count(0)
    visit.page.context.clear_cookies()


def test_what_is_said_becomes_the_question(visit: Visit) -> None:
    """Where the browser recognises speech, its words stand in the field, to be looked at before they are sent."""
    visit.page.add_init_script(
        """window.SpeechRecognition = class extends EventTarget { start() { setTimeout(() => {
        const event = new Event('result'); event.results = [[{transcript: '养老院有多少床位'}]];
        this.dispatchEvent(event); this.dispatchEvent(new Event('end')); }, 20); } stop() {} };"""
    )
    visit.open()
    visit.button("用说的").click()
    expect(visit.field).to_have_value("养老院有多少床位")
    expect(visit.button("发送")).to_be_focused()


def test_the_limit_is_counted_down_near_its_end(visit: Visit) -> None:
    """Nothing is cut off without a word, and too long a question is not sent."""
    visit.open().field.fill("长" * 800)
    expect(visit.dialog.locator(".counter")).to_be_hidden()
    visit.field.fill("长" * 950)
    expect(visit.dialog.locator(".counter")).to_have_text("还可以写 50 字")
    visit.field.fill("长" * 1003)
    expect(visit.dialog.locator(".counter")).to_have_text("超出 3 字，请缩短")
    visit.field.press("Enter")
    expect(visit.page.locator("qingpu-ask .turn")).to_have_count(0)
    visit.check_accessible()


def test_an_input_method_is_left_alone(visit: Visit) -> None:
    """Enter that ends the composing of pinyin does not send."""
    visit.open().field.fill("yanglao")
    visit.field.evaluate(
        "e => e.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"
    )
    expect(visit.page.locator("qingpu-ask .turn")).to_have_count(0)
