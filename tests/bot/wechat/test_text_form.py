"""answer/1 as a text of at most 2,048 bytes, whole sentences at a time."""

from __future__ import annotations

import dataclasses
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.channels.wechat import words
from bot.channels.wechat.text_form import (
    MAX_BYTES,
    Choice,
    Prepared,
    first_page,
    is_public,
    joined,
    prepare,
    welcome,
)
from danger.replies import Replies, shipped
from knowledge.language.languages import ENGLISH, SIMPLIFIED, TRADITIONAL
from knowledge.reply import wording
from knowledge.reply.answer import Outcome
from knowledge.reply.compose import Composer
from knowledge.search.finder import Finder


@pytest.fixture(scope="module")
def composer(finder: Finder) -> Composer:
    """On the real plan, with a public reader."""
    return Composer("《规划》", (2021, 2025), "https://plan.example.cn/plan", finder.stored.commitments)


def prepared(composer: Composer, finder: Finder, question: str) -> Prepared:
    """The reply to a question that the plan answers."""
    answer = composer.answered(finder.find(question), today_year=2026)
    return prepare(answer.text, answer.custom("a-1"))


def test_headline_quote_source_links_and_numbers(composer: Composer, finder: Finder) -> None:
    """In this order, and complete."""
    reply = prepared(composer, finder, "到2025年养老院床位有多少张")
    lines = reply.text.split("\n")
    assert lines[0] == "到2025年，养老机构床位总数增加到9500张。"
    assert lines[1].startswith("大白话：") and lines[1].endswith("（工作人员的解释，不是规划的话）")
    assert lines[2].startswith("原文：“") and lines[4].startswith("出处：《规划》第九章第四节") and "第55页" in lines[4]
    assert '<a href="https://plan.example.cn/plan#c-' in reply.text and "看规划原文第55页</a>" in reply.text
    numbered = [line for line in lines if re.match(r"\d\. ", line)]
    assert numbered == [f"{n}. {choice.title}" for n, choice in enumerate(reply.choices, start=1)]
    told = "、".join(str(n) for n in range(1, len(reply.choices) + 1))
    assert 1 <= len(reply.choices) <= 3 and lines[-1].startswith(f"回复 {told} ")
    assert "赞" in lines[-1] and reply.answer_id == "a-1"


def test_no_link_without_a_public_address(finder: Finder) -> None:
    """A follower's telephone cannot open 127.0.0.1."""
    local = Composer("《规划》", None, "http://127.0.0.1:5005/plan", finder.stored.commitments)
    assert "<a" not in prepared(local, finder, "到2025年养老院床位有多少张").text


@pytest.mark.parametrize(
    ("url", "public"),
    [
        ("https://ask.example.gov.cn/plan#c-1", True),
        ("http://8.8.8.8/plan", True),
        ("http://127.0.0.1:5005/plan", False),
        ("http://192.168.1.2/plan", False),
        ("http://[::1]/plan", False),
        ("http://localhost/plan", False),
        ("http://intranet/plan", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_public_addresses(url: str, public: bool) -> None:
    """Names with a dot and global addresses."""
    assert is_public(url) is public


def test_a_clarification_keeps_all_its_choices(composer: Composer, finder: Finder) -> None:
    """They are the answer, and are not cut to three."""
    answer = composer.clarify(finder.stored.commitments[:3], all_of="住房")
    reply = prepare(answer.text, answer.custom("a-2"))
    assert len(reply.choices) == 4 and wording.CLARIFY.zh in reply.text and "回复 1、2、3、4 " in reply.text
    assert "赞" not in reply.text


def test_an_english_answer_keeps_its_lead_and_its_choices(composer: Composer, finder: Finder) -> None:
    """Read off the text as in Chinese: the line, then the numbered questions, once."""
    answer = composer.speaking("en").answered(finder.find("养老院床位有多少"), today_year=2026)
    reply = prepare(answer.text, answer.custom("a-1"))
    assert reply.text.count(wording.ALSO_ASK.en) == 1 and reply.text.count("\n1. ") == 1
    numbered = re.findall(r"^\d\. ", reply.text, re.MULTILINE)
    assert reply.text.startswith("The plan says (in Chinese):\n") and len(reply.choices) == len(numbered) >= 2


@pytest.mark.parametrize(
    "lead", ["这一份规划（2021—2025 年）写过的，可以点开或直接问：", "简单说：点它，或者回它的数字就行。"]
)
def test_what_is_offered_stands_under_any_line_that_leads_to_it(lead: str) -> None:
    """A resident who is told to reply a number sees which: of the next plan, of choices that were not understood."""
    related = [{"title": "养老床位有多少", "payload": "养老床位有多少"}]
    reply = prepare(f"这里没有。\n{lead}\n1. 养老床位有多少", {"outcome": "not_in_plan", "related": related})
    assert reply.text.split("\n")[1:3] == [lead, "1. 养老床位有多少"] and "回复 1" in reply.text


def test_more_than_three_related_questions_are_cut(composer: Composer) -> None:
    """The refusal offers four; three fit a thumb."""
    answer = composer.out_of_scope()
    assert len(answer.related) == 4
    reply = prepare(answer.text, answer.custom("a-3"))
    assert [c.title for c in reply.choices] == [r.title for r in answer.related[:3]]
    assert "\n4. " not in reply.text and "回复 1、2、3 " in reply.text


def test_every_commitments_reply_is_one_message_or_goes_on(finder: Finder, composer: Composer) -> None:
    """The whole plan: no page over the limit, nothing lost but blanks at the cuts."""
    for commitment in finder.stored.commitments:
        answer = composer.passage(commitment, today_year=2026)
        text = prepare(answer.text, answer.custom("a")).text
        assert squash("".join(pages(text))) == squash(text)


def test_mark_up_in_an_answer_is_only_text() -> None:
    """A follower's own words, repeated, make no link."""
    custom = {"outcome": Outcome.OUT_OF_SCOPE.value, "related": [], "citations": []}
    assert "<a" not in prepare('您是想问“<a href="http://x.cn">点</a>”吗？', custom).text


def pages(text: str, limit: int = MAX_BYTES) -> list[str]:
    """All pages without their last line 「回复“更多”看全文」."""
    found = []
    while text:
        page, text = first_page(text, limit)
        assert len(page.encode()) <= limit
        assert page.endswith(words.MORE) is bool(text)
        found.append(page.removesuffix(words.MORE))
    return found


def squash(text: str) -> str:
    """Without white space."""
    return re.sub(r"\s+", "", text)


@given(st.text(st.characters(codec="utf-8"), max_size=1500))
@example("👨‍👩‍👧‍👦" * 40)
@example("e\u0301" * 300)
@example("没有标点" * 100)
def test_pages_hold_everything_within_the_limit(text: str) -> None:
    """For any text at all."""
    assert squash("".join(pages(text, 300))) == squash(text)


def test_pages_end_with_sentences() -> None:
    """Also behind a closing quotation mark; else with a clause; never inside a character or a link."""
    sentences = "他说：“到2025年有九千五百张床位。”" * 40
    assert all(page.endswith("。”") for page in pages(sentences))
    clauses = "一段很长而没有句号的文字，" * 100
    assert all(page.endswith("，") for page in pages(clauses))
    family = "👨‍👩‍👧‍👦"
    assert all(set(page.split(family)) == {""} for page in pages(family * 200))
    link = '<a href="https://plan.example.cn/' + "x" * 400 + '">看规划原文</a>'
    assert all(page.count("<a ") == page.count("</a>") for page in pages("字" * 640 + link + "尾" * 300))


def test_replies_that_were_owed_come_first() -> None:
    """Numbers and votes are about the last answer, not about a word in between."""
    first, second = Prepared("一", (Choice("a", "b"),), "a-1"), Prepared("二", (Choice("c", "d"),), "a-2")
    assert joined([first, second]) == Prepared("一\n\n二", second.choices, "a-2")
    thanks = Prepared("谢谢", aside=True)
    assert joined([first, thanks]) == Prepared("一\n\n谢谢", first.choices, "a-1")
    assert joined([thanks]) == thanks


@pytest.mark.parametrize("script", [SIMPLIFIED, TRADITIONAL, ENGLISH])
@pytest.mark.parametrize("kind", list(shipped().kinds))
def test_in_danger_the_numbers_come_first_and_nothing_else_is_said(kind: str, script: str) -> None:
    """Every kind, also beside the longest other one, fits into one message; no link, no number to choose, no vote."""
    for kinds in ([kind], [kind, "domestic_violence"]):
        answer = Replies().acute(kinds, script)
        reply = prepare(answer.text, answer.custom("a-1"))
        page, rest = first_page(reply.text)
        assert page == answer.text and not rest and len(page.encode()) <= MAX_BYTES
        assert answer.hotlines[0].number in page.split("\n")[0]
        assert all(hotline.number in page for hotline in answer.hotlines)
        assert reply == Prepared(answer.text, urgent=True)


def test_soon_after_danger_the_numbers_are_the_reply_too() -> None:
    """With nothing around them."""
    answer = Replies().careful(["fire"], SIMPLIFIED)
    assert prepare(answer.text, answer.custom("a-1")) == Prepared(answer.text, urgent=True)


@pytest.mark.parametrize("many", [1, 300])
def test_the_quiet_line_is_in_the_first_message(composer: Composer, many: int) -> None:
    """At the end, after the choices, which stay numbered; of a long reply at the beginning."""
    plain = composer.out_of_scope()
    plain = dataclasses.replace(plain, text="很长的一句话。" * (many - 1) + plain.text)
    noticed = {"kinds": ["medical"], "script": SIMPLIFIED, "lately": False}
    answer = Replies().beside(plain, noticed)
    before, reply = prepare(plain.text, plain.custom("a")), prepare(answer.text, answer.custom("a"))
    quiet = Replies().quiet_line(["medical"], SIMPLIFIED)
    assert reply.choices == before.choices and not reply.urgent
    assert reply.text == (f"{before.text}\n{quiet}" if many == 1 else f"{quiet}\n{before.text}")
    assert quiet in first_page(reply.text)[0]


def test_danger_comes_before_what_was_owed() -> None:
    """And the numbers on offer are those of the last reply, which is none of an old question's if that is danger."""
    owed, danger = Prepared("一", (Choice("a", "b"),), "a-1"), Prepared("请马上拨打 119", urgent=True)
    assert joined([owed, danger]) == Prepared("请马上拨打 119\n\n一", urgent=True)
    assert joined([danger, owed]) == Prepared("请马上拨打 119\n\n一", owed.choices, "a-1", urgent=True)


def test_a_reply_is_stored_and_read_back() -> None:
    """Through JSON; also what an earlier version stored."""
    reply = Prepared("文", (Choice("题", "问"),), "a-1", aside=True, urgent=True)
    assert Prepared.from_json(reply.as_json()) == reply
    old = {name: value for name, value in Prepared("文").as_json().items() if name != "urgent"}
    assert Prepared.from_json(old) == Prepared("文")


def test_the_welcome_says_what_can_be_asked() -> None:
    """And offers numbers."""
    reply = welcome("《规划》", [Choice("养老床位", "有多少床位"), Choice("托班", "有托班吗")])
    assert "《规划》" in reply.text and "养老、托育、上学、住房" in reply.text
    assert "1. 养老床位\n2. 托班\n回复 1、2 " in reply.text
    assert "1." not in welcome("《规划》", []).text
