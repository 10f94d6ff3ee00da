"""Suggestions: questions that this plan can answer, by words, pinyin, initials or a mixture."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.catalogue.commitments import Commitment
from knowledge.groundwork import settings
from knowledge.language.clauses import asks, clauses_of
from knowledge.reply.answer import Outcome
from knowledge.reply.decide import decide
from knowledge.reply.suggest import LIMIT, SuggestionIndex, keep_spellings, kept_spellings, starting_questions
from knowledge.search.finder import Finder


@pytest.fixture(scope="module")
def index(finder: Finder) -> SuggestionIndex:
    """The index of the real plan, as the bot makes it."""
    kept = kept_spellings(settings.built_paths().spellings)
    return SuggestionIndex(finder.stored.commitments, finder.stored.meta["voices"], kept)


def test_the_build_has_spelt_every_question_that_is_offered(finder: Finder) -> None:
    """A bot that starts spells none of them; what it would spell is the same."""
    kept = kept_spellings(settings.built_paths().spellings)
    anew = SuggestionIndex(finder.stored.commitments, finder.stored.meta["voices"]).spellings()
    assert kept == anew and len(kept) > 10_000 and kept["养老床位"] == "'yang'lao'chuang'wei"


def test_without_kept_spellings_each_is_spelt(commitments: tuple[Commitment, ...], tmp_path: Path) -> None:
    """No file, or one that is none of ours, costs time at the start and nothing else; a text that is not kept is spelt."""
    few = commitments[:100]
    index = SuggestionIndex(few)
    path = tmp_path / "spellings.json"
    assert kept_spellings(path) == {}
    path.write_text("[]", encoding="utf-8")
    assert kept_spellings(path) == {}
    keep_spellings(index, path)
    kept = kept_spellings(path)
    kept.popitem()
    assert SuggestionIndex(few, spelt=kept).spellings() == index.spellings() != kept


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("养老床", "养老床位"),
        ("ylcw", "养老床位"),
        ("yanglaochuangwei", "养老床位"),
        ("yanglaoc", "养老床位"),
        ("养lao床", "养老床位"),
        ("YANG LAO", "养老"),
        ("養老床位", "养老床位"),
        ("gzf", "公租房"),
        ("课后服务", "课后服务"),
        ("kehou", "课后"),
        ("5G", "5G"),
        ("2025年养老院", "养老院"),
    ],
)
def test_what_is_typed_finds_questions_with_it(index: SuggestionIndex, typed: str, word: str) -> None:
    """However it is typed."""
    found = [s.question for s in index.suggest(typed)]
    assert 0 < len(found) <= LIMIT
    assert any(word in question for question in found), found


@pytest.mark.parametrize("typed", ["", " ", "？！", "a", "zzzzzz", "ggggggggggggg", "<script>", "😀"])
def test_what_fits_nothing_gets_nothing(index: SuggestionIndex, typed: str) -> None:
    """No suggestion is better than a wrong one."""
    assert index.suggest(typed) == []


def test_each_suggestion_is_of_another_commitment(index: SuggestionIndex) -> None:
    """Five ways to ask the same are no choice."""
    found = index.suggest("养老")
    assert len(found) == LIMIT and len({s.commitment_id for s in found}) == LIMIT
    assert len({s.question for s in found}) == LIMIT


def test_an_endless_query_is_cut(index: SuggestionIndex) -> None:
    """Only its beginning is looked at."""
    assert index.suggest("养老床位" + "哈" * 10000) == index.suggest("养老床位" + "哈" * 36)


def test_suggested_questions_are_answered_by_the_plan(index: SuggestionIndex, finder: Finder) -> None:
    """The first suggestions for everyday words get an answer, not a refusal."""
    words = ["养老", "托育", "上学", "住房", "公租房", "电梯", "看病", "公交", "停车", "就业", "社区", "地铁"]
    asked = [s.question for word in words for s in index.suggest(word)]
    refused = [q for q in asked if decide(finder.find(q), may_clarify=False).outcome is not Outcome.ANSWERED]
    assert len(asked) >= 40 and len(refused) <= len(asked) * 0.05, refused


def test_what_is_suggested_is_asked_in_one_breath(index: SuggestionIndex) -> None:
    """No heading, no fragment, no story, wherever the catalogue has a question to show instead."""
    words = ["养老", "医院", "老人", "公园", "租房", "电梯", "学校", "停车", "垃圾", "幼儿园"]
    asked = [s.question for word in words for s in index.suggest(word)]
    assert len(asked) >= 40 and all(len(clauses_of(q)) == 1 and asks(q) for q in asked), asked


def test_the_first_questions_are_answered_by_the_plan(finder: Finder, commitments: tuple[Commitment, ...]) -> None:
    """Every one that a resident without a question is offered."""
    offered = starting_questions(commitments, settings.STARTING_QUESTIONS, 6)
    assert len(offered) == 6
    assert all(SuggestionIndex(commitments).commitment_of(question) for question in offered)
    for question in offered:
        assert decide(finder.find(question), may_clarify=False).outcome is Outcome.ANSWERED, question


def test_another_district_offers_its_catalogues_questions(commitments: tuple[Commitment, ...], tmp_path: Path) -> None:
    """The four topics take turns; a plan without a catalogue offers none."""
    offered = starting_questions(commitments, tmp_path / "none.yml", 6)
    topics = [next(c.topic for c in commitments if question in c.questions) for question in offered]
    assert topics[:4] == ["elderly_care", "childcare", "schooling", "housing"] and len(offered) == 6
    assert starting_questions([c for c in commitments if not c.curated], tmp_path / "none.yml", 6) == []
    few = [c for c in commitments if c.topic == "housing"]
    ours = starting_questions(few, settings.STARTING_QUESTIONS, 6)  # what its commitments do not answer is not offered
    assert ours and all(any(question in c.questions for c in few) for question in ours)


def test_messages_of_others_are_not_suggested(index: SuggestionIndex, finder: Finder) -> None:
    """They are found by, not offered: they hold slips and stories."""
    voices = set(finder.stored.meta["voices"])
    found = {s.question for typed in ("养老", "托班", "公租房", "地铁", "看病") for s in index.suggest(typed)}
    assert voices and found and not voices & found
