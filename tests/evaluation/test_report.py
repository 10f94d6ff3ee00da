"""Scores, simpler systems and the report, on a handful of real questions."""

from __future__ import annotations

import json

import pytest

from evaluation.explaining import calibration_points, explain
from evaluation.questions import DEV, EvaluationQuestion, load_questions
from evaluation.report import Evaluation, render_report
from evaluation.retrievers import Returned, ranking_retrievers
from evaluation.scoring import Scored, as_custom, calibration, confusion, judge, summary
from knowledge.search.finder import Finder


@pytest.fixture(scope="module")
def questions() -> list[EvaluationQuestion]:
    """Forty of the development set, answerable and not."""
    return load_questions(DEV)[::5][:40]


@pytest.fixture(scope="module")
def scored(finder: Finder, questions: list[EvaluationQuestion]) -> dict[str, list[Scored]]:
    """Each retriever's scores."""
    found = {}
    for retriever in ranking_retrievers(finder, questions):
        found[retriever.name] = [judge(q, as_custom(retriever.find(q.question))) for q in questions]
    return found


def test_a_refusal_is_right_where_the_plan_is_silent() -> None:
    """Either kind of refusal, and never where the plan answers."""
    silent = EvaluationQuestion("a", "not_in_plan", None, "x", (), "not_in_plan", ())
    answered = EvaluationQuestion("b", "fact", "housing", "x", (), "answered", ("公共租赁住房",))
    refusal = as_custom(Returned((), 0.0, refused=True))
    assert judge(silent, refusal).right and judge(silent, {**refusal, "outcome": "out_of_scope"}).right
    assert not judge(answered, refusal).right


def test_calibration_error_by_hand() -> None:
    """Two bins: 0.95 predicted of which half are right, 0.25 predicted of which none is."""
    figures = calibration([(0.95, True), (0.95, False), (0.25, False), (0.25, False)])
    assert figures["expected_calibration_error"] == pytest.approx((2 * 0.45 + 2 * 0.25) / 4)
    assert [row["n"] for row in figures["bins"]] == [2, 2]


def test_fusion_and_its_parts_are_told_apart(scored: dict[str, list[Scored]]) -> None:
    """Three systems that do not return the same, each with a threshold that refuses something but not everything."""
    assert len(scored) == 3
    outcomes = {tuple(s.custom["headline"] for s in each) for each in scored.values()}
    assert len(outcomes) == 3
    for each in scored.values():
        assert 0 < sum(s.custom["outcome"] == "answered" for s in each) < len(each)


def test_the_report_shows_every_miss_and_escapes_it(
    finder: Finder, questions: list[EvaluationQuestion], scored: dict[str, list[Scored]]
) -> None:
    """Misses with their reasons, all systems, a plot; JSON says the same."""
    ours = next(iter(scored.values()))
    hostile = EvaluationQuestion(
        "h", "fact", "other", "<script>alert(1)</script>绿道", (), "answered", ("绿道200公里",)
    )
    asked = [*questions, hostile]
    ours = [*ours, Scored(hostile, as_custom(Returned((), 0.0, refused=True)), False, False)]
    explanations = [explain(finder, question) for question in asked]
    evaluation = Evaluation(
        "dev",
        1.0,
        {name: summary(each) for name, each in scored.items()},
        confusion(ours),
        calibration(calibration_points(asked, explanations)),
        ours,
        explanations,
    )
    page, data = render_report(evaluation), evaluation.as_json()
    misses = [s.question.id for s in ours if not s.right]
    assert misses and [miss["id"] for miss in data["misses"]] == misses
    assert all(identifier in page for identifier in misses) and all(name in page for name in scored)
    assert "<svg" in page and "<script>alert" not in page
    json.dumps(data)
