"""What a turn may be understood as: readings that come to one reply are one option, and what speaks for each."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.dialogue import acts
from actions.dialogue.conversation import Conversation
from actions.dialogue.leaning import Leaning
from actions.dialogue.options import MAX_ODDS, Option, Reading, log_odds, options_of
from actions.dialogue.reply import Reply
from actions.dialogue.showing import decided, passage
from actions.dialogue.steps.heard import heard
from actions.dialogue.steps.more import more
from actions.dialogue.steps.request import request
from actions.dialogue.steps.small_talk import small_talk
from knowledge.search.finding import Finding
from tests.actions.findings import (
    ABOUT_BEDS,
    ALIKE,
    BEDS,
    CANTEENS,
    CARE_BEDS,
    LEANS,
    RENTING,
    finding,
    leaning,
)


def read_as(asked: Leaning, **findings: Finding) -> list[Option]:
    """Reading → what is found for it; each is weighed."""
    return options_of(asked, [Reading(name, decided(asked, found)) for name, found in findings.items()])


def test_readings_that_show_one_sentence_are_one_option_with_the_evidence_of_both() -> None:
    """Each says how sure its own search was, and the surest counts once more for all."""
    asked = leaning("那公租房呢")
    found = read_as(
        asked,
        next_alone=finding("公租房", RENTING, sure=0.6),
        joined=finding("养老床位公租房", RENTING, CANTEENS, sure=0.95),
        with_question=finding("养老床位有多少，那公租房呢", CANTEENS),
    )
    assert [[reading.name for reading in option.readings] for option in found] == [
        ["next_alone", "joined"],
        ["with_question"],
    ]
    both, other = (option.features for option in found)
    assert (both["is next_alone"], both["is joined"]) == (1.0, 1.0) and "is with_question" not in both
    assert both["next_alone: sure"] == log_odds(0.6) < both["joined: sure"] == log_odds(0.95) == both["sure"]
    assert both["share"] == 0.95 and other["sure"] == log_odds(0.9)


def test_a_passage_after_another_answer_is_a_risk() -> None:
    """First words were weighed when they were decided on; a refusal claims nothing."""
    bold, careful = finding("公租房", RENTING), finding("公租房收费", RENTING, silent=0.99)
    assert [option.risky for option in read_as(leaning("那公租房呢"), joined=bold, question=careful)] == [True, False]
    assert [option.risky for option in read_as(leaning("公租房呢", before=Conversation()), question=bold)] == [False]


def test_an_option_is_recorded_under_its_first_reading() -> None:
    """And replies what that one does."""
    (option,) = read_as(leaning("那公租房呢"), joined=finding("某甲事", RENTING), next_alone=finding("某乙事", RENTING))
    assert option.name == "joined" and option.reply is option.readings[0].reply
    assert option.reply.conversation.question == "某甲事"


def test_refusals_are_one_option_and_different_chat_is_not() -> None:
    """That the plan is silent and that it is none of our business both claim nothing; thanks are no listening."""
    asked = leaning("收费的事", acts={"thanks": 0.4, "complaint": 0.4, **LEANS})
    refused = [
        Reading("joined", decided(asked, finding("养老床位收费", BEDS, silent=0.95))),
        Reading("next_alone", decided(asked, finding("收费"))),
    ]
    said = [Reading(step.__name__, _replied(step(asked))) for step in (small_talk, heard, request)]
    found = options_of(asked, [*refused, *said])
    assert [option.name for option in found] == ["joined", "small_talk", "heard", "request"]
    assert {"is joined", "is next_alone", "joined: silence"} <= set(found[0].features)
    assert found[0].features["joined: silence"] == log_odds(0.95)
    assert not any(name.startswith("shown") for option in found for name in option.features)


def _replied(reply: Reply | None) -> Reply:
    assert reply is not None
    return reply


def test_what_the_turn_does_speaks_for_the_readings_that_it_concerns() -> None:
    """By their own names, so that a weight can say for what."""
    asked = leaning("谢谢", acts={acts.TELL: 0.2, "thanks": 0.7}, kind="thanks")
    readings = [Reading(step.__name__, _replied(step(asked))) for step in (small_talk, heard, more)]
    chat, listening, next_one = (option.features for option in options_of(asked, readings))
    assert (chat["small_talk: chatting"], chat["small_talk: nlu_chat"]) == (log_odds(0.7), 0.9)
    assert listening["heard: tell"] == log_odds(0.2) and next_one["more: nlu_more"] == 0.0
    assert not any(name.startswith("heard") for name in {*chat, *next_one})


@pytest.mark.parametrize(
    ("text", "shown", "feature"),
    [
        ("什么时候", BEDS, "date asked and there"),
        ("什么时候", CANTEENS, "date asked and missing"),
        ("有多少", BEDS, "number asked and there"),
        ("有多少", CANTEENS, "number asked and missing"),
        ("我们街道也有吗", replace(CANTEENS, passage=replace(CANTEENS.passage, text="街镇全覆盖。")), "place asked and there"),
        ("原来呢", BEDS, "past asked and missing"),
    ],
)  # fmt: skip
def test_a_passage_is_held_against_what_is_asked_for(text: str, shown: object, feature: str) -> None:
    """A date, a number, a place, a time before: whether the sentence has it; what is not asked says nothing."""
    asked = leaning(text, finding(text))
    asked.services.search.by_id[shown.id] = shown  # type: ignore[attr-defined]
    (option,) = read_as(asked, joined=finding("某事", shown))  # type: ignore[arg-type]
    told = {name.removeprefix("shown: ") for name, value in option.features.items() if " asked and " in name and value}
    assert told == {feature}


def test_a_refusal_is_held_against_what_the_subject_has() -> None:
    """Whoever asks when, of a passage that names a year, is not to be refused."""
    (option,) = read_as(leaning("什么时候", finding("什么时候")), joined=finding("养老床位什么时候"))
    assert option.features["refused of the subject: date asked and there"] == 1.0
    (first,) = read_as(leaning("什么时候", before=Conversation()), question=finding("什么时候"))
    assert "refused: date asked and there" not in first.features


def test_a_passage_is_held_against_the_last_one() -> None:
    """Whether it is the same, near it, denied, and whether the words come nearer to it."""
    asked = leaning("那护理型的呢", before=replace(ABOUT_BEDS, denied=("c-rent",)))
    found = read_as(
        asked, nearby=finding("某甲事", CARE_BEDS), more=finding("某乙事", CANTEENS), joined=finding("某丙事", RENTING)
    )
    same, near, far = (option.features for option in found)
    assert [each["shown: the same"] for each in (same, near, far)] == [1.0, 0.0, 0.0]
    assert [each["shown: same heading"] for each in (same, near, far)] == [1.0, 1.0, 0.0]
    assert [each["shown: denied"] for each in (same, near, far)] == [0.0, 0.0, 1.0]
    assert same["shown: likeness"] == ALIKE["c-care"] and far["shown: likeness"] == 0.0
    assert same["shown: more alike than the last"] == pytest.approx(ALIKE["c-care"] - ALIKE["c-beds"])


def test_without_a_subject_nothing_is_held_against_it() -> None:
    """There is no last passage to be the same as."""
    (option,) = read_as(leaning("公租房", before=Conversation()), question=finding("公租房", RENTING))
    assert "shown" in option.features and not any(name.startswith("shown: the same") for name in option.features)


@pytest.mark.parametrize(("text", "share"), [("那公租房呢", 1.0), ("那房公呢", 0.0), ("那公租地呢", 0.5)])
def test_the_words_may_stand_in_the_passage(text: str, share: float) -> None:
    """The share of their pairs of characters."""
    (option,) = read_as(leaning(text), next_alone=finding("某事", RENTING))
    assert option.features["shown: words in it"] == share


def test_odds_end_where_nothing_more_is_said() -> None:
    """Certainty is no infinity."""
    assert (log_odds(0.0), log_odds(0.5), log_odds(1.0)) == (-MAX_ODDS, 0.0, MAX_ODDS)


def test_a_passage_that_is_only_shown_again_is_as_sure_as_nobody_said() -> None:
    """It rests on no search."""
    asked = leaning("再说一遍")
    (option,) = options_of(asked, [Reading("repeated", passage(asked, BEDS))])
    assert "sure" not in option.features and option.features["shown: the same"] == 1.0
