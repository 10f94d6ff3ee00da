"""Where a resident goes on stands under an answer and a refusal of the plan, before what is offered last."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge.published.corrections import NextStep
from knowledge.reply import wording
from knowledge.reply.answer import Answer, Citation, Outcome, Related, ServiceLink
from knowledge.reply.next_steps import with_next_steps

EVERYWHERE = NextStep("随申办", "https://a.example/")
ELDERLY = NextStep("养老服务", "https://b.example/", "elderly_care")
BEDS = NextStep("入住养老院", "https://c.example/", "c-beds")
ALL = (EVERYWHERE, ELDERLY, BEDS)
CITED = Citation("c-beds", "床。", "", "", "", 55, "规划", "")
OFFERED = "您还可以问：\n1. 原来呢\n2. 多少钱"
ANSWER = Answer(
    f"要点。\n出处\n{OFFERED}",
    Outcome.ANSWERED,
    "要点",
    "elderly_care",
    citations=(CITED,),
    related=(Related("原来呢", "原来呢"), Related("多少钱", "多少钱")),
)


def names(answer: Answer) -> list[str]:
    """Of its links."""
    return [link.name for link in with_next_steps(answer, ALL).next_steps]


def test_the_lines_stand_before_what_can_be_asked_next() -> None:
    """The commitment's own link in place of its topic's, and the one of every answer."""
    told = with_next_steps(ANSWER, ALL)
    lines = "下一步：入住养老院 https://c.example/\n下一步：随申办 https://a.example/"
    assert told.text == f"要点。\n出处\n{lines}\n{OFFERED}"
    assert told.next_steps == (
        ServiceLink("入住养老院", "https://c.example/"),
        ServiceLink("随申办", "https://a.example/"),
    )
    assert told.custom("a-1")["next_steps"][0] == {"name": "入住养老院", "url": "https://c.example/"}
    english = with_next_steps(replace(ANSWER, language="en"), ALL)
    assert "\nNext step: 随申办 https://a.example/\n" in english.text


def test_a_topic_s_link_where_no_commitment_has_one() -> None:
    """Also under a refusal, whose text ends with it; the same address is shown once."""
    silent = Answer("没有写。", Outcome.NOT_IN_PLAN, "没有写", "elderly_care")
    assert with_next_steps(silent, ALL).text.endswith(
        "没有写。\n下一步：养老服务 https://b.example/\n下一步：随申办 https://a.example/"
    )
    assert names(replace(silent, topic=None)) == ["随申办"]
    assert names(replace(silent, topic="housing")) == ["随申办"]
    twice = (*ALL, replace(EVERYWHERE, name="再一次"))
    assert len(with_next_steps(silent, twice).next_steps) == 2


def test_the_citys_app_can_be_opened_where_an_answer_sends_residents_there() -> None:
    """Beside a topic's link; not where staff gave one for all answers, nor where the app is not named."""
    sent = Answer(f"没有写。{wording.HOTLINES.zh}。", Outcome.NOT_IN_PLAN, "没有写", "elderly_care")
    told = with_next_steps(sent, (ELDERLY,), "https://city.example")
    assert [link.url for link in told.next_steps] == ["https://b.example/", "https://city.example"]
    assert told.text.endswith("\n下一步：随申办 https://city.example")
    assert [link.url for link in with_next_steps(sent, ALL, "https://city.example").next_steps][-1] == EVERYWHERE.url
    assert with_next_steps(ANSWER, (), "https://city.example") is ANSWER
    assert with_next_steps(replace(sent, outcome=Outcome.DANGER), (), "https://city.example").next_steps == ()


@pytest.mark.parametrize("outcome", [o for o in Outcome if o not in (Outcome.ANSWERED, Outcome.NOT_IN_PLAN)])
def test_nothing_else_is_touched(outcome: Outcome) -> None:
    """Danger above all: only numbers and what to do."""
    other = replace(ANSWER, outcome=outcome)
    assert with_next_steps(other, ALL) is other
    assert with_next_steps(ANSWER, ()) is ANSWER
