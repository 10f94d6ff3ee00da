"""Turns that ask nothing but to have the last answer explained or said again, and turns about the plan itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from actions.dialogue.reply import Reply
from actions.dialogue.steps.explained import explained, said_again
from actions.dialogue.steps.meaning import meaning
from actions.dialogue.steps.next_plan import next_plan
from actions.dialogue.steps.of_the_plan import done_by_name, done_by_now
from knowledge.published.progress import Progress
from knowledge.reply import wording
from knowledge.reply.answer import Outcome
from knowledge.reply.compose import Composer
from knowledge.reply.glossary import ExplainedTerm, Glossary
from knowledge.search.known import SILENT
from tests.actions.findings import ALL, BEDS, CARE_BEDS, finding, leaning
from tests.actions.test_steps import cited, first, given, is_silent


@pytest.mark.parametrize("text", ["看不懂", "这句话什么意思", "说人话", "讲简单点", "I don't understand"])
def test_what_is_not_understood_is_explained_and_nothing_registered(text: str) -> None:
    """The line in plain words first, then the passage; without a line that is said; before any answer, how to ask."""
    asked = leaning(text)
    asked.services.search.by_id["c-beds"] = replace(BEDS, plain="养老院要有9500张床。")
    reply = given(explained(asked))
    lines = reply.answer.text.split("\n")
    assert lines[:3] == [
        wording.IN_PLAIN_WORDS.zh,
        wording.PLAIN_WORDS.zh.format(plain="养老院要有9500张床。"),
        f"{BEDS.headline}。",
    ]
    assert cited(reply) == "c-beds" and reply.handoff is None and "大白话" not in "".join(lines[2:])
    assert given(explained(leaning(text))).answer.text.startswith(wording.NOTHING_PLAINER.zh)
    assert given(explained(first(text))).answer.outcome is Outcome.CHAT


@pytest.mark.parametrize("text", ["再说一遍", "听不清", "刚才没听清，请再说一遍", "say it again"])
def test_what_was_not_heard_is_said_again(text: str) -> None:
    """The passage, and nothing registered."""
    reply = given(said_again(leaning(text)))
    assert reply.answer.text.startswith(f"{wording.REPEATED.zh}\n{BEDS.headline}") and reply.handoff is None
    assert given(said_again(first(text))).answer.outcome is Outcome.CHAT


@pytest.mark.parametrize(
    "text", ["喘息服务是什么意思", "听不懂方言的老人怎么办", "老人听不清有没有助听器", "我不懂怎么申请", "养老床位"]
)
def test_a_question_that_holds_such_words_is_a_question(text: str) -> None:
    """Only words that ask for nothing else are taken for it; nor those that somebody gave a label."""
    assert explained(leaning(text)) is None and said_again(leaning(text)) is None
    assert explained(leaning("看不懂", finding("看不懂", BEDS, known_as=SILENT))) is None


@pytest.mark.parametrize(
    "text",
    [
        "这个规划现在做到了没有",
        "十四五规划完成了吗",
        "规划里写的都实现了没有",
        "青浦的规划落实得怎么样",
        "规划完成了多少",
    ],
)
def test_whether_the_plan_was_carried_out_is_not_known_here(text: str) -> None:
    """What is here, for which years, and that nothing is recorded; after an answer too."""
    for asked in (first(text), leaning(text)):
        reply = given(done_by_now(asked))
        assert is_silent(reply) and reply.handoff is None
        for words in ("规划的原文", "2021—2025", "已经结束", "还没有在这里记下进展", "12345"):
            assert words in reply.answer.text


def test_the_plan_is_called_as_its_years_say() -> None:
    """Where a plan until 2030 answers, 「十五五」 is this one, and 「十四五」 is not."""
    until_2030 = Composer("规划", (2026, 2030), "http://x/plan", ALL)

    def asked(text: str) -> Reply | None:
        said = leaning(text)
        return done_by_now(replace(said, services=replace(said.services, composer=until_2030)))

    reply = given(asked("十五五规划完成了吗"))
    assert is_silent(reply) and "2026—2030" in reply.answer.text
    assert asked("十四五规划完成了吗") is None and done_by_now(leaning("十五五规划完成了吗")) is None


def test_how_much_progress_is_recorded_is_told() -> None:
    """How many, and of when the latest is; of the last answer its own."""
    asked = leaning("做到了没有")
    assert wording.NO_PROGRESS.zh.split("；")[1][:10] in given(done_by_now(asked)).answer.text
    composer = Composer("规划", (2021, 2025), "http://x/plan", ALL, Recorded())
    known = replace(asked, services=replace(asked.services, composer=composer))
    reply = given(done_by_now(known))
    assert cited(reply) == "c-beds" and "9000张" in reply.answer.text
    told = composer.plan_done(2026).text
    assert "记下了 1 条公布的进展（最近的是 2026-01-02）" in told


class Recorded:
    """Progress of the beds alone."""

    def current(self) -> dict[str, Progress]:
        """As staff recorded it."""
        return {"c-beds": Progress("c-beds", "under_way", "9000张", date(2026, 1, 2), "区民政局", "http://z")}


@pytest.mark.parametrize("text", ["十五五怎么说", "十五五规划里有什么安排", "有没有新的规划", "下一个五年规划出来了吗"])
def test_the_next_plan_is_not_here(text: str) -> None:
    """Which one is, is said."""
    reply = given(next_plan(leaning(text)))
    assert is_silent(reply) and "十五五" in reply.answer.text and "2021—2025" in reply.answer.text


@pytest.mark.parametrize(
    "text", ["新规划的公园有几个", "到哪一年完成", "目标达到多少", "规划要建多少床位", "养老床位完成了吗"]
)
def test_a_question_on_one_thing_is_not_on_the_plan(text: str) -> None:
    """It is searched for."""
    assert next_plan(leaning(text)) is None and done_by_now(leaning(text)) is None


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("十五五规划里养老怎么说", "养老"),
        ("第十五个五年规划里有没有养老", "养老"),
        ("“十五五”上学怎么安排", "上学"),
        ("十五五养老床位有多少", "养老床位有多少"),
        ("2026年以后养老院还建吗", "养老院还建"),
        ("What does the 15th five-year plan say about nursing homes?", "nursing homes"),
    ],
)
def test_what_this_plan_said_of_it_can_be_asked(text: str, topic: str) -> None:
    """Never shown as the next plan's: one touch away, where it fits."""
    reply = given(next_plan(leaning(text, finding(topic, BEDS, named=2))))
    assert is_silent(reply) and reply.answer.headline == wording.NEXT_PLAN.zh.format(
        document="规划", first=2021, last=2025, next_plan="十五五", hotlines=wording.HOTLINES.zh
    )
    whole = [wording.LIST_PAYLOAD.format(subject="养老")] if topic == "养老" else []
    assert [each.payload for each in reply.answer.related] == [*whole, BEDS.title]
    assert "这一份规划（2021—2025 年）写过的" in reply.answer.text


@pytest.mark.parametrize(
    "text",
    ["2026年的新规划怎么说", "2026年以后怎么办", "规划到期了后来呢", "十四五结束了怎么办", "What happens after 2025?"],
)
def test_after_the_plan_without_a_topic_nothing_is_offered(text: str) -> None:
    """Only that it is not here."""
    reply = given(next_plan(first(text)))
    assert is_silent(reply) and not reply.answer.related


@pytest.mark.parametrize(
    "text", ["2024年以后怎么办", "2020年以后有什么变化", "规划什么时候结束", "美丽家园到2025年起码要几个"]
)
def test_within_the_plan_is_not_after_it(text: str) -> None:
    """A year before its last, and when it ends."""
    assert next_plan(leaning(text)) is None


def test_whether_a_named_thing_was_done_shows_what_was_planned() -> None:
    """By itself, or by the thing that is named; what is somebody's own, and what no plan has, is left to the others."""
    reply = given(done_by_name(first("养老床位完成了吗", finding("养老床位完成了吗", BEDS))))
    assert cited(reply) == "c-beds" and "没有写现在做到了没有" in reply.answer.text
    refused = finding("养老床位通了没有", sure=0.0, silent=0.9)
    by_name = given(done_by_name(first("养老床位通了没有", refused, finding("养老床位", BEDS, named=4))))
    assert cited(by_name) == "c-beds" and by_name.answer.headline.startswith("规划当时写的：")
    assert done_by_name(first("我的养老床位有了吗", finding("我的养老床位有了吗", sure=0.0, silent=0.9))) is None
    assert done_by_name(first("校车开通了没", finding("校车开通了没", sure=0.0, silent=0.9))) is None
    assert done_by_name(first("养老床位有多少", finding("养老床位有多少", BEDS))) is None


def test_what_became_of_it_is_asked_of_the_last_answer() -> None:
    """However short."""
    for text in ("最新进展", "通了没有", "有什么进展", "建好了吗", "现在有了吗"):
        assert is_silent(done_by_now(leaning(text)))
    assert done_by_now(leaning("有没有")) is None


def test_what_a_word_means_is_shown_where_it_stands() -> None:
    """Whatever the search holds for likelier; without the word there is nothing to show."""
    glossary = Glossary((ExplainedTerm("护理型床位", "给要护理的人的床", "某令", ("护理床",)),))
    composer = Composer("规划", (2021, 2025), "http://x/plan", ALL, glossary=glossary)
    share = replace(CARE_BEDS, passage=replace(CARE_BEDS.passage, text="护理型床位占比达到60%。"))
    asked = leaning("护理床是什么意思", finding("护理床是什么意思", BEDS, share))
    reply = given(meaning(replace(asked, services=replace(asked.services, composer=composer))))
    assert cited(reply) == "c-care" and reply.answer.text.startswith("“护理型床位”：给要护理的人的床（工作人员的解释")
    other = leaning("护理床有多少", finding("护理床有多少", BEDS))
    assert meaning(replace(other, services=replace(other.services, composer=composer))) is None
    assert meaning(asked) is None
