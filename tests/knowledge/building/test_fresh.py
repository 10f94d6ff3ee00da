"""Which commitments answer a fresh question, and what a plan makes of questions that were asked of another one."""

from __future__ import annotations

from knowledge.building.fitting import answering
from knowledge.catalogue.entries import load_catalogue
from knowledge.catalogue.written_dialogues import (
    QUESTIONS,
    TRAINING,
    FreshQuestion,
    WrittenTurn,
    fresh_questions,
    load_dialogues,
    load_turns,
)
from knowledge.groundwork import settings
from knowledge.language.question import same_words

PLAN = ["养老床位 9500 张。", "养老床位 9500 张。", "建设托育点。"]


def test_every_sentence_that_holds_a_run_answers() -> None:
    """Whatever the blanks; none where the plan is silent, and nothing is known where a run is nowhere."""
    asked = [
        FreshQuestion("床位多少", ("床位9500张",)),
        FreshQuestion("小囡没人带", ("托育点", "床位9500张")),
        FreshQuestion("多少钱", ()),
        FreshQuestion("老早的话", ("改过的一句",)),
    ]
    assert answering(PLAN, asked) == [frozenset({0, 1}), frozenset({0, 1, 2}), frozenset(), None]


def test_questions_asked_of_another_plan_say_nothing_of_this_one() -> None:
    """Not even that it is silent on those on which the other was."""
    asked = [FreshQuestion("床位多少", ("床位9500张",)), *(FreshQuestion(f"问{n}", (f"别处{n}",)) for n in range(2))]
    assert answering(PLAN, [*asked, FreshQuestion("多少钱", ())]) == [None] * 4


def test_what_leans_or_asks_twice_is_not_fresh() -> None:
    """Nor what tells; the same words count once."""
    turns = (
        WrittenTurn("床位多少", "question", answers=("床位",)),
        WrittenTurn("那托班呢", "question", leans=True, whole="托班多少"),
        WrittenTurn("床位和托班", "question", answers=("床位",), also=(("托",),)),
        WrittenTurn("我八十了", "tell"),
        WrittenTurn("床位多少", "question", answers=("床位",)),
    )
    assert fresh_questions(turns) == [FreshQuestion("床位多少", ("床位",))]


def test_no_fresh_question_is_a_sample() -> None:
    """They would judge themselves: a signal that knows their words is sure of them."""
    samples = {same_words(q) for entry in load_catalogue(settings.CATALOGUE) for q in entry.samples}
    turns = [*load_turns(QUESTIONS), *(turn for dialogue in load_dialogues(TRAINING) for turn in dialogue.turns)]
    asked = {same_words(each.text) for each in fresh_questions(turns)}
    assert len(asked & samples) <= len(asked) // 50, sorted(asked & samples)
