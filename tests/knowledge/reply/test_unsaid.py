"""What a question asks for that the passage shown does not hold is said, whatever the question."""

from __future__ import annotations

import pytest

from knowledge.catalogue.commitments import Commitment
from knowledge.document.passages import Passage
from knowledge.language.languages import CHINESE, ENGLISH
from knowledge.language.question import read_question
from knowledge.reply import wording
from knowledge.reply.gazetteer import Gazetteer, Localities
from knowledge.reply.lines import Lines
from knowledge.reply.unsaid import asked_for, asks_the_price, places_asked, unsaid, unsaid_anywhere

PLACES = {"徐泾镇": ("徐泾",), "盈浦街道": ("盈浦",), "朱家角镇": ("朱家角",), "华新镇": ("华新",)}
KNOWN = Gazetteer(PLACES, Localities({"商榻": "other", "张马村": "village"}))


def passage(text: str, heading: str = "") -> Passage:
    """A sentence of the plan under a heading."""
    return Passage(text, 55, 1, "第九章", "第四节", heading, "body", "plan")


def left_open(question: str, *sentences: str, heading: str = "") -> list[tuple[str, str]]:
    """What is not held, as (what, place), in the order in which it is told."""
    shown = [passage(sentence, heading) for sentence in sentences]
    left = unsaid(read_question(question, PLACES), shown, KNOWN)
    return [*(("place", place) for place in left.places), *((what, "") for what in left.what)]


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
        ("怎么申请，要带哪些材料", "加强保障", [("how_to_apply", ""), ("documents", "")]),
        ("商榻有没有养老院", "发展养老院", [("place", "商榻")]),
        ("佳乐苑会不会建公园", "建设公园", [("place", "佳乐苑")]),
        ("庆华新村能装电梯吗", "推进加装电梯", [("place", "庆华新村")]),
        ("盈港路修到几时", "推进道路建设", [("place", "盈港路"), ("date", "")]),
        ("朱家角张马村有没有养老院", "发展养老院", [("place", "朱家角张马村")]),
        ("朱家角张马村有没有养老院", "在朱家角镇发展养老院", [("place", "张马村")]),
        ("托班几点放学，哪个部门管，哪天开", "开设托班", [("hour", ""), ("lead", ""), ("day", "")]),
        ("哪天通车", "到2025年建成", [("day", "")]),
        ("谁负责", "由民政部门负责", []),
        ("谁来照顾我妈", "发展养老院", []),
        ("租金多少", "提供低租金住房", [("price", "")]),
        ("租金贵不贵", "提供低租金住房", []),
        ("补贴给几万", "给予补贴", [("price", "")]),
        ("要招几万人", "扩大招聘", [("number", "")]),
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


def test_of_two_places_both_are_told() -> None:
    """Side by side where neither is a part of the other; of the resident's own nothing where one is named."""
    assert left_open("盈浦和徐泾有没有托班", "开设托班") == [("place", "盈浦"), ("place", "徐泾")]
    assert left_open("盈浦徐泾有没有托班", "在徐泾开设托班") == [("place", "盈浦")]
    assert places_asked(read_question("我们小区在盈浦", PLACES), KNOWN) == ("盈浦",)
    assert places_asked(read_question("我们小区有吗", PLACES), KNOWN, named_only=True) == ()


def test_it_is_one_line_with_the_next_step() -> None:
    """In both languages; nothing where nothing is missing."""
    shown = Commitment("c", "housing", "housing", "action", "托班", "开设托班", passage("开设托班"))
    lines = Lines("规划", (2021, 2025), None, KNOWN)
    asked = read_question("徐泾的托班多少钱", PLACES)
    hotlines = wording.HOTLINES
    assert lines.unsaid(asked, [shown]) == f"规划的这一句没有单独写徐泾，也没有写多少钱。{hotlines.of(CHINESE)}。"
    english = lines.speaking(ENGLISH).unsaid(asked, [shown])
    assert english == (
        "This sentence of the plan does not speak of 徐泾 by itself and does not say what it costs. "
        f"{hotlines.of(ENGLISH)}."
    )
    more = read_question("徐泾和商榻的托班多少钱，几点放学，电话多少", PLACES)
    told = f"规划的这一句没有单独写徐泾、商榻，也没有写多少钱、几点到几点、电话。{hotlines.of(CHINESE)}。"
    assert lines.unsaid(more, [shown]) == told
    assert "does not say what it costs, the hours or the telephone number." in lines.speaking(ENGLISH).unsaid(
        more, [shown]
    )
    assert lines.unsaid(read_question("有托班吗", PLACES), [shown]) == ""


def test_the_price_is_asked_for_in_many_ways() -> None:
    """And a word on money by itself is none."""
    assert all(map(asks_the_price, ("要多少钱", "贵不贵", "一个月几块钱", "收费多少")))
    assert not any(map(asks_the_price, ("养老钱不够", "收费站拆吗", "学费太高有没有人管")))


def test_a_town_is_named_in_english_too() -> None:
    """As it is spelt; held where the plan names it, and no part of another word."""
    asked = read_question("is there childcare in xujing", PLACES)
    assert places_asked(asked, KNOWN) == ("Xujing",)
    assert left_open("is there childcare in xujing", "开设托班") == [("place", "Xujing")]
    assert left_open("is there childcare in xujing", "徐泾镇开设托班") == []
    assert places_asked(read_question("is there childcare anywhere", PLACES), KNOWN) == ()


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("how much is the rent of public rental housing?", ["price"]),
        ("how much does a nursing home cost per month, and who is in charge?", ["price", "lead"]),
        ("how many beds will there be?", ["number"]),
        ("when will the line open and what is the ticket price?", ["date", "price"]),
        ("what time does it open, and where is it?", ["hour", "address"]),
        ("how do i apply and which documents do i need?", ["how_to_apply", "documents"]),
        ("what is the phone number?", ["phone"]),
        ("when does the canteen open and how much is a meal?", ["hour", "price"]),
        ("when will the canteen open?", ["date"]),
        ("how much woodland will there be?", ["number"]),
        ("are there playgrounds?", []),
    ],
)
def test_the_same_is_asked_for_in_english(question: str, expected: list[str]) -> None:
    """By its words, in its order."""
    assert asked_for(question) == expected


def test_what_a_passage_near_a_refusal_gives_is_not_missing_in_the_plan() -> None:
    """A number or a year; an address only where it says where."""
    asked = read_question("养老床位多少张，一个月多少钱，地址在哪里", PLACES)
    assert unsaid_anywhere(asked, [passage("床位增加到 9500 张")], KNOWN) == ("price", "address")
    assert unsaid_anywhere(asked, [passage("各村镇发展养老")], KNOWN) == ("number", "price", "address")
    assert unsaid_anywhere(asked, [passage("在徐泾镇建养老院")], KNOWN) == ("number", "price")
