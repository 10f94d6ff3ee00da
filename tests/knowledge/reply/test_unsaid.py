"""What a question asks for that the passage shown does not hold is said, whatever the question."""

from __future__ import annotations

import pytest

from knowledge.catalogue.commitments import Commitment
from knowledge.document.passages import Passage
from knowledge.language.languages import CHINESE, ENGLISH
from knowledge.language.question import read_question
from knowledge.reply import wording
from knowledge.reply.lines import Lines
from knowledge.reply.unsaid import asks_the_price, places_asked, unsaid

PLACES = {"徐泾镇": ("徐泾",), "盈浦街道": ("盈浦",)}


def passage(text: str, heading: str = "") -> Passage:
    """A sentence of the plan under a heading."""
    return Passage(text, 55, 1, "第九章", "第四节", heading, "body", "plan")


def left_open(question: str, *sentences: str, heading: str = "") -> list[tuple[str, str]]:
    """What is not held, as (what, place)."""
    shown = [passage(sentence, heading) for sentence in sentences]
    return [(each.what, each.place) for each in unsaid(read_question(question, PLACES), shown, PLACES)]


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("徐泾有没有托班", "鼓励幼儿园开设托班", [("place", "徐泾")]),
        ("徐泾镇有没有托班", "在 徐泾开设托班", []),
        ("我家住盈港新村，能装电梯吗", "推进加装电梯", [("place", "盈港新村")]),
        ("我们小区能装电梯吗", "推进加装电梯", [("place", "您的小区")]),
        ("老旧小区能装电梯吗", "推进加装电梯", []),
        ("动迁小区能装电梯吗", "推进加装电梯", []),
        ("养老院一个月多少钱", "床位增加到 9500 张", [("price", "")]),
        ("托班学费贵不贵", "鼓励开设托班", [("price", "")]),
        ("托班要钱吗", "提供免费托班", []),
        ("租金一个月多少钱", "租金不高于 800 元", []),
        ("物业乱收费怎么办", "加强物业监管", []),
        ("什么时候能住进去", "加快建设养老院", [("date", "")]),
        ("什么时候能住进去", "到2025年建成", []),
        ("中心几点开门，电话是多少", "建设社区中心", [("hour", ""), ("phone", "")]),
        ("中心什么时候开门", "建设社区中心", [("hour", "")]),
        ("要造几家养老院", "鼓励发展养老院", [("number", "")]),
        ("要引进几所大学", "引进一所高水平高校", []),
        ("具体是哪几个", "鼓励发展养老院", []),
        ("等了多少年都没电梯，以后会装吗", "推进加装电梯", []),
        ("设在哪里", "建设安宁疗护中心", [("address", "")]),
        ("设在哪里", "在新城南片区建设中心", []),
        ("怎么申请，要带哪些材料", "加强保障", [("how_to_apply", "")]),
        ("徐泾的养老院多少钱", "发展养老院", [("place", "徐泾"), ("price", "")]),
        ("有没有托班", "鼓励幼儿园开设托班", []),
    ],
)
def test_what_is_asked_for_and_missing(question: str, sentence: str, expected: list[tuple[str, str]]) -> None:
    """By the words of both; what is not asked for is not said to be missing."""
    assert left_open(question, sentence) == expected


def test_what_another_passage_shown_holds_is_not_missing() -> None:
    """Nor what the heading names under which it stands."""
    assert left_open("徐泾什么时候有托班", "开设托班", "到2025年徐泾建成") == []
    assert left_open("徐泾有没有托班", "开设托班", heading="（一）徐泾镇") == []


def test_of_two_places_the_first_is_told() -> None:
    """One line that can be read."""
    assert left_open("盈浦和徐泾有没有托班", "开设托班") == [("place", "徐泾")]
    assert places_asked(read_question("盈浦有吗", PLACES), PLACES) == ["盈浦"]


def test_it_is_one_line_with_the_next_step() -> None:
    """In both languages; nothing where nothing is missing."""
    shown = Commitment("c", "housing", "housing", "action", "托班", "开设托班", passage("开设托班"))
    lines = Lines("规划", (2021, 2025), None, PLACES)
    asked = read_question("徐泾的托班多少钱", PLACES)
    hotlines = wording.HOTLINES
    assert lines.unsaid(asked, [shown]) == f"规划的这一句没有单独写徐泾，也没有写多少钱。{hotlines.of(CHINESE)}。"
    english = lines.speaking(ENGLISH).unsaid(asked, [shown])
    assert english == (
        "This sentence of the plan does not speak of 徐泾 by itself and does not say what it costs. "
        f"{hotlines.of(ENGLISH)}."
    )
    assert lines.unsaid(read_question("有托班吗", PLACES), [shown]) == ""


def test_the_price_is_asked_for_in_many_ways() -> None:
    """And a word on money by itself is none."""
    assert all(map(asks_the_price, ("要多少钱", "贵不贵", "一个月几块钱", "收费多少")))
    assert not any(map(asks_the_price, ("养老钱不够", "收费站拆吗", "学费太高有没有人管")))


def test_a_town_is_named_in_english_too() -> None:
    """As it is spelt; held where the plan names it, and no part of another word."""
    asked = read_question("is there childcare in xujing", PLACES)
    assert places_asked(asked, PLACES) == ["Xujing"]
    assert left_open("is there childcare in xujing", "开设托班") == [("place", "Xujing")]
    assert left_open("is there childcare in xujing", "徐泾镇开设托班") == []
    assert places_asked(read_question("is there childcare anywhere", PLACES), PLACES) == []
