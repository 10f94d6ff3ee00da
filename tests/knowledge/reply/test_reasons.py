"""A refusal names no reason that the question does not ask for."""

from __future__ import annotations

import pytest

from knowledge.groundwork import settings
from knowledge.groundwork.curated_yaml import load_mapping
from knowledge.reply import wording
from knowledge.reply.reasons import WHAT_OF, is_asked_for

LEAST = 0.8  # of the labelled questions of an aspect that have a word which asks for it


@pytest.mark.parametrize(
    ("aspect", "question"),
    [
        ("person_in_charge", "校车"),
        ("how_to_apply", "中考怎么改"),
        ("how_to_apply", "高中怎么分"),
        ("address", "我家对口哪个小学"),
        ("fee", "有没有校车"),
        ("phone", "养老院有几家"),
    ],
)
def test_a_guess_that_no_word_asks_for_is_not_named(aspect: str, question: str) -> None:
    """However near it comes to questions that do ask so."""
    assert not is_asked_for(aspect, question)


def test_what_people_ask_for_is_named() -> None:
    """Of the questions that are labelled with an aspect nearly all have a word that asks for it."""
    groups = load_mapping(settings.TRAINING / "not_in_plan.yml")[0]["groups"]
    for aspect in {group["aspect"] for group in groups if group.get("aspect")}:
        asked = [text for group in groups if group.get("aspect") == aspect for text in group["questions"]]
        assert sum(is_asked_for(aspect, text) for text in asked) >= LEAST * len(asked), aspect


def test_names_of_aspects_and_of_what_is_asked_for_exist() -> None:
    """Both are said in words of `wording.py`."""
    assert set(WHAT_OF) <= set(wording.ASPECTS)
    assert {what for same in WHAT_OF.values() for what in same} <= set(wording.UNSAID)
