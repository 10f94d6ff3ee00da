"""Bars of numbers, measured in the pixels that a resident sees: one baseline and one scale, whatever the screen."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Locator, expect

from tests.journeys.processes import Product
from tests.widget.chat import Visit

WIDTHS = (320, 360, 768, 1280)  # px
ZOOMS = (1, 2)  # device pixels to one of the page, as at 100 % and 200 %
FACTS = """(facts) => { const widget = document.querySelector('qingpu-ask');
  const [turn] = widget.conversation.turns.values();
  widget.conversation.put({...turn, answer: {...turn.answer, facts}}); }"""


def fact(label: str, unit: str, old: float, new: float) -> dict[str, object]:
    """A number of an answer/1 with its baseline."""
    baseline = {"value": old, "year": 2020}
    return {"label": label, "value": new, "unit": unit, "year": 2025, "qualifier": "", "baseline": baseline}


def painted(bar: Locator) -> tuple[int, int]:
    """Where the filled part of a bar begins on the screen, and how many pixels it is long: read off a picture."""
    drawing = bar.locator("svg")
    fill = bar.locator(".fill").evaluate("e => getComputedStyle(e).fill")
    colour = tuple(map(int, fill[4:-1].split(",")))
    picture = Image.open(BytesIO(drawing.screenshot())).convert("RGB")
    row = [picture.getpixel((x, picture.height // 2)) == colour for x in range(picture.width)]
    box = drawing.bounding_box()
    assert box is not None and any(row), f"no pixel of {colour}"
    return round(box["x"]) + row.index(True), sum(row)


def lengths(answer: Locator) -> list[int]:
    """The painted length of every bar of an answer; all begin at one edge."""
    bars = answer.locator(".bar")
    found = [painted(bars.nth(n)) for n in range(bars.count())]
    starts = [start for start, _ in found]
    assert max(starts) - min(starts) <= 1, starts  # a rounded corner, an edge between two pixels
    return [length for _, length in found]


@pytest.mark.parametrize("zoom", ZOOMS)
def test_bars_have_one_baseline_and_one_scale_on_every_screen(
    new_context: Callable[..., BrowserContext], product: Product, zoom: int
) -> None:
    """8278 of 9500 is painted 0.87 as long, and 13 of 16 is 0.81: at four widths, in normal and in elder mode."""
    context = new_context(device_scale_factor=zoom)
    visit = Visit(context.new_page(), f"http://127.0.0.1:{product.bot_port}")
    answer = visit.open().ask("到2025年养老院床位有多少张")
    more = [
        fact("短", "张", 8278, 9500),
        fact("很长很长的名称，一行写不下", "座（含在建）", 13, 16),
        fact("占比", "%", 40, 80),
    ]
    visit.page.evaluate(FACTS, [*more, fact("同一个单位，小得多", "张", 950, 4750)])
    expect(answer.locator(".bar")).to_have_count(8)
    for elder in (False, True):
        if elder:
            visit.elder().click()
        for width in WIDTHS:
            visit.page.set_viewport_size({"width": width, "height": 1600})
            full = max(found := lengths(visit.answers.first))
            assert [length / full for length in found] == pytest.approx(
                [8278 / 9500, 1, 13 / 16, 1, 0.4, 0.8, 0.1, 0.5], abs=0.02
            ), (width, elder)
