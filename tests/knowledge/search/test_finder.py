"""What comes first for a question, beyond what the ranking's weights say."""

from __future__ import annotations

import pytest

from knowledge.language.question import amount_asked_of
from knowledge.reply.answer import Outcome
from knowledge.reply.decide import decide
from knowledge.search.finder import Finder


def test_a_sample_question_reaches_its_commitment(finder: Finder) -> None:
    """Asked in the catalogue's own words, nothing is guessed: its commitment answers."""
    asked = [(c, c.questions[-1]) for c in finder.stored.commitments if c.questions][::9]
    wrong = []
    for commitment, question in asked:
        finding = finder.find(question)
        if (
            finding.candidates[0].commitment.quote != commitment.quote
            or decide(finding).outcome is not Outcome.ANSWERED
        ):
            wrong.append((question, finding.candidates[0].commitment.title))
    assert len(asked) > 100
    assert len(wrong) <= len(asked) // 50, wrong  # the same words may stand for two commitments


@pytest.mark.parametrize("question", ["公租房", "以后公租房还造吗"])
def test_the_promise_comes_before_the_review(finder: Finder, question: str) -> None:
    """A bare name, or a question for what is to come, is answered by what the plan promises."""
    assert finder.find(question).candidates[0].commitment.kind != "baseline"


def test_the_past_is_answered_by_the_review(finder: Finder) -> None:
    """Asked how it was, the review of the last five years answers."""
    first = finder.find("十三五期间公租房筹措了多少套").candidates[0].commitment
    assert first.kind == "baseline" and "2905" in first.quote.replace(" ", "")


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("认知障碍的床位要有多少", "认知障碍床位"),
        ("养老床位到2025年要有多少张", "养老床位"),
        ("公租房原来有多少套", "公租房"),
        ("养老院收费多少", "养老院收费"),
        ("怎么申请公租房", ""),
    ],
)
def test_the_amount_of_a_name(question: str, name: str) -> None:
    """A name and how much of it, whatever stands between; other questions ask for something else."""
    assert amount_asked_of(question) == name


@pytest.mark.parametrize("question", ["养老床位要有多少", "认知障碍的床位要有多少", "公租房原来有多少"])
def test_an_amount_that_the_plan_gives_is_answered(finder: Finder, question: str) -> None:
    """A name of the catalogue and its amount, where the first passage has one, is never refused."""
    finding = finder.find(question)
    assert decide(finding).outcome is Outcome.ANSWERED and finding.candidates[0].commitment.figures


@pytest.mark.parametrize(("word", "outcome"), [("电梯", Outcome.ANSWERED), ("补贴", Outcome.NOT_IN_PLAN)])
def test_a_bare_word_is_answered_where_a_passage_is_called_so(finder: Finder, word: str, outcome: Outcome) -> None:
    """A word that asks for nothing gets the passage; one that asks for what no plan gives does not."""
    assert decide(finder.find(word)).outcome is outcome


@pytest.mark.parametrize(
    "question", ["松江的养老院床位要有多少张", "请问嘉定到2025年新建几座公园", "那苏州的托班多不多"]
)
def test_the_figure_of_another_district_is_never_ours(finder: Finder, question: str) -> None:
    """However well it fits a sentence of this plan."""
    finding = finder.find(question)
    assert (finding.silence, finding.aspect) == (pytest.approx(0.98, abs=0.02), "other_district")


def test_who_names_another_district_may_ask_of_this_one(finder: Finder) -> None:
    """Where somebody lives or works is not what is asked about."""
    finding = finder.find("我女儿在嘉善上班，到2025年养老院床位有多少张")
    assert finding.silence < 0.5 and finding.candidates[0].commitment.title == "养老机构床位总数"
