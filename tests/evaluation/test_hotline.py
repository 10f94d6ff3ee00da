"""Hotline messages: what counts as right."""

from __future__ import annotations

import re

import pytest

from evaluation.hotline import HotlineMessage, load_messages, report_of, verdict
from evaluation.truthfulness import ShownReply
from knowledge.document.plan_text import squash
from knowledge.groundwork import settings
from knowledge.reply import wording
from knowledge.reply.answer import Outcome

ASKS_ONE = HotlineMessage("h", "story", "床位多少", (("床位9500张", "床位总数"),))
ASKS_TWO = HotlineMessage("h", "double", "床位多少？公园几座？", (("床位9500张",), ("30座公园",)))
ASKS_NOTHING = HotlineMessage("h", "near_miss", "2018年几张", ((),))


def answered(*quotes: str, text: str = "") -> ShownReply:
    """An answer with these passages."""
    return ShownReply(Outcome.ANSWERED, tuple(map(squash, quotes)), text=text)


def offered(*quotes: str) -> ShownReply:
    """A choice among these passages."""
    return ShownReply(Outcome.CLARIFY, offered=quotes)


@pytest.mark.parametrize(
    ("message", "shown", "expected"),
    [
        (ASKS_ONE, answered("到时床位 9500 张"), "right"),
        (ASKS_ONE, answered("公园", "床位9500张"), "beside"),
        (ASKS_ONE, answered("公园"), "wrong"),
        (ASKS_ONE, ShownReply(Outcome.NOT_IN_PLAN), "missed"),
        (ASKS_ONE, ShownReply(Outcome.CHAT), "other"),
        (ASKS_ONE, offered("公园", "床位9500张"), "offered"),
        (ASKS_ONE, offered("公园"), "other"),
        (ASKS_TWO, answered("床位9500张"), "half"),
        (ASKS_TWO, answered("床位9500张", "30座公园"), "right"),
        (ASKS_NOTHING, answered("床位9500张"), "wrong"),
        (ASKS_NOTHING, answered("床位", text=wording.YEAR_DIFFERS.zh.format(year=2018)), "right"),
        (ASKS_NOTHING, ShownReply(Outcome.OUT_OF_SCOPE), "refused"),
        (ASKS_NOTHING, offered("床位9500张"), "other"),
    ],
)
def test_a_verdict_is_by_the_passage_that_comes_first(
    message: HotlineMessage, shown: ShownReply, expected: str
) -> None:
    """And of two questions by both."""
    assert verdict(message, shown) == expected


def test_truthfulness_counts_a_wrong_passage_against_a_right_one() -> None:
    """Two right, one wrong, one refused that is answered: 0.25."""
    verdicts = [(ASKS_ONE, each) for each in ("right", "right", "wrong", "missed")]
    assert report_of(verdicts)[-1].endswith(" 0.250")


def test_every_run_of_the_set_stands_in_the_plan() -> None:
    """Whoever wrote it judged by the plan alone."""
    plan = squash(settings.PLAN.read_text(encoding="utf-8"))
    plan = re.sub(r"-\d+-", "", plan)
    runs = {run for m in load_messages() for runs in (*m.answers, (m.corrected_by,)) for run in runs if run}
    assert len(load_messages()) == 260
    assert {run for run in runs if run not in plan} == set()
