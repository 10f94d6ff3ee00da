"""The question sets: true to the plan, and never seen in training."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from evaluation.questions import DEV, FROZEN, EvaluationQuestion, load_questions
from evaluation.scoring import judge, summary
from knowledge.catalogue.entries import load_catalogue
from knowledge.catalogue.linked import load_linked
from knowledge.catalogue.training_data import GROUPED, grouped_questions, nlu_examples
from knowledge.document.plan_text import read_plan, squash
from knowledge.groundwork import settings
from knowledge.language.question import letters_of
from knowledge.reply.answer import Outcome
from knowledge.reply.decide import decide
from knowledge.search.finder import Finder

SETS = [path for path in (FROZEN, DEV) if path.exists()]


@pytest.fixture(scope="module", params=SETS, ids=lambda path: path.stem)
def questions(request: pytest.FixtureRequest) -> list[EvaluationQuestion]:
    """Each question set that the repository holds."""
    return load_questions(request.param)


@pytest.fixture(scope="module")
def learned() -> set[str]:
    """The letters of every text that anything is trained on; reading all of them takes seconds."""
    found = {q for entry in load_catalogue(settings.CATALOGUE) for q in entry.questions}
    found |= {e.text for e in nlu_examples(Path("data/nlu"))}
    found |= {q.text for name in GROUPED for q in grouped_questions(settings.TRAINING / name)}
    found |= {question for entry in load_linked(settings.LINKED) for question in entry.questions}
    return {letters_of(text) for text in found}


@pytest.mark.slow  # reads all training data
def test_no_question_stands_in_training_data(questions: list[EvaluationQuestion], learned: set[str]) -> None:
    """What is measured was never learned; greetings of a word or two are everybody's."""
    single = [q for q in questions if not q.before and q.kind != "chat"]
    assert len(learned) > 10_000 and {letters_of(q.question) for q in single} & learned == set()


def test_every_expectation_stands_in_the_plan(questions: list[EvaluationQuestion]) -> None:
    """An expected run of text is the plan's, and ids are unique."""
    plan = squash(re.sub(r"(?m)^\s*-\s*\d+\s*-\s*$", "", read_plan(settings.PLAN)))
    assert [run for q in questions for run in q.expect if squash(run) not in plan] == []
    assert len({q.id for q in questions}) == len(questions)
    assert all(bool(q.expect) == (q.outcome == "answered") for q in questions)


def test_the_right_passage_comes_first_often_enough(finder: Finder, questions: list[EvaluationQuestion]) -> None:
    """At least 85 % of unseen single questions, and 90 % of the refusals: what is reached (docs/quality.md) less a margin."""
    single = [q for q in questions if not q.before and q.outcome in ("answered", "not_in_plan", "out_of_scope")]
    scored = []
    for question in single:
        finding = finder.find(question.question[:1000])
        outcome = decide(finding).outcome
        citations = [{"quote": finding.candidates[0].commitment.quote}] if outcome is Outcome.ANSWERED else []
        scored.append(judge(question, {"outcome": outcome.value, "citations": citations, "topic": None}))
    figures = summary(scored)
    assert figures["answered_right_first"]["share"] >= 0.85, figures
    assert figures["refused_rightly"]["share"] >= 0.90, figures


def test_judging_takes_no_near_miss() -> None:
    """A right passage in second place, or an answer where a refusal was due, is not right."""
    question = EvaluationQuestion("x", "fact", "elderly_care", "q", (), "answered", ("喘息服务",))
    wrong_first = {"outcome": "answered", "citations": [{"quote": "其他"}, {"quote": "发展“喘 息服务”"}], "topic": None}
    assert not judge(question, wrong_first).right and judge(question, wrong_first).right_in_three
    silent = EvaluationQuestion("y", "not_in_plan", "housing", "q", (), "not_in_plan", ())
    assert not judge(silent, wrong_first).right
    assert judge(silent, {"outcome": "out_of_scope", "citations": [], "topic": None}).right
