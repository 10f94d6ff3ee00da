"""A correction reaches residents within ten seconds of its approval, in every process, and goes with its withdrawal."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from conversations.turn_log import TurnLog
from tests.journeys.processes import Product
from tests.review.conftest import Visitor

BEDS = "c-702f53f084"
PROMISED_S = 10.0
KNOWN = "养老院床位到2025年有多少张"  # five spellings of it stand in tests/review/regression_questions.yml
POINTED = "公租房怎么申请"
LINKED = "人工吸氧的床备了几张"  # NLU hears that a person is wanted; beds are among what is found
SAMPLE = "阿奶住的地方位子够不够"
WORDED = "芭芭啦有多少张"  # a word that no dictionary has, for beds
Holds = Callable[[str, dict[str, Any]], bool]


@pytest.fixture(scope="module")
def turn_id(product: Product, staff: Visitor) -> str:
    """A turn that staff correct, in the inbox."""
    product.ask(LINKED, "first")
    log = TurnLog(product.environment["CONVERSATIONS_URL"])
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = re.search(r"\?turn=(a-[0-9a-f]+)", staff.get(f"/inbox?status=all&text={quote(LINKED)}").text)
        if found:
            log.close()
            return found[1]
        time.sleep(0.3)
    raise AssertionError("no turn in the inbox")


def correct(staff: Visitor, turn_id: str, **fields: str) -> str:
    """Record a correction; where the console goes."""
    staff.get(f"/turns/{turn_id}/correct")
    reply = staff.post(f"/turns/{turn_id}/correct", back="/inbox", **fields)
    assert reply.status_code == 303, reply.text
    return reply.headers["Location"]


def seconds_until(product: Product, question: str, holds: Holds) -> float:
    """How long it takes until an answer is as wanted, each time asked in a new conversation."""
    started = time.monotonic()
    while time.monotonic() - started < PROMISED_S * 3:
        if holds(*product.ask(question, f"s{time.monotonic_ns()}")):
            return time.monotonic() - started
        time.sleep(0.2)
    raise AssertionError(f"{question}: not in {PROMISED_S * 3} s: {product.ask(question, 'last')}")


def from_beds(text: str, custom: dict[str, Any]) -> bool:
    """Answered by the passage on beds."""
    return custom["outcome"] == "answered" and custom["citations"][0]["commitment_id"] == BEDS


def with_pointer(text: str, custom: dict[str, Any]) -> bool:
    """The plan is silent, and the staff's pointer stands in text and notice."""
    silent = custom["outcome"] == "not_in_plan" and not custom["citations"]
    return silent and "请看区房管局办事指南" in text and "https://www.shqp.gov.cn/x" in (custom["notice"] or "")


SOON = (date.today() + timedelta(days=30)).isoformat()
WAYS: list[tuple[str, Holds, dict[str, str]]] = [
    (LINKED, from_beds, {"kind": "link", "commitment_id": BEDS}),
    (
        POINTED,
        with_pointer,
        {"kind": "pointer", "text": "请看区房管局办事指南", "url": "https://www.shqp.gov.cn/x", "expires_on": SOON},
    ),
    (WORDED, from_beds, {"kind": "word", "word": "芭芭啦", "means": "养老院床位", "word_kind": "dialect"}),
]


def test_each_way_is_live_within_ten_seconds_and_gone_likewise(product: Product, staff: Visitor, turn_id: str) -> None:
    """Link, pointer, word and a sample question: asked before, after approval and after withdrawal; no restart."""
    took: dict[str, tuple[float, float]] = {}
    for number, (question, holds, fields) in enumerate(WAYS, start=1):
        assert not holds(*product.ask(question, f"before{number}")), question
        assert correct(staff, turn_id, question=question, **fields) == "/inbox?said=corrected"
        live = seconds_until(product, question, holds)
        if fields["kind"] == "pointer":
            assert with_pointer(*product.ask("请问公租房如何申请？", "paraphrase"))
        newest = re.search(r'action="(/corrections/\d+)"', staff.get("/corrections").text)
        assert newest is not None
        assert staff.post(newest[1], version="1", verdict="withdrawn").status_code == 303
        gone = seconds_until(product, question, lambda text, custom, holds=holds: not holds(text, custom))
        took[fields["kind"]] = live, gone
    took["sample question"] = a_sample_question(product, staff)
    for way, (live, gone) in took.items():
        print(f"{way}: live after {live:.1f} s, gone after {gone:.1f} s")
    assert max(max(pair) for pair in took.values()) <= PROMISED_S, took


def a_sample_question(product: Product, staff: Visitor) -> tuple[float, float]:
    """Added at the commitment, then taken out again."""
    assert not from_beds(*product.ask(SAMPLE, "sample"))
    page = html.unescape(staff.get(f"/commitments/{BEDS}").text)
    before = re.search(r'<textarea id="questions"[^>]*>([^<]*)</textarea>', page)
    assert before is not None
    kept = [line for line in before[1].splitlines() if line][:15]
    title = re.search(r'name="title"[^>]*value="([^"]*)"', page)
    assert title is not None
    fields = {"title": title[1], "audience": ""}
    for version, questions in enumerate(([*kept, SAMPLE], kept)):
        staff.get(f"/commitments/{BEDS}")
        saved = staff.post(f"/commitments/{BEDS}", version=str(version), questions="\n".join(questions), **fields)
        assert saved.status_code == 303, saved.text
        if version == 0:
            live = seconds_until(product, SAMPLE, from_beds)
    return live, seconds_until(product, SAMPLE, lambda text, custom: not from_beds(text, custom))


def test_a_poisoned_link_is_refused_with_the_questions_that_it_would_break(
    product: Product, staff: Visitor, turn_id: str
) -> None:
    """A wrong link for a question in five spellings: it stays pending, the list says each, residents get the right answer."""
    other = re.search(r'/commitments/(c-[0-9a-f]+)"', staff.get("/commitments?topic=housing").text)
    assert other is not None
    where = correct(staff, turn_id, question=KNOWN, kind="link", commitment_id=other[1])
    assert "said=held" in where
    page = html.unescape(staff.get("/corrections?status=pending").text)
    assert page.count("<td>评测题</td>") == 5
    time.sleep(PROMISED_S / 2)
    assert from_beds(*product.ask(KNOWN, "poisoned"))
