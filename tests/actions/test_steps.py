"""Each step of the dialogue by itself, on a hand-made search: what is its business, and what it leaves to the next."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from actions.dialogue.conversation import Conversation
from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.steps.amount import amount
from actions.dialogue.steps.as_it_stands import as_it_stands
from actions.dialogue.steps.beside import nearby, same_sentence
from actions.dialogue.steps.clear_by_itself import own_question, says_it_all
from actions.dialogue.steps.deadline import deadline
from actions.dialogue.steps.first_words import named_alone, whole_question
from actions.dialogue.steps.joined import bears_the_name, joined, same_subject
from actions.dialogue.steps.more import more
from actions.dialogue.steps.next_object import next_object, next_then
from actions.dialogue.steps.nothing_named import nothing_named
from actions.dialogue.steps.past import figure_of_then, review_of_then
from actions.dialogue.steps.place import place_alone, place_within
from actions.dialogue.steps.request import request
from actions.dialogue.steps.several import several
from actions.dialogue.steps.small_talk import small_talk
from actions.dialogue.steps.source import source
from actions.dialogue.steps.weighed import weighed
from actions.dialogue.steps.whole_subject import broad, listed
from knowledge.reply import wording
from knowledge.reply.answer import Outcome
from knowledge.search.finding import Finding
from knowledge.search.known import SILENT
from tests.actions.findings import (
    ABOUT_BEDS,
    ASKED_ANEW,
    BEDS,
    CANTEENS,
    CARE_BEDS,
    RENTING,
    THEN,
    figure,
    finding,
    leaning,
)

NO_SUBJECT = Conversation()
ASKED_PAST = replace(ABOUT_BEDS, aspect="past")


def first(text: str, *findings: Finding, **how: Any) -> Leaning:
    """Words at the beginning of a conversation."""
    return leaning(text, *findings, before=NO_SUBJECT, **how)


def given(reply: Reply | None) -> Reply:
    """The reply that there must be."""
    assert reply is not None
    return reply


def cited(reply: Reply | None) -> str:
    """The commitment that a reply cites first."""
    return given(reply).answer.citations[0].commitment_id


def taken_for(reply: Reply | None) -> tuple[str, str]:
    """Where a step took the words for a question of its own: the words searched for, and whether a new one."""
    assert reply is not None and reply.answer == ASKED_ANEW and reply.finding is not None
    return reply.finding.understood.text, reply.conversation.question


def is_silent(reply: Reply | None) -> bool:
    """Whether a reply says that the subject's passage does not say it."""
    return reply is not None and reply.answer.outcome is Outcome.NOT_IN_PLAN and not reply.answer.citations


def test_labelled_words_and_commands_stand_as_they_are() -> None:
    """Whatever was said before; other words are left to the next."""
    taught = leaning("那高中呢", finding("那高中呢", RENTING, known_as=SILENT))
    assert taken_for(as_it_stands(taught)) == ("那高中呢", "new")
    assert taken_for(as_it_stands(leaning("/restart"))) == ("/restart", "new")
    assert as_it_stands(leaning("那高中呢")) is None


def test_first_words_that_name_their_object_are_a_question() -> None:
    """「那公租房呢」 at the beginning is 「公租房」; where that is not named or not likely, it is not."""
    assert taken_for(named_alone(first("那公租房呢", finding("公租房", RENTING, named=3)))) == ("公租房", "new")
    assert named_alone(first("那公租房呢", finding("公租房", RENTING))) is None
    assert named_alone(first("那公租房呢", finding("公租房", RENTING, named=3, sure=0.5))) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [("公租房呢", {"named": 3, "sure": 0.1}), ("那个呢", {"sure": 0.7}), ("一二三四五六七八", {"sure": 0.1})],
)
def test_first_words_that_say_enough_are_a_question(text: str, found: dict[str, float]) -> None:
    """By a name, by what is likely answered, by length."""
    assert taken_for(whole_question(first(text, finding(text, RENTING, **found)))) == (text, "new")


def test_first_words_that_say_too_little_are_asked_back() -> None:
    """「那呢」 is no question, and what follows is not asked back again."""
    assert whole_question(first("那呢")) is None
    reply = nothing_named(first("那呢"))
    assert reply.answer.outcome is Outcome.CLARIFY and reply.conversation.clarified


def test_a_named_thing_taken_for_a_question_of_when_is_a_new_subject() -> None:
    """Not where NLU heard a mere follow-up: then it may be the next object."""
    found = finding("公租房什么时候", RENTING, named=3)
    assert taken_for(own_question(leaning("公租房什么时候", found, kind="ask_when"))) == ("公租房什么时候", "new")
    assert own_question(leaning("公租房什么时候", found)) is None
    assert own_question(leaning("什么时候", finding("什么时候", RENTING), kind="ask_when")) is None


def test_a_leaning_question_that_says_it_all_stays_with_the_subject() -> None:
    """It must be long, sure, and on the same topic."""
    text = "之前新增几张床位"
    assert taken_for(says_it_all(leaning(text, finding(text, THEN)))) == (text, "same")
    assert says_it_all(leaning("新增几张", finding("新增几张", THEN))) is None
    assert says_it_all(leaning(text, finding(text, THEN, sure=0.8))) is None
    assert says_it_all(leaning(text, finding(text, RENTING))) is None


def test_the_source_is_the_passage_once_more() -> None:
    """With its page."""
    assert cited(source(leaning("出处在哪", kind="ask_source"))) == "c-beds"
    assert source(leaning("出处在哪")) is None


def test_more_of_a_list_comes_before_more_nearby() -> None:
    """What is left of the list, else the next passage, else that this was all."""
    listing = replace(ABOUT_BEDS, listed=("c-eat",), subject="养老")
    assert "助餐点" in given(more(leaning("还有呢", kind="ask_more", before=listing))).answer.text
    assert cited(more(leaning("还有呢", kind="ask_more"))) == "c-then"
    seen = replace(ABOUT_BEDS, shown=("c-beds", "c-then", "c-eat"))
    assert is_silent(more(leaning("还有呢", kind="ask_more", before=seen)))
    assert more(leaning("还有呢")) is None


def test_a_question_of_then_may_mean_a_review_nearby() -> None:
    """If the words are clear, and the review is likely and on the topic; with a name in them they are no such question."""
    text = "前面五年弄了多少"
    assert cited(review_of_then(leaning(text, finding(text, THEN)))) == "c-then"
    assert review_of_then(leaning(text, finding(text, BEDS))) is None
    assert review_of_then(leaning(text, finding(text, THEN, sure=0.5))) is None
    assert review_of_then(leaning(text, finding(text, THEN, named=3))) is None
    assert review_of_then(leaning("原来呢", finding("原来呢", THEN))) is None


def test_the_figure_of_then_is_the_linked_one() -> None:
    """Even where the review is not found by search."""
    linked = replace(BEDS, baselines=((0, "c-then", figure(8278.0)),))
    asked = leaning("原来呢")
    asked.services.search.by_id["c-beds"] = linked
    assert cited(figure_of_then(asked)) == "c-then"


def test_the_figure_of_then_is_else_what_the_review_says_of_the_same_thing() -> None:
    """By its name; what only sounds like it is not passed off for it."""
    assert cited(figure_of_then(leaning("原来呢", finding("原来养老床位有多少", THEN)))) == "c-then"
    other = replace(THEN, title="小区现状", headline="小区有200个")
    assert is_silent(figure_of_then(leaning("原来呢", finding("原来养老床位有多少", other))))
    assert figure_of_then(leaning("以后呢")) is None


def test_a_deadline_is_told_where_the_passage_names_a_year() -> None:
    """Else that it names none."""
    about_canteens = replace(ABOUT_BEDS, commitment_id="c-eat")
    assert cited(deadline(leaning("什么时候", kind="ask_when"))) == "c-beds"
    assert is_silent(deadline(leaning("什么时候", kind="ask_when", before=about_canteens)))
    assert deadline(leaning("什么时候")) is None


def test_an_amount_is_told_where_the_passage_has_a_figure() -> None:
    """Else that it has none."""
    about_canteens = replace(ABOUT_BEDS, commitment_id="c-eat")
    assert cited(amount(leaning("多少", kind="ask_how_many"))) == "c-beds"
    assert is_silent(amount(leaning("多少", kind="ask_how_many", before=about_canteens)))
    assert amount(leaning("多少")) is None


def test_what_stands_in_the_same_sentence_is_meant_before_what_is_likelier_elsewhere() -> None:
    """Unless the plan is likely silent on it."""
    near = finding("护理型", CANTEENS, CARE_BEDS, sure=0.6)
    assert cited(same_sentence(leaning("那护理型的呢", near))) == "c-care"
    assert cited(nearby(leaning("那护理型的呢", near))) == "c-care"
    assert same_sentence(leaning("那护理型的呢", finding("护理型", CARE_BEDS, silent=0.8))) is None
    assert nearby(leaning("那护理型的呢", finding("护理型", CARE_BEDS, silent=0.8))) is None


def test_what_stands_near_is_of_the_subjects_topic() -> None:
    """Another sentence of it is near and not the same; another topic is neither."""
    elsewhere = leaning("那助餐的呢", finding("助餐", CANTEENS))
    assert same_sentence(elsewhere) is None and cited(nearby(elsewhere)) == "c-eat"
    assert nearby(leaning("那公租房呢", finding("公租房", RENTING))) is None


@pytest.mark.parametrize("text", ["我们街道也有吗", "那徐泾呢"])
def test_a_place_alone_gets_what_is_said_of_every_place(text: str) -> None:
    """A passage of the topic that names all towns, else that the plan does not say."""
    everywhere = finding("养老床位街镇全覆盖", CANTEENS)
    assert cited(place_alone(leaning(text, everywhere))) == "c-eat"
    assert is_silent(place_alone(leaning(text)))


def test_a_place_among_other_words_is_a_place_within() -> None:
    """At their end, or named; other words are neither."""
    text = "那助餐点我们小区呢"
    assert place_alone(leaning(text)) is None
    assert is_silent(place_within(leaning(text)))
    assert is_silent(place_within(leaning("那徐泾助餐呢", finding("徐泾助餐"))))
    assert place_within(leaning("那助餐呢")) is None


def test_the_next_object_is_asked_of_then_as_the_subject_was() -> None:
    """The review that names it; a target is left to the next step."""
    asked = finding("床位现状原来有多少", THEN, named=2)
    assert cited(next_then(leaning("那床位现状呢", asked, before=ASKED_PAST))) == "c-then"
    assert next_then(leaning("那床位现状呢", finding("床位现状原来有多少", BEDS, named=2), before=ASKED_PAST)) is None
    assert next_then(leaning("那床位现状呢", asked)) is None


def test_the_next_object_is_asked_the_same_and_else_alone() -> None:
    """It must be named, or long; without who speaks."""
    same, alone = finding("公租房原来有多少", RENTING, named=3), finding("公租房", RENTING, named=3)
    assert taken_for(next_object(leaning("那公租房呢", same, alone, before=ASKED_PAST))) == ("公租房原来有多少", "same")
    assert taken_for(next_object(leaning("那我们公租房呢", alone, before=ASKED_PAST))) == ("公租房", "same")
    assert next_object(leaning("那公租房呢", finding("公租房", RENTING))) is None


def test_words_that_stand_in_another_sentence_of_the_topic_mean_it() -> None:
    """With 「里面」 left out; what stands in the subject's own sentence is no other."""
    both = finding("养老床位助餐点里面", BEDS, CANTEENS)
    assert cited(bears_the_name(leaning("助餐点里面呢", both))) == "c-eat"
    assert bears_the_name(leaning("护理型呢", finding("养老床位护理型", BEDS, CARE_BEDS))) is None


def test_words_that_are_answered_together_with_the_subject_are_on_it() -> None:
    """The subject's passage again; where the plan is silent on both together, that is weighed."""
    assert cited(same_subject(leaning("具体的呢", finding("养老床位具体", BEDS, named=4)))) == "c-beds"
    silent = leaning("收费呢", finding("养老床位收费", BEDS, silent=0.9))
    assert same_subject(silent) is None
    assert taken_for(joined(silent)) == ("养老床位收费", "same")


def test_a_list_is_asked_for_of_a_whole_subject_only() -> None:
    """And not where somebody gave these words a label."""
    text = "养老有哪些目标"
    assert "1. " in given(listed(first(text, finding(text, BEDS)))).answer.text
    assert listed(first(text, finding(text, BEDS, known_as=SILENT))) is None
    assert listed(first("床位有哪些目标")) is None


def test_a_subject_without_a_question_is_asked_back_once() -> None:
    """Then it is listed."""
    asked_back = given(broad(first("养老怎么说")))
    assert asked_back.answer.outcome is Outcome.CLARIFY and asked_back.conversation.clarified
    again = given(broad(leaning("养老怎么说", before=asked_back.conversation)))
    assert again.answer.outcome is Outcome.ANSWERED and "1. " in again.answer.text
    assert broad(first("床位怎么说")) is None


@pytest.mark.parametrize(
    ("text", "found", "outcome"),
    [
        ("养老床位有多少", finding("养老床位有多少", BEDS), Outcome.ANSWERED),
        ("养老床位收费", finding("养老床位收费", BEDS, silent=0.95), Outcome.NOT_IN_PLAN),
        ("床位", finding("床位", BEDS, CANTEENS, sure=0.5), Outcome.CLARIFY),
        ("天气", finding("天气"), Outcome.OUT_OF_SCOPE),
    ],
)
def test_a_question_of_one_thing_is_weighed(text: str, found: Finding, outcome: Outcome) -> None:
    """Shown, refused, asked back, none of our business."""
    assert weighed(first(text, found)).answer.outcome is outcome


def test_small_talk_is_answered_unless_a_question_hides_in_it() -> None:
    """It must be believed, short, and name nothing of the plan."""
    assert given(small_talk(first("谢谢", kind="thanks"))).answer.outcome is Outcome.CHAT
    assert small_talk(first("谢谢", kind="thanks", likely=0.4)) is None
    assert small_talk(first("谢谢那公租房", finding("谢谢那公租房", RENTING, named=3), kind="thanks")) is None
    long = "谢谢今天天气真好大家都很高兴"
    assert small_talk(first(long, kind="thanks")) is None


def test_a_request_is_registered_unless_it_asks_for_what_the_plan_says() -> None:
    """What is suggested is no complaint; the number told is the one recorded, with what was talked about."""
    reply = given(request(leaning("我建议说慢一点", kind="complaint")))
    assert reply.handoff is not None and reply.handoff["reference"] in reply.answer.text
    assert (reply.handoff["kind"], reply.handoff["about"]) == ("suggestion", "c-beds")
    asks = finding("我要投诉公租房", RENTING, named=3)
    assert request(leaning("我要投诉公租房", asks, kind="complaint")) is None


def test_two_questions_get_two_answers() -> None:
    """Each with its passage and cited; the conversation goes on with the last."""
    asked = "床位多少？公租房呢，多不多？"
    parts = finding("床位多少？", BEDS), finding("公租房呢，多不多？", RENTING)
    reply = several(leaning(asked, finding(asked, BEDS, RENTING, sure=0.5), *parts))
    assert reply is not None
    assert [citation.commitment_id for citation in reply.answer.citations] == ["c-beds", "c-rent"]
    assert reply.answer.text.startswith(wording.SEVERAL.format(count=2))
    assert reply.answer.text.count(reply.answer.notice or "-") == 1
    assert reply.conversation.commitment_id == "c-rent"


def test_of_two_questions_the_one_that_the_plan_is_silent_on_is_refused_by_itself() -> None:
    """Where the whole message would have been refused for it."""
    asked = "床位多少？几点开门？"
    parts = finding("床位多少？", BEDS), finding("几点开门？", CANTEENS, sure=0.1, silent=0.99, aspect="opening_hours")
    reply = several(leaning(asked, finding(asked, BEDS, sure=0.1, silent=0.95), *parts))
    assert reply is not None
    assert [citation.commitment_id for citation in reply.answer.citations] == ["c-beds"]
    assert wording.ASPECTS["opening_hours"] in reply.answer.text


def test_a_story_before_a_question_does_not_make_two_of_it() -> None:
    """Nor do two ways of asking the same, nor a doubtful part beside one that answers."""
    asked = "怎么办呢，我妈八十了？床位多少？"
    same = finding("怎么办呢，", BEDS), finding("我妈八十了？床位多少？", BEDS)
    doubtful = finding("怎么办呢，", RENTING, sure=0.5), same[1]
    for parts in (same, doubtful):
        assert several(leaning(asked, finding(asked, BEDS), *parts)) is None
    assert several(leaning("床位多少？", finding("床位多少？", BEDS))) is None


def test_of_many_questions_only_the_first_are_looked_at() -> None:
    """A message full of them costs no more searches than the reply may have answers, and none of them breaks it."""
    asked = "几点开门？几号开门？到哪里登记？" + "床位多少？" * 190
    refused = [finding(f"{each}？", CANTEENS, sure=0.1, silent=0.99) for each in ("几点开门", "几号开门", "到哪里登记")]
    many = leaning(asked, finding(asked, BEDS, sure=0.1), *refused, finding("床位多少？", BEDS))
    assert several(many) is None
    assert many.services.search.searched == [asked, "几点开门？", "几号开门？", "到哪里登记？"]
