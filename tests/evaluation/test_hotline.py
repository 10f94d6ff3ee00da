"""Hotline messages: what counts as right."""

from __future__ import annotations

import re

import pytest

from evaluation.hotline import HotlineMessage, load_messages, report_of, verdict
from knowledge.document.plan_text import squash
from knowledge.groundwork import settings
from knowledge.reply import wording
from knowledge.reply.answer import Answer, Citation, Outcome

ASKS_ONE = HotlineMessage("h", "story", "床位多少", (("床位9500张", "床位总数"),))
ASKS_TWO = HotlineMessage("h", "double", "床位多少？公园几座？", (("床位9500张",), ("30座公园",)))
ASKS_NOTHING = HotlineMessage("h", "near_miss", "2018年几张", ((),))


def answered(*quotes: str, text: str = "") -> Answer:
    """An answer with these passages."""
    cited = tuple(Citation("c", quote, "", "", "", 1, "", "") for quote in quotes)
    return Answer(text, Outcome.ANSWERED, "", citations=cited)


@pytest.mark.parametrize(
    ("message", "answer", "expected"),
    [
        (ASKS_ONE, answered("到时床位 9500 张"), "right"),
        (ASKS_ONE, answered("公园", "床位9500张"), "beside"),
        (ASKS_ONE, answered("公园"), "wrong"),
        (ASKS_ONE, Answer("", Outcome.NOT_IN_PLAN, ""), "refused"),
        (ASKS_ONE, Answer("", Outcome.CLARIFY, ""), "offered"),
        (ASKS_TWO, answered("床位9500张"), "half"),
        (ASKS_TWO, answered("床位9500张", "30座公园"), "right"),
        (ASKS_NOTHING, answered("床位9500张"), "wrong"),
        (ASKS_NOTHING, answered("床位", text=wording.YEAR_DIFFERS.zh.format(year=2018)), "right"),
        (ASKS_NOTHING, Answer("", Outcome.OUT_OF_SCOPE, ""), "right"),
    ],
)
def test_a_verdict_is_by_the_passage_that_comes_first(message: HotlineMessage, answer: Answer, expected: str) -> None:
    """And of two questions by both."""
    assert verdict(message, answer) == expected


def test_truthfulness_counts_a_wrong_passage_against_a_right_one() -> None:
    """Two right, one wrong, one refused: 0.25."""
    verdicts = [(ASKS_ONE, each) for each in ("right", "right", "wrong", "refused")]
    assert report_of(verdicts)[-1].endswith(" 0.250")


def test_every_run_of_the_set_stands_in_the_plan() -> None:
    """Whoever wrote it judged by the plan alone."""
    plan = squash(settings.PLAN.read_text(encoding="utf-8"))
    plan = re.sub(r"-\d+-", "", plan)
    runs = {run for m in load_messages() for runs in (*m.answers, (m.corrected_by,)) for run in runs if run}
    assert len(load_messages()) == 260
    assert {run for run in runs if run not in plan} == set()
