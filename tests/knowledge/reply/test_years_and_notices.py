"""A number never stands without its year, the plan's period is told in full once, and what is offered is a question."""

from __future__ import annotations

from dataclasses import replace

from knowledge.document.figures import Figure
from knowledge.language.languages import ENGLISH
from knowledge.language.question import read_question
from knowledge.published.corrections import Fixed, LiveCorrections
from knowledge.reply import wording
from knowledge.reply.compose import Composer
from knowledge.reply.gazetteer import Gazetteer
from knowledge.search.known import SILENT
from tests.actions.findings import BEDS, CANTEENS, CARE_BEDS, PLACES, RENTING, THEN, finding

OLD = Figure("床位", 8278.0, "张", 2020, "")
TARGET = replace(BEDS, baselines=((0, "c-then", OLD),))
REVIEW = replace(THEN, figures=(OLD,))
SHARE = replace(CARE_BEDS, figures=(Figure("护理型床位占比", 60.0, "%", 2025, ""),))
ASKING = replace(CANTEENS, questions=("助餐点现状", "我妈腿脚不好，在哪里吃饭", "家附近有没有老人食堂"))
COMPOSER = Composer(
    "规划", (2021, 2025), "http://x/plan", (TARGET, SHARE, REVIEW, ASKING, RENTING), gazetteer=Gazetteer(PLACES)
)
OVER = wording.PERIOD_ENDED.zh.format(first=2021, last=2025)


def told(composer: Composer, commitment: object, question: str = "一共有几张") -> list[str]:
    """The lines of the answer to a question."""
    asked = read_question(question, PLACES)
    return composer.passage(commitment, asked=asked, today_year=2026).text.split("\n")  # type: ignore[arg-type]


def test_a_figure_of_then_has_its_year_and_what_it_is_to_become() -> None:
    """Whichever of the two is found, both are told, each with its year."""
    then = told(COMPOSER, REVIEW)
    assert "这是到 2020 年为止的数字。" in then
    assert "规划的目标：到 2025 年，床位 9500张（第55页）。" in then
    target = told(COMPOSER, TARGET)
    assert target[0] == "到2025年养老床位达到9500张。" and "2020年：床位 8278张" in target


def test_whoever_names_a_year_gets_that_year() -> None:
    """No target beside the figure of 2020 that was asked for."""
    assert not [line for line in told(COMPOSER, REVIEW, "2020年有几张") if "9500" in line]


def test_a_target_whose_clause_names_no_year_has_it_beside() -> None:
    """And one that names it has it once; in English too."""
    assert "这是到 2025 年的目标。" in told(COMPOSER, SHARE)
    assert not [line for line in told(COMPOSER, TARGET) if line.startswith("这是到")]
    assert "This is the target for 2025." in told(COMPOSER.speaking(ENGLISH), SHARE)


def test_that_the_period_is_over_is_told_in_full_once() -> None:
    """In short from then on, of several answers in one reply as well; a reply without it tells nothing."""
    first = COMPOSER.passage(TARGET, today_year=2026)
    assert COMPOSER.tells_of_period(first) and first.text.endswith(OVER)
    later = COMPOSER.speaking(noticed=True)
    again = later.passage(TARGET, today_year=2026)
    assert again.notice == wording.PERIOD_ENDED_AGAIN.zh and not later.tells_of_period(again)
    parts = [("床位？", finding("床位", TARGET), True), ("助餐？", finding("助餐", ASKING), True)]
    for composer, line in ((COMPOSER, OVER), (later, wording.PERIOD_ENDED_AGAIN.zh)):
        both = composer.several(parts, today_year=2026)
        assert both.text.count(line) == 1 and both.text.endswith(line) and both.notice == line
    assert not COMPOSER.tells_of_period(COMPOSER.chat("thanks"))


def test_what_is_offered_is_a_question_that_a_person_asks() -> None:
    """The first sample question that asks and fits a button; what it says is what it asks; staff's own title comes first."""
    (offered,) = COMPOSER.clarify([ASKING]).related
    assert (offered.title, offered.payload) == ("家附近有没有老人食堂", "家附近有没有老人食堂")
    named = Fixed(LiveCorrections(titles={ASKING.id: "老年食堂"}))
    titled = Composer("规划", None, "http://x", (ASKING,), corrections=named).clarify([ASKING]).related[0]
    assert (titled.title, titled.payload) == ("老年食堂", "家附近有没有老人食堂")
    (bare,) = COMPOSER.clarify([RENTING]).related
    assert bare.title == RENTING.title


def test_who_asks_for_the_next_plan_is_told_which_one_this_is() -> None:
    """Before what this one says of the same thing."""
    told = COMPOSER.answered(finding("十五五床位有多少", TARGET), today_year=2026).text.split("\n")
    assert (
        told[0] == wording.OTHER_PLAN.zh.format(document="规划", next_plan="十五五")
        and told[1] == "到2025年养老床位达到9500张。"
    )


def test_readings_are_offered_as_questions() -> None:
    """In the plan's words only where nobody wrote a question."""
    offered = COMPOSER.offer([ASKING, RENTING], read_question("哪里吃饭", PLACES))
    assert [each.title for each in offered.related] == ["家附近有没有老人食堂", RENTING.headline, "都不是"]


def test_a_refusal_names_the_place_that_was_asked_for() -> None:
    """And all else that its words ask for; what is only guessed to be asked for where they do."""
    found = finding("徐泾有没有夜校", ASKING)
    assert "没有单独写徐泾的这件事，我" in COMPOSER.not_in_plan(found).headline
    assert "没有单独写徐泾的这件事，我" in COMPOSER.not_in_plan(replace(found, aspect="how_to_apply")).headline
    labelled = replace(found, aspect="how_to_apply", known_as=SILENT)
    assert "没有单独写徐泾的这件事，也没有写怎么申请办理，我" in COMPOSER.not_in_plan(labelled).headline
    several = finding("徐泾夜校谁负责，几点开门，多少钱", ASKING)
    assert "没有单独写徐泾的这件事，也没有写由谁负责、几点到几点、多少钱，我" in COMPOSER.not_in_plan(several).headline
    assert "没有单独写徐泾的这件事，也没有写电话，我" in COMPOSER.not_in_plan(found, "phone").headline


def test_what_choices_leave_open_is_said_before_them() -> None:
    """Unless one of them holds it; a bare word's readings too."""
    offered = COMPOSER.offer([ASKING, RENTING], read_question("徐泾吃饭多少钱", PLACES))
    told = offered.text.splitlines()
    assert told[0].startswith("规划在下面这几处没有单独写徐泾，也没有写多少钱。") and "12345" in told[0]
    assert told[1] == offered.headline == wording.OFFER.zh
    assert COMPOSER.clarify([ASKING, RENTING], question=read_question("徐泾", PLACES)).text.startswith(
        "规划在下面这几处"
    )
    assert COMPOSER.clarify([ASKING, RENTING]).text.startswith(wording.CLARIFY.zh)
    there = replace(RENTING, passage=replace(RENTING.passage, text="在徐泾建租赁住房。"))
    some = COMPOSER.offer([there, ASKING], read_question("徐泾有什么", PLACES)).text.splitlines()
    assert some[0].startswith("下面第 2 条，规划没有单独写徐泾。") and some[1] == wording.OFFER.zh


def test_a_refusal_offers_nothing_that_is_far_from_the_question() -> None:
    """What is hardly likely among what was found is no next question."""
    found = finding("办证电话", ASKING, RENTING, THEN, sure=0.97)
    assert [related.payload for related in COMPOSER.not_in_plan(found).related] == ["家附近有没有老人食堂"]


def test_a_headline_of_then_never_stands_without_its_year() -> None:
    """In the text, as a field and in plain words; a review without numbers too; the quote stays the plan's."""
    plain = replace(REVIEW, plain="那时有8278张。")
    answer = COMPOSER.passage(plain, today_year=2026)
    assert answer.headline == "到2020年：养老床位达8278张" and answer.citations[0].quote == REVIEW.quote
    assert answer.text.split("\n")[:2] == [
        "到2020年：养老床位达8278张。",
        "大白话（说的是 2020 年）：那时有8278张。（工作人员的解释，不是规划的话）",
    ]
    review = replace(THEN, headline="养老保险基本全覆盖", figures=())
    assert COMPOSER.passage(review, today_year=2026).headline == "到2020年：养老保险基本全覆盖"
    dated = replace(THEN, headline="2019年床位达8278张")
    assert COMPOSER.passage(dated, today_year=2026).headline == dated.headline


def test_a_row_of_the_table_has_a_headline_in_words() -> None:
    """Its name, year, number and unit; a target in words has no unit behind it."""
    row = replace(THEN, kind="indicator", headline="森林覆盖率", figures=(Figure("森林覆盖率", 19.0, "%", 2025, ""),))
    answer = COMPOSER.passage(row, today_year=2026)
    assert answer.headline == "主要指标“森林覆盖率”：2025年目标 19%" and answer.text.startswith(f"{answer.headline}。")
    words = replace(row, figures=(Figure("人均经费", "保持领先水平", "元", 2025, ""),))
    shown = COMPOSER.passage(words, today_year=2026)
    assert shown.headline == "主要指标“人均经费”：2025年目标 保持领先水平"
    assert (shown.facts[0].value, shown.facts[0].unit) == ("保持领先水平", "")
    counted = replace(row, figures=(Figure("中心总数", "64（其中研究中心 4）", "家", 2025, ""),))
    assert COMPOSER.passage(counted, today_year=2026).headline.endswith("64家（其中研究中心 4）")
