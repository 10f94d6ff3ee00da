"""What the rules see, sentence by sentence."""

from __future__ import annotations

import pytest

from danger.errors import DangerError
from danger.forms import Message
from danger.rules import Rules

DATA = {
    "format": 1,
    "groups": {"child": ["孩子", "宝宝"], "gone": ["不见了"], "past": ["去年"]},
    "kinds": {
        "missing_person": {
            "sure": ["<child> & <gone>", "走丢了呀"],
            "likely": ["找不到"],
            "sure_english": ["is missing"],
        },
        "fire": {"sure": ["闻到<child>"]},
    },
    "calm": ["<past>"],
    "calm_english": ["last year"],
}


@pytest.fixture
def rules() -> Rules:
    """A few rules."""
    return Rules(DATA)


def test_all_words_of_a_rule_stand_in_one_sentence(rules: Rules) -> None:
    """In any order, and in the next clause too; not at the two ends of a story."""
    assert rules.read(Message("孩子不见了")).sure == ("missing_person",)
    assert rules.read(Message("不见了，我家宝宝")).sure == ("missing_person",)
    assert rules.read(Message("孩子在家，吃饭，睡觉，钥匙不见了")).sure == ()
    assert rules.read(Message("闻到宝宝")).sure == ("fire",)


def test_what_is_calm_counts_beside_it_only(rules: Rules) -> None:
    """A past that is told of something else takes nothing away."""
    assert not rules.read(Message("去年孩子不见了")).is_danger
    assert rules.read(Message("去年搬来的，住三楼，今天早上，孩子不见了")).is_danger


def test_a_long_phrase_is_heard_as_well(rules: Rules) -> None:
    """By its sound, in letters or in other characters."""
    assert rules.read(Message("zou diu le ya")).is_danger
    assert rules.read(Message("走丢乐呀")).is_danger


def test_english_phrases_are_whole_words(rules: Rules) -> None:
    """And have calm words of their own."""
    assert rules.read(Message("My son is missing!")).is_danger
    assert not rules.read(Message("This is missingness")).sure
    assert not rules.read(Message("The book is missing since last year")).is_danger


def test_likely_words_alone_are_no_danger(rules: Rules) -> None:
    """They are weighed by the classifier."""
    seen = rules.read(Message("找不到路"))
    assert seen.likely == ("missing_person",) and not seen.is_danger


@pytest.mark.parametrize(
    ("change", "words"), [({"format": 2}, "format"), ({"kinds": {"fire": {"sure": ["<nobody>"]}}}, "nobody")]
)
def test_a_faulty_file_is_refused(change: dict[str, object], words: str) -> None:
    """With what is wrong in it."""
    with pytest.raises(DangerError, match=words):
        Rules({**DATA, **change})
