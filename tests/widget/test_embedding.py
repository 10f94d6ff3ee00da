"""On other people's pages: one line, a strict policy, hostile words, nothing from elsewhere, small."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from bot.pages.files import read_folder
from tests.journeys.processes import Product
from tests.products import HOSTILE_TITLE
from tests.widget.chat import Visit

WIDGET = Path(__file__).resolve().parents[2] / "widget"
MAX_GZIPPED_BYTES = 30_000  # of all modules, as docs/widget.md promises
HOSTILE_MESSAGE = "<img src=x onerror=window.hacked=1><script>window.hacked=1</script>养老床位有多少"


def loaded_modules(entry: str = "qingpu-ask.js") -> set[str]:
    """Every module that the entry imports, itself included."""
    found, waiting = set(), [entry]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            source = re.sub(r"/\*.*?\*/", "", (WIDGET / name).read_text(encoding="utf-8"), flags=re.DOTALL)
            waiting += re.findall(r"from '\./([^']+)'", source)
    return found


def test_the_widget_is_small() -> None:
    """30 KB gzipped in all, as served."""
    served = read_folder(WIDGET)
    sizes = {name: len(served[name].zipped) for name in loaded_modules()}
    assert sum(sizes.values()) <= MAX_GZIPPED_BYTES, sizes


def test_nothing_is_parsed_as_html() -> None:
    """No module has a way to turn text into elements."""
    ways = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|eval\(|new Function"
    )
    assert [path.name for path in WIDGET.glob("*.js") if re.search(ways, path.read_text(encoding="utf-8"))] == []


def test_one_line_on_another_site_under_a_strict_policy(
    new_context: Callable[..., BrowserContext], product: Product, site: str
) -> None:
    """Asked and answered across origins; title and message are inert; no violation, no cookie, nothing from elsewhere."""
    context = new_context()
    visit = Visit(context.new_page(), f"http://127.0.0.1:{product.bot_port}")
    visit.open(site)
    expect(visit.dialog.get_by_role("heading")).to_have_text(HOSTILE_TITLE)
    expect(visit.ask("到2025年养老院床位有多少张")).to_contain_text("9500")
    visit.ask(HOSTILE_MESSAGE)
    expect(visit.page.locator("qingpu-ask .question").last).to_contain_text("<img src=x onerror=window.hacked=1>")
    assert visit.page.evaluate("window.hacked") is None
    assert visit.page.locator("qingpu-ask img, qingpu-ask script").count() == 0
    assert visit.problems == []
    assert context.cookies() == []
    assert {url for url in visit.requests if not url.startswith((site, visit.bot))} == set()


def test_a_site_that_is_not_listed_gets_nothing(
    new_context: Callable[..., BrowserContext], product: Product, site: str
) -> None:
    """`localhost` is another origin than the one listed: the browser shows no reply to it."""
    page = new_context().new_page()
    page.goto(site.replace("127.0.0.1", "localhost"))
    failed = page.evaluate(
        f"fetch('http://127.0.0.1:{product.bot_port}/webhooks/web/hot').then(() => 'read', e => e.name)"
    )
    assert failed == "TypeError"


def test_methods_attributes_and_events(visit: Visit) -> None:
    """What docs/widget.md promises to pages."""
    visit.go()
    visit.page.evaluate(
        """() => { window.heard = []; const widget = document.querySelector('qingpu-ask');
        for (const name of ['open', 'close', 'question', 'answer', 'feedback', 'error'])
          document.addEventListener('qingpu-' + name, e => window.heard.push([name, e.detail.text ?? e.detail.answer?.outcome ?? '']));
        widget.setAttribute('title', '问问看'); widget.setAttribute('theme', 'dark'); widget.setAttribute('lang', 'en');
        widget.setAttribute('position', 'bottom-left'); widget.ask('公租房以后会多建一点吗'); }"""
    )
    expect(visit.answers).to_have_count(1)
    expect(visit.dialog.get_by_role("heading")).to_have_text("问问看")
    expect(visit.page.locator("qingpu-ask .root")).to_have_class("root dark left")
    expect(visit.button("Send")).to_be_visible()
    visit.page.evaluate("document.querySelector('qingpu-ask').close()")
    expect(visit.dialog).to_be_hidden()
    visit.page.evaluate("document.querySelector('qingpu-ask').clear()")
    expect(visit.page.locator("qingpu-ask .turn")).to_have_count(0)
    heard = visit.page.evaluate("window.heard")
    assert heard == [["open", ""], ["question", "公租房以后会多建一点吗"], ["answer", "answered"], ["close", ""]]


def test_nothing_is_sent_before_a_resident_opens_it(visit: Visit) -> None:
    """A page with the widget costs its visitors no request but the modules."""
    visit.go()
    visit.page.wait_for_timeout(300)
    assert [url for url in visit.requests if "/webhooks/" in url] == []


@pytest.mark.parametrize(
    ("path", "scheme"),
    [
        ("/", "light"),
        ("/", "dark"),
        ("/ask", "light"),
        ("/embed", "light"),
        ("/?elder=1", "light"),
        ("/plan?elder=1", "dark"),
        ("/plan?q=养老床位", "dark"),
        ("/plan?q=没有这个词", "light"),
        ("/plan/commitments", "light"),
        ("/plan/commitments?topic=housing&numbers=1", "dark"),
        ("/plan/commitments?topic=housing&q=床位", "light"),
    ],
)
def test_every_page_is_accessible(
    new_context: Callable[..., BrowserContext], product: Product, path: str, scheme: str
) -> None:
    """axe-core finds nothing, 320 px wide too, and the policy reports nothing."""
    visit = Visit(new_context(color_scheme=scheme).new_page(), f"http://127.0.0.1:{product.bot_port}")
    visit.page.goto(visit.bot + path)
    visit.check_accessible()
    visit.page.set_viewport_size({"width": 320, "height": 640})
    assert visit.page.evaluate("document.documentElement.scrollWidth <= 320")
    assert visit.problems == []
