"""「一共有几张」 and nothing more: the figure of then and the target, each with its year, and never a refusal of what was shown."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from actions.dialogue.conversation import Conversation
from actions.dialogue.entries import CERTAIN
from actions.dialogue.leaning import Leaning
from actions.dialogue.steps.counted import counted
from knowledge.document.figures import Figure
from knowledge.reply import wording
from knowledge.reply.answer import Outcome
from knowledge.reply.compose import Composer
from tests.actions.findings import ABOUT_BEDS, BEDS, CANTEENS, CARE_BEDS, THEN, finding, leaning
from tests.actions.test_steps import NO_SUBJECT, cited, given, is_silent

OLD = Figure("床位", 8278.0, "张", 2020, "")
LINKED = replace(BEDS, baselines=((0, "c-then", OLD),))
SHARE = replace(CARE_BEDS, figures=(Figure("护理型床位占比", 60.0, "%", 2025, ""),))


def with_numbers(text: str, before: Conversation = ABOUT_BEDS, *others: object) -> Leaning:
    """Words after an answer on beds, whose target is linked to what there was."""
    asked = leaning(text, before=before)
    asked.services.search.by_id.update({"c-beds": LINKED, "c-care": SHARE, "c-then": replace(THEN, figures=(OLD,))})
    asked.services.search.by_id.update({each.id: each for each in others})  # type: ignore[attr-defined]
    return asked


@pytest.mark.parametrize(
    "text",
    [
        "一共有几张",
        "到底几张",
        "总数是多少",
        "总共几张",
        "几张啊",
        "多少张",
        "那一共多少个",
        "一共几张床",
        "床位一共有多少",
        "合计呢",
        "那具体数字是多少",
        "How many in total?",
    ],
)
def test_both_figures_are_told_each_with_its_year(text: str) -> None:
    """Of a target what there was, however the number is asked for."""
    reply = given(counted(with_numbers(text)))
    assert cited(reply) == "c-beds" and reply.conversation.commitment_id == "c-beds"
    assert "到2025年养老床位达到9500张" in reply.answer.text
    assert "2020" in reply.answer.text and "8278张" in reply.answer.text
    (told,) = reply.answer.facts
    assert (told.year, told.baseline and told.baseline.year) == (2025, 2020)


def test_after_the_figure_of_then_the_target_shows_both() -> None:
    """The figure alone where it has become no target: its year in front, the plan's own words as they are quoted."""
    about_then = replace(ABOUT_BEDS, commitment_id="c-then")
    linked = with_numbers("一共有几张", about_then)
    composer = Composer("规划", (2021, 2025), "http://x/plan", tuple(linked.services.search.by_id.values()))
    both = given(counted(replace(linked, services=replace(linked.services, composer=composer))))
    assert cited(both) == "c-beds" and "2020年：床位 8278张" in both.answer.text
    answer = given(counted(linked)).answer
    assert answer.headline == f"到2020年：{THEN.headline}" and answer.text.startswith(answer.headline)
    assert answer.citations[0].quote == THEN.quote


def test_whoever_asks_of_now_is_told_that_there_is_no_such_figure() -> None:
    """Before what was then; a question of how many without 「现在」 has no such line."""
    line = wording.NO_FIGURE_OF_NOW.zh
    now = given(counted(with_numbers("那现在有几张")))
    assert cited(now) == "c-then" and now.answer.text.startswith(f"{line}\n到2020年：")
    assert line not in given(counted(with_numbers("一共有几张"))).answer.text


def test_another_clause_of_the_sentence_that_counts_so_is_shown() -> None:
    """Where several do, they are offered; where none does, it is said."""
    about_share = replace(ABOUT_BEDS, commitment_id="c-care")
    assert cited(counted(with_numbers("一共有几张", about_share))) == "c-beds"
    dementia = replace(
        BEDS,
        id="c-dementia",
        headline="认知障碍床位不少于550张",
        figures=(Figure("认知障碍床位", 550.0, "张", 2025, ""),),
    )
    offered = given(counted(with_numbers("一共有几张", about_share, dementia))).answer
    assert offered.outcome is Outcome.CLARIFY and len(offered.related) == 2
    assert is_silent(counted(with_numbers("一共几公里", about_share)))


@pytest.mark.parametrize(
    "text",
    ["公租房一共有几套", "2020年一共有几张", "原来一共有几张", "一共有几张，在哪里", "要几年", "到几月", "要多少钱"],
)
def test_what_asks_for_something_else_is_left(text: str) -> None:
    """Another thing, a year, another time, a second question."""
    assert counted(with_numbers(text)) is None


def test_of_a_refusal_it_is_refused_and_before_any_answer_left() -> None:
    """By what is missing: the number."""
    refused = leaning("一共几个", finding("徐泾有没有夜校", CANTEENS), before=Conversation(refused="徐泾有没有夜校"))
    answer = given(counted(refused)).answer
    assert answer.outcome is Outcome.NOT_IN_PLAN and {"徐泾", "具体数字"} <= {
        *re.findall("徐泾|具体数字", answer.headline)
    }
    assert counted(leaning("一共几个", before=NO_SUBJECT)) is None
    assert counted in CERTAIN
