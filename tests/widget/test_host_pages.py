"""On pages as they are: storage refused, old libraries, styles that leak in, everything hidden, moved, sandboxed, twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.journeys.processes import Product
from tests.products import OTHER_PAGES
from tests.widget.chat import Visit

BEDS = "到2025年养老院床位有多少张"
REFUSED = (
    "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('denied', 'SecurityError'); }});"
)
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"
# As Prototype.js 1.6 does: arrays and dates become strings of JSON, and `Array.from` forgets its second argument.
PROTOTYPE_JS = """Array.prototype.toJSON = function () { return '[' + this.map(each => Object.toJSON(each)).join(', ') + ']'; };
  Object.toJSON = value => typeof value === 'object' && value ? (value.toJSON ? value.toJSON() : '{}') : JSON.stringify(value);
  Array.from = value => [...value];"""
# What Chromium had not: popovers (114), locks (69), channels (54), constructed style sheets (73).
OLD_CHROMIUM = """delete HTMLElement.prototype.showPopover; delete HTMLElement.prototype.popover; delete Navigator.prototype.locks;
  delete window.BroadcastChannel; delete CSSStyleSheet.prototype.replaceSync; delete Crypto.prototype.randomUUID;"""
LOUD = """<style>* { letter-spacing: 9px; word-spacing: 9px; line-height: 4; text-transform: uppercase; text-indent: 3em;
  text-align: right; font: italic 40px serif; visibility: hidden; color: red; white-space: nowrap; }</style>"""
TEXT_STYLE = """() => { const root = document.querySelector('qingpu-ask').shadowRoot;
  return ['.launcher', '.hello', '.about', 'textarea'].map(one => root.querySelector(one)).filter(Boolean).map(e => {
    const style = getComputedStyle(e);
    return Object.fromEntries(['letterSpacing', 'wordSpacing', 'lineHeight', 'textTransform', 'textIndent', 'direction',
      'fontStyle', 'fontSize', 'visibility', 'color', 'textAlign'].map(name => [name, style[name]])); }); }"""


@pytest.fixture
def hosted(new_context: Callable[..., BrowserContext], product: Product, site: str) -> Callable[..., Visit]:
    """A page of the listed site with this markup around the one line; a script may run before everything."""
    bot = f"http://127.0.0.1:{product.bot_port}"
    line = f'<script type="module" src="{bot}/widget/qingpu-ask.js"></script>'

    def load(body: str = "", head: str = "", before: str = "", html: str = "") -> Visit:
        visit = Visit(new_context().new_page(), bot)
        document = f"<!doctype html><html {html}><head>{head}</head><body>{body}{line}</body></html>"
        OTHER_PAGES["/as-it-is"] = document
        if before:
            visit.page.add_init_script(before)
        return visit.go(f"{site}/as-it-is")

    return load


def opened(visit: Visit) -> Visit:
    """The dialog of a page that is loaded."""
    visit.launcher.click()
    expect(visit.dialog).to_be_visible()
    return visit


@pytest.mark.parametrize("before", [REFUSED, FULL, PROTOTYPE_JS, OLD_CHROMIUM])
def test_a_question_and_its_follow_up_are_answered(hosted: Callable[..., Visit], before: str) -> None:
    """Whatever the browser refuses or an old library has changed: one session, nothing waits for ever, no exception."""
    visit = opened(hosted(before=before))
    expect(visit.ask(BEDS)).to_contain_text("9500")
    expect(visit.ask("那认知障碍的呢").locator(".headline")).to_contain_text("550张")
    visit.elder().click()
    expect(visit.elder()).to_have_attribute("aria-pressed", "true")
    expect(visit.page.locator("qingpu-ask [data-state=waiting]")).to_have_count(0)
    assert visit.problems == []


def test_a_style_of_the_page_does_not_leak_in(hosted: Callable[..., Visit]) -> None:
    """Spacing, height, direction and the rest are those of a page without a style."""
    plain = opened(hosted()).page.evaluate(TEXT_STYLE)
    loud = opened(hosted(head=LOUD, html='dir="rtl" style="writing-mode: vertical-rl"'))
    assert loud.page.evaluate(TEXT_STYLE) == plain


@pytest.mark.parametrize(
    "head",
    [
        "<style>body > * { display: none !important; }</style>",
        "<style>body { transform: translate(-300px, 200px) scale(.5); height: 3000px; }</style>",
        "<style>body { filter: blur(0); perspective: 10px; width: 100px; overflow: hidden; }</style>",
    ],
)
def test_the_button_is_in_its_corner(hosted: Callable[..., Visit], head: str) -> None:
    """Though the page hides all it does not know, or moves and scales its body."""
    visit = hosted(head=head)
    box, screen = visit.launcher.bounding_box(), visit.page.viewport_size
    assert box is not None and screen is not None
    assert 0 < screen["width"] - box["x"] - box["width"] < 40 and 0 < screen["height"] - box["y"] - box["height"] < 40
    expect(opened(visit).ask(BEDS)).to_contain_text("9500")
    visit.page.keyboard.press("Escape")
    expect(visit.launcher).to_be_focused()
    assert visit.problems == []


def test_a_page_may_still_hide_it_and_paper_does_not_show_it(hosted: Callable[..., Visit]) -> None:
    """By the attribute `hidden`."""
    visit = hosted(body="<qingpu-ask hidden></qingpu-ask>")
    expect(visit.launcher).to_be_hidden()
    visit.page.evaluate("document.querySelector('qingpu-ask').hidden = false")
    expect(visit.launcher).to_be_visible()
    visit.page.emulate_media(media="print")
    expect(visit.launcher).to_be_hidden()


def test_the_script_loaded_twice_is_there_once(hosted: Callable[..., Visit], product: Product) -> None:
    """One button, and one question for a click."""
    again = f'<script type="module" src="http://127.0.0.1:{product.bot_port}/widget/qingpu-ask.js?v=2"></script>'
    visit = hosted(body=f'{again}{again}<button data-qingpu-ask="{BEDS}">x</button>')
    visit.page.get_by_role("button", name="x", exact=True).click()
    expect(visit.answers).to_have_count(1)
    expect(visit.page.locator("qingpu-ask")).to_have_count(1)
    assert len([url for url in visit.requests if url.endswith("/webhooks/web/message")]) <= 2  # with its preflight
    assert visit.problems == []


def test_a_sandboxed_frame_works_where_its_origin_is_listed(
    new_context: Callable[..., BrowserContext], product: Product, site: str
) -> None:
    """Its origin is `null`, it has no storage and no locks; `WEB_ORIGINS` lists `null` here."""
    visit = Visit(new_context().new_page(), f"http://127.0.0.1:{product.bot_port}")
    line = f'<script type="module" src="{visit.bot}/widget/qingpu-ask.js"></script>'
    frame = f"<iframe sandbox='allow-scripts' style='width: 600px; height: 700px' srcdoc='{line}'></iframe>"
    OTHER_PAGES["/framed"] = f"<!doctype html>{frame}"
    visit.page.goto(f"{site}/framed")
    inside = visit.page.frame_locator("iframe")
    inside.locator("qingpu-ask .launcher").click()
    for question, words in ((BEDS, "9500"), ("那认知障碍的呢", "550张")):
        inside.locator("qingpu-ask textarea").fill(question)
        inside.locator("qingpu-ask textarea").press("Enter")
        expect(inside.locator("qingpu-ask .answer").last).to_contain_text(words)
    assert visit.problems == []
