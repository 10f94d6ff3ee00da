"""Whether a question asks if something was done, and of what; what is to come, and how much is to be reached, is no such thing."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.language.question import read_question
from knowledge.published.progress import Progress
from knowledge.reply import wording
from knowledge.reply.compose import Composer
from knowledge.reply.gazetteer import Gazetteer
from knowledge.reply.whether_done import asked_whether_done, asks_whether_done
from tests.actions.findings import BEDS, CANTEENS, PLACES, THEN, finding

COMPOSER = Composer("规划", (2021, 2025), "http://x/plan", (BEDS, CANTEENS, THEN), gazetteer=Gazetteer(PLACES))


@pytest.mark.parametrize(
    ("text", "of"),
    [
        ("9500张床做到了没有", "9500张床"),
        ("托育全覆盖实现了没", "托育全覆盖"),
        ("17号线西延伸通了没有", "17号线西延伸"),
        ("9500张床现在有了吗", "9500张床"),
        ("养老床位到底增加到9500张了吗？", "养老床位"),
        ("公租房有没有建成", "公租房"),
        ("加装电梯推进得怎么样", "加装电梯"),
        ("绿道的最新进展怎么样", "绿道"),
        ("课后服务都开展了吗", "课后服务"),
        ("美丽家园完成情况", "美丽家园"),
    ],
)
def test_of_what_it_is_asked(text: str, of: str) -> None:
    """What stands before the words that ask it."""
    assert asks_whether_done(text) and asked_whether_done(text) == of


@pytest.mark.parametrize(
    "text",
    [
        "Was the 9500 beds target achieved?",
        "Has line 17 been extended to the west?",
        "Have the new parks been built yet",
        "Is the children's hospital open yet?",
        "Did the district reach the target for nursing beds?",
        "What is the latest progress on greenways?",
    ],
)
def test_in_english(text: str) -> None:
    """By the whole question."""
    assert asks_whether_done(text)


@pytest.mark.parametrize(
    "text",
    [
        "养老床位要多少",
        "床位目标达到多少",
        "养老院以后能多一点吗",
        "2号线快通到青浦了吗",
        "以后就不用排队了吗",
        "我妈八十了有没有人管",
        "有没有养老院",
        "What will be achieved by 2025?",
        "How many beds will there be by 2025?",
        "Are there beds for people with dementia?",
    ],
)
def test_what_asks_for_something_else(text: str) -> None:
    """The plan's own answer is meant."""
    assert not asks_whether_done(text)


def test_a_target_is_never_shown_as_if_it_were_reached() -> None:
    """First that the plan does not say it, then the target as what it was, with its page; of a review nothing is added."""
    answer = COMPOSER.answered(finding("养老床位做到了没有", BEDS), today_year=2026)
    lines = answer.text.split("\n")
    assert "没有写现在做到了没有" in lines[0] and "12345" in lines[0]
    assert lines[1] == f"规划当时写的：{BEDS.headline}。" and answer.headline == lines[1].rstrip("。")
    assert any("第55页" in line for line in lines) and answer.citations[0].quote == BEDS.quote
    plain = COMPOSER.answered(finding("养老床位有多少", BEDS), today_year=2026)
    assert plain.headline == BEDS.headline
    review = COMPOSER.passage(THEN, asked=read_question("养老床位有了吗", PLACES), today_year=2026)
    assert wording.AIM.zh.split("{")[0] not in review.text


class Published:
    """Progress of the beds."""

    def current(self) -> dict[str, Progress]:
        """As staff recorded it."""
        return {BEDS.id: Progress("c-beds", "reached", "9600张", date(2026, 1, 2), "区民政局", "http://z")}


def test_what_staff_recorded_stands_below_the_target() -> None:
    """And it is said that it does, instead of that there is nothing."""
    composer = Composer("规划", (2021, 2025), "http://x/plan", (BEDS,), Published(), gazetteer=Gazetteer(PLACES))
    lines = composer.answered(finding("养老床位做到了没有", BEDS), today_year=2026).text.split("\n")
    assert lines[0] == wording.PROGRESS_BELOW.zh.format(first=2021, last=2025)
    assert any("9600张" in line for line in lines[1:]) and "还没有在这里记下" not in "".join(lines)
