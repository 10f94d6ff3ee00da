"""What an English message is answered: the frame in English, the plan's words in Chinese and marked as such."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timezone
from typing import Any

import pytest

from knowledge.catalogue.commitments import Commitment
from knowledge.document.figures import Figure
from knowledge.document.passages import Passage
from knowledge.language.languages import CHINESE, ENGLISH
from knowledge.language.normalise import Understood
from knowledge.language.question import read_question
from knowledge.published.corrections import Pointer
from knowledge.published.progress import Progress
from knowledge.reply import wording
from knowledge.reply.answer import Answer, Outcome
from knowledge.reply.compose import Composer
from knowledge.search.answerability import Probabilities
from knowledge.search.finding import Candidate, Finding
from knowledge.search.known import SILENT

DOCUMENT = "《青浦区“十四五”规划纲要》"


NOTHING_FOUND = Finding(Understood("well"), read_question("well", {}), (), Probabilities(0.0, 0.0), {})


def commitment(identifier: str, headline: str, **changes: Any) -> Commitment:
    """A target on care for the old, on page 55."""
    place = {"chapter": "第九章", "section": "第四节", "heading": "（一）养老", **changes.pop("place", {})}
    passage = Passage(changes.pop("text", f"{headline}。"), 55, 1, kind="body", **place)
    values = {
        "topic": "elderly_care",
        "area": "elderly_care",
        "kind": "target",
        "title": headline[-6:],
        "curated": True,
    }
    return Commitment(id=identifier, headline=headline, passage=passage, **{**values, **changes})


def beds(value: float, year: int) -> Figure:
    """A number of beds."""
    return Figure("床位", value, "张", year, "")


BEDS = commitment(
    "c-beds",
    "到2025年养老床位达到9500张",
    text="持续增加床位，到2025年养老床位达到9500张，护理型床位占比达到60%。",
    figures=(beds(9500.0, 2025),),
    baselines=((0, "c-then", beds(8278.0, 2020)),),
)
CANTEENS = commitment("c-eat", "各镇开设助餐点", kind="action")
GROWTH = commitment(
    "c-gdp",
    "地区生产总值年均增长率",
    text="1地区生产总值年均增长率%预期性8左右",
    kind="indicator",
    figures=(Figure("地区生产总值年均增长率", 8.0, "%", 2025, "左右"),),
    place={"chapter": "第一章 新蓝图", "section": "第十一节", "heading": "主要指标"},
)
ALL = (BEDS, CANTEENS, GROWTH)


@pytest.fixture
def composer() -> Composer:
    """One that speaks English."""
    return Composer(DOCUMENT, (2021, 2025), "http://x/plan", ALL).speaking(ENGLISH)


def finding(text: str, found: Sequence[Commitment] = ALL, **more: Any) -> Finding:
    """The first of `found` is the likeliest by far."""
    candidates = tuple(Candidate(c, share, {}) for c, share in zip(found, (0.9, 0.05, 0.05)))
    guesses = more.pop("guesses", ())
    odds = Probabilities(right=0.9, silent=0.0)
    return Finding(Understood(text, guesses), read_question(text, {}), candidates, odds, {}, **more)


def lines_of(answer: Answer) -> list[str]:
    """Of an English answer."""
    assert answer.language == ENGLISH and answer.custom("a-1")["language"] == "en"
    return answer.text.split("\n")


def test_an_answer_quotes_chinese_in_an_english_frame(composer: Composer) -> None:
    """The plan's words are marked; page, chapter, baseline and period are in English; the headline stays the plan's."""
    answer = composer.answered(finding("How many beds are there?"), today_year=2026)
    assert lines_of(answer) == [
        "The plan says (in Chinese):",
        "到2025年养老床位达到9500张。",
        "In full (in Chinese): “持续增加床位，到2025年养老床位达到9500张，护理型床位占比达到60%。”",
        "In 2020: 床位 8278张",
        f"Source: the plan {DOCUMENT}, chapter 9, section 4, （一）养老, page 55",
        wording.PERIOD_ENDED.of(ENGLISH, first=2021, last=2025),
        "You can also ask (in Chinese):",
        f"1. {CANTEENS.title}",
        f"2. {GROWTH.title}",
    ]
    assert answer.headline == "到2025年养老床位达到9500张" and answer.notice == lines_of(answer)[5]
    assert answer.citations[0].quote == BEDS.quote and answer.facts[0].label == "床位"


def test_a_whole_sentence_is_not_quoted_twice(composer: Composer) -> None:
    """Headline and sentence are the same words."""
    assert lines_of(composer.passage(CANTEENS, today_year=2022))[:2] == [
        "The plan says (in Chinese):",
        "各镇开设助餐点。",
    ]


def test_a_row_of_the_table_is_told_in_english(composer: Composer) -> None:
    """Its cells and what stands beside the number; its name stays Chinese."""
    lines = lines_of(composer.passage(GROWTH, today_year=2022))
    assert lines[0] == "Main indicator “地区生产总值年均增长率”: the target for 2025 is about 8%."
    assert lines[-1].endswith("chapter 1 新蓝图, section 11, 主要指标, page 55")


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("2018 beds", wording.YEAR_DIFFERS.of(ENGLISH, year=2018)),
        ("20,000 beds by 2025", wording.NUMBER_DIFFERS.en),
        ("9,500 beds by 2025", "The plan says (in Chinese):"),
    ],
)
def test_another_year_and_another_number_are_remarked_on(composer: Composer, question: str, line: str) -> None:
    """Before the plan's words."""
    assert lines_of(composer.answered(finding(question), today_year=2022))[0] == line


def test_a_comparison_and_a_guess_are_told_in_english(composer: Composer) -> None:
    """By how much it rises, and what was understood."""
    found = finding("chuangwei zengjia", guesses=(("chuangwei", "床位"),))
    asked = replace(found, question=replace(found.question, asks=frozenset({"comparison"})))
    lines = lines_of(composer.answered(asked, today_year=2022))
    assert lines[0] == "Do you mean “chuangwei zengjia”?"
    assert lines[1] == "Compared, 床位: 8278张 in 2020, target 9500张, up by 1222张 (9500−8278)."


def test_several_questions_are_answered_one_by_one(composer: Composer) -> None:
    """One with its passage, one on which the plan is silent."""
    parts = [("Beds?", finding("Beds?"), True), ("Fees?", finding("Fees?", aspect="fee"), False)]
    lines = lines_of(composer.several(parts, today_year=2026))
    assert lines[:3] == ["You asked 2 things; here they are one by one:", "1. “Beds?”", "The plan says (in Chinese):"]
    assert any(line.startswith(f"The plan {DOCUMENT} does not say what it costs") for line in lines)
    assert lines[-1] == wording.PERIOD_ENDED.of(ENGLISH, first=2021, last=2025)


@pytest.mark.parametrize("aspect", wording.ASPECTS)
def test_what_the_plan_does_not_say_is_named_in_english(composer: Composer, aspect: str) -> None:
    """With 12345, and a pointer of staff as it stands."""
    pointer = Pointer("how", "去街道问", "http://y", date(2027, 1, 1))
    answer = composer.not_in_plan(replace(finding("Well?", aspect=aspect, pointer=pointer), known_as=SILENT))
    lines = lines_of(answer)
    named = wording.ASPECTS[aspect].en
    assert answer.outcome is Outcome.NOT_IN_PLAN and "12345" in lines[0]
    assert aspect == "other_district" or f"does not say {named}" in lines[0]
    assert lines[1].startswith("A pointer from staff") and "去街道问" in lines[1] and answer.notice == lines[1]
    assert lines[2] == wording.NEARBY.en


def test_a_follow_up_that_the_passage_does_not_answer(composer: Composer) -> None:
    """A date, with the plan's period."""
    answer = composer.silent_on(wording.NO_DATE, BEDS)
    assert lines_of(answer)[0].startswith("This passage of the plan gives no date (the plan was for 2021–2025).")


def test_choices_have_an_english_lead_and_ask_in_chinese(composer: Composer) -> None:
    """What is sent when one is chosen is read by the bot."""
    clarified = composer.clarify([BEDS, CANTEENS], all_of="养老")
    assert lines_of(clarified)[0] == clarified.headline == wording.CLARIFY.en
    assert (clarified.related[-1].title, clarified.related[-1].payload) == (
        "All that it says about “养老”",
        "养老方面有哪些安排",
    )
    offered = composer.offer([BEDS, CANTEENS], read_question("beds", {}))
    assert lines_of(offered)[0] == wording.OFFER.en
    assert (offered.related[-1].title, offered.related[-1].payload) == ("None of these", "都不是")
    assert lines_of(composer.clarify([BEDS], wording.DENIED))[0] == wording.DENIED.en
    assert lines_of(composer.clarify_bare(wording.DENIED_BARE))[0] == wording.DENIED_BARE.en


def test_a_list_has_english_places_and_pages(composer: Composer) -> None:
    """Each place once, each item with its page, and how to go on."""
    lines = lines_of(composer.listed("养老", [BEDS, CANTEENS], 3, today_year=2022))
    assert lines == [
        f"This is what the plan {DOCUMENT} says about “养老” (in Chinese):",
        "[chapter 9, section 4, （一）养老]",
        "1. 到2025年养老床位达到9500张 (page 55)",
        "2. 各镇开设助餐点 (page 55)",
        wording.LIST_MORE.of(ENGLISH, count=3),
    ]
    assert lines_of(composer.listed("养老", [BEDS], 0, today_year=2022))[-1] == "This is all."


@pytest.mark.parametrize("kind", wording.CHAT)
def test_small_talk(composer: Composer, kind: str) -> None:
    """Each kind of it."""
    assert lines_of(composer.chat(kind))[0] == wording.CHAT[kind].of(ENGLISH, document=DOCUMENT)


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [("handoff", wording.HANDOFF), ("complaint", wording.COMPLAINT), ("suggestion", wording.SUGGESTION)],
)
def test_what_is_registered(
    composer: Composer, kind: str, sentence: wording.BotSentence, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under its number, with the day by which a reply is expected; where nothing is promised no day is told."""
    at = datetime(2026, 11, 30, 3, tzinfo=timezone.utc)
    answer = composer.registered(kind, "QP261130-ABCDE", at)
    told = sentence.of(ENGLISH, reference="QP261130-ABCDE")
    assert lines_of(answer) == [told, wording.REGISTERED_REPLY.of(ENGLISH, days=5, day="7 December")]
    assert answer.outcome is Outcome.HANDOFF and answer.headline == told
    monkeypatch.setenv("REQUEST_REPLY_DAYS", "0")
    undated = composer.registered(kind, "QP261130-ABCDE", at)
    assert lines_of(undated) == [told, wording.REGISTERED_UNDATED.en]


def test_what_waits_already_keeps_its_number(composer: Composer) -> None:
    """And how it stands can be asked."""
    answer = composer.registered_before("QP261130-ABCDE")
    assert "QP261130-ABCDE" in answer.headline and "how it stands" in answer.text


def test_the_rest_of_what_it_says(composer: Composer) -> None:
    """Out of scope, and listening."""
    assert lines_of(composer.out_of_scope())[0] == wording.OUT_OF_SCOPE.of(ENGLISH, document=DOCUMENT)
    assert lines_of(composer.listening(NOTHING_FOUND)) == [wording.LISTENING.en]


def test_what_was_published_since_is_told_in_english() -> None:
    """The figure as published, its state in English."""

    class Published:
        """Progress on the beds."""

        def current(self) -> dict[str, Progress]:
            """As staff recorded it."""
            return {BEDS.id: Progress(BEDS.id, "under_way", "9000张", date(2026, 1, 2), "区民政局", "http://z")}

    composer = Composer(DOCUMENT, (2021, 2025), "http://x/plan", ALL, Published()).speaking(ENGLISH)
    line = "The plan's target 9500张 · Published since (2026-01-02, source: 区民政局): 9000张, under way　http://z"
    assert line in lines_of(composer.passage(BEDS, today_year=2022))


def test_speaking_changes_no_other_composer(composer: Composer) -> None:
    """Turns in both languages are answered by one process."""
    chinese = composer.speaking(CHINESE)
    assert composer.language == ENGLISH and chinese.language == CHINESE
    assert chinese.passage(CANTEENS, today_year=2022).text.startswith("各镇开设助餐点。\n出处：")
