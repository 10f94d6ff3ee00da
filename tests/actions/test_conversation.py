"""What a conversation is about, on its way through the slot and through the turns."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest

from actions.dialogue.conversation import (
    EARLIER_KEPT,
    ENDS_AFTER_S,
    SHOWN_KEPT,
    TOLD_KEPT,
    Conversation,
    EarlierSubject,
)
from knowledge.language.question import read_question
from tests.actions.findings import ABOUT_BEDS, PLACES

FULL = Conversation(
    commitment_id="c-rent",
    topic="housing",
    question="公租房怎么弄",
    shown=("c-beds", "c-rent"),
    clarified=True,
    subject="住房",
    listed=("c-1", "c-2"),
    at=1000.5,
    place="徐泾镇",
    aspect="past",
    earlier=(EarlierSubject("c-beds", "养老床位有多少"), EarlierSubject("c-eat", "助餐点呢")),
    told=("我妈八十了", "一个人住"),
    offered=("公租房", "廉租房", "都不是"),
    denied=("c-7",),
    unclear="房子的事",
    noticed=True,
    language="en",
    registered="QP261129-ABCDE",
    said="规划里没有写这一点。",
    outcome="not_in_plan",
    refused="夜校在哪里",
)


def through_slot(conversation: Conversation) -> Conversation:
    """As Rasa keeps it between two turns: JSON."""
    return Conversation.from_slot(json.loads(json.dumps(conversation.as_slot(), ensure_ascii=False)))


def test_everything_travels_through_the_slot() -> None:
    """No field is lost, and none is left at its default here."""
    assert all(getattr(FULL, field.name) != getattr(Conversation(), field.name) for field in fields(Conversation))
    assert through_slot(FULL) == FULL and through_slot(Conversation()) == Conversation()


@pytest.mark.parametrize("slot", [None, "x", 3, [], {}, {"shown": None, "earlier": None, "told": None}])
def test_what_is_no_context_is_an_empty_one(slot: object) -> None:
    """Also the slot of a version that kept less."""
    assert Conversation.from_slot(slot) == Conversation()


def test_ten_minutes_of_silence_erase_all_of_it() -> None:
    """A story, choices and earlier subjects no less than the subject."""
    assert FULL.unless_silent_since(FULL.at + ENDS_AFTER_S) == FULL
    assert FULL.unless_silent_since(FULL.at + ENDS_AFTER_S + 0.1) == Conversation()


def test_an_answer_makes_the_last_subject_an_earlier_one() -> None:
    """The last first, each once, at most five; the subject itself is none of them."""
    talked = Conversation()
    for number in [*range(EARLIER_KEPT + 2), 3]:
        talked = talked.about(f"c-{number}", "housing", f"问{number}", same=False)
    assert talked.commitment_id == "c-3"
    assert [each.commitment_id for each in talked.earlier] == ["c-6", "c-5", "c-4", "c-2", "c-1"]
    assert talked.earlier[0].question == "问6"


def test_an_answer_ends_what_waited_for_it() -> None:
    """The story was for this question; choices, denials and what was unclear are done with."""
    after = FULL.about("c-new", "housing", "新问题", same=False)
    assert (after.told, after.offered, after.denied, after.unclear, after.clarified) == ((), (), (), "", False)
    assert (after.place, after.aspect, after.shown, after.listed) == ("", "", ("c-new",), ())
    same = FULL.about("c-new", "housing", "新问题", same=True)
    assert (same.place, same.aspect, same.shown) == ("徐泾镇", "past", ("c-beds", "c-rent", "c-new"))


def test_only_the_last_that_was_shown_and_told_is_kept() -> None:
    """What is shown twice stands once; a story has an end."""
    shown = ABOUT_BEDS
    for number in [*range(SHOWN_KEPT + 3), SHOWN_KEPT]:
        shown = shown.about(f"c-{number}", "housing", "", same=True)
    assert len(shown.shown) == SHOWN_KEPT == len(set(shown.shown)) and "c-beds" not in shown.shown
    told = ABOUT_BEDS
    for number in range(TOLD_KEPT + 1):
        told = told.hearing(f"说{number}")
    assert told.told == ("说1", "说2", "说3") and told.commitment_id == "c-beds"


def test_a_denial_keeps_what_was_not_meant() -> None:
    """Where nothing was answered, there is nothing to deny."""
    assert FULL.denying().denied == ("c-7", "c-rent") and FULL.denying().commitment_id == "c-rent"
    assert Conversation().denying() == Conversation()


def test_what_was_unclear_waits_for_one_turn() -> None:
    """A turn that answers nothing ends it, and keeps the subject and the story."""
    asked = replace(ABOUT_BEDS, told=("我妈八十了",)).after_clarification("床的事")
    assert asked.clarified and asked.unclear == "床的事"
    after = asked.after_other()
    assert not after.clarified and not after.unclear
    assert (after.commitment_id, after.told) == ("c-beds", ("我妈八十了",))


def test_a_question_names_place_and_aspect_and_leaves_what_it_does_not_name() -> None:
    """For 「那公租房呢」, which asks the same."""
    asked = ABOUT_BEDS.asking(read_question("徐泾原来有多少", PLACES))
    assert (asked.place, asked.aspect) == ("徐泾镇", "past")
    assert asked.asking(read_question("公租房", PLACES)) == asked
