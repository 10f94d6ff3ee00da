"""On a button stands what anybody would ask: no table, no riddle, no story, no dialect, and nothing far from the question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from knowledge.catalogue.commitments import Commitment
from knowledge.reply.compose import Composer
from knowledge.reply.plain_questions import is_plain, oddness, plainest
from knowledge.search.finding import Candidate, Finding
from tests.actions.findings import BEDS, CANTEENS, RENTING, commitment, finding

JARGON = [
    "主要指标里社区养老设施建筑面积是多少",
    "体育场地那项指标的单位和数是多少",
    "蓝绿空间占比的目标是多少",
    "指标表里执业医师数定的是几个",
    "保障性住房适配性是指什么方向",
    "1+1+N的N代表啥",
    "什么叫发展型的社会救助",
    "养老院公建民营是怎么说的",
    "宅基地是哪三种权分开",
    "双室联动是哪两个室",
    "强校工程是什么安排",
]
PLAIN = [
    "到2025年养老院一共要有多少张床",
    "幼儿园有没有托班",
    "公租房以后会多一点吗",
    "老小区停车难怎么办",
    "宅基地能不能转让",
    "5G信号什么时候全覆盖",
    "17号线有多长",
    "每个镇都有托育吗",
]


@pytest.mark.parametrize("question", JARGON)
def test_official_words_are_odd(question: str) -> None:
    """However short."""
    assert not is_plain(question)


@pytest.mark.parametrize("question", PLAIN)
def test_what_anybody_asks_is_plain(question: str) -> None:
    """With numbers and names in it too."""
    assert oddness(question) == 0


def test_the_plainest_comes_first() -> None:
    """Dialect and a story before officials' words; among equals the first."""
    assert plainest(["指标是多少", "床够伐", "我妈八十了，床够吗", "床位有多少", "床够不够"]) == "床位有多少"
    assert plainest(["指标是多少", "床够伐"]) == "床够伐" and plainest([]) == ""


def near(text: str, *found: tuple[Commitment, Mapping[str, float]]) -> Finding:
    """A finding whose candidates are as near to the question as told."""
    candidates = tuple(Candidate(c, 0.9 / (1 + 9 * at), signals) for at, (c, signals) in enumerate(found))
    return replace(finding(text, *(c for c, _ in found)), candidates=candidates)


MEALS = replace(CANTEENS, questions=("助餐点指标是多少", "家附近有没有老人食堂"))
TABLE = replace(RENTING, id="c-table", topic="elderly_care", area="elderly_care", questions=("指标表那一项是多少",))
LIKE = {"topic": 1.0, "sample_projected": 0.55, "headline_projected": 0.5}
FAR = {"topic": 1.0, "sample_projected": 0.5, "headline_projected": 0.2}
OTHER = {"topic": 0.0, "sample_projected": 0.6, "headline_projected": 0.5}
FARTHER = replace(BEDS, passage=replace(BEDS.passage, heading="（九）别处"))
ELSEWHERE = Composer("规划", None, "http://x", (FARTHER, MEALS, TABLE, RENTING))
COMPOSER = Composer("规划", None, "http://x", (BEDS, MEALS, TABLE, RENTING))


def test_after_an_answer_the_same_person_would_ask_it() -> None:
    """Of its topic and like the question, or called by its words; what can only be asked in officials' words is left out."""
    for signals, offered in ((LIKE, True), (FAR, False), ({**FAR, "term_named": 3.0}, True)):
        found = near("养老床位有多少", (FARTHER, LIKE), (MEALS, signals), (TABLE, LIKE))
        titles = [each.title for each in ELSEWHERE.answered(found, today_year=2024).related]
        assert titles == (["家附近有没有老人食堂"] if offered else [])
    elsewhere = near("养老床位有多少", (FARTHER, LIKE), (RENTING, OTHER))
    assert not ELSEWHERE.answered(elsewhere, today_year=2024).related


def test_where_nothing_found_is_near_the_heading_is_looked_at() -> None:
    """What stands beside the passage in the plan, in plain words."""
    found = near("养老床位有多少", (BEDS, LIKE), (RENTING, OTHER))
    assert [each.title for each in COMPOSER.answered(found, today_year=2024).related] == ["家附近有没有老人食堂"]


def test_beside_a_refusal_stands_what_the_question_names() -> None:
    """A pair of its characters, or far more alike; else nothing."""
    club = commitment("c-club", "办好老年大学", title="老年大学", questions=("老年大学会多起来吗",))
    composer = Composer("规划", None, "http://x", (club,))
    for text, offered in (("老年大学几点开门", True), ("国画班怎么报名", False)):
        assert bool(composer.not_in_plan(near(text, (club, LIKE))).related) is offered
    much = {**LIKE, "sample_projected": 0.7}
    assert composer.not_in_plan(near("国画班怎么报名", (club, much))).related
