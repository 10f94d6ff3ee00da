"""Staff at work beside the running bot: what a resident asks is in the inbox, what staff publish is in the next answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import quote

from conversations.identity import session_key
from tests.journeys.processes import Product
from tests.review.conftest import Visitor

BEDS = "c-702f53f084"
ASKED = "请问到2025年养老院床位一共有多少张"  # nobody else asks so
INBOX = f"/inbox?status=all&text={quote(ASKED)}"
WITHIN_S = 90  # of the console's reading and of the answer's, seconds each on an idle machine


def eventually(holds: Callable[[], object]) -> None:
    """Wait until something holds; a console that does not listen yet counts as not."""
    deadline = time.monotonic() + WITHIN_S
    while time.monotonic() < deadline:
        try:
            if holds():
                return
        except OSError:
            pass
        time.sleep(0.3)
    raise AssertionError("it did not come to hold")


def test_a_question_reaches_the_inbox_and_published_progress_reaches_the_resident(
    product: Product, staff: Visitor
) -> None:
    """No restart: the turn appears, and the next answer has the latest figure with date and source, then not any more."""
    text, custom = product.ask(ASKED, "console")
    assert "最新公布" not in text
    conversation = f"/conversations/{session_key('rest', 'console')}"
    eventually(lambda: f'href="{conversation}' in staff.get(INBOX).text)
    assert "养老机构床位总数" in staff.get(conversation).text
    staff.get(f"/commitments/{BEDS}")
    reported = {"state": "reached", "figure": "9620 张", "as_of": "2025-12-31", "source": "区政府工作报告"}
    url = "https://www.shqp.gov.cn/report"
    assert staff.post(f"/commitments/{BEDS}/progress", **reported, url=url).status_code == 303
    line = "规划目标 9500张 · 最新公布（2025-12-31，来源：区政府工作报告）：9620 张，已完成"
    eventually(lambda: line in product.ask(ASKED, "console")[0])
    again = product.ask(ASKED, "console")[1]
    assert line in again["notice"]
    assert again["citations"][0]["quote"] == custom["citations"][0]["quote"]
    assert staff.post(f"/commitments/{BEDS}/progress/1", version="1", verdict="withdrawn").status_code == 303
    eventually(lambda: "最新公布" not in product.ask(ASKED, "console")[0])
