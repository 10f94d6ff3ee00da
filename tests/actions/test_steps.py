"""Each step of the dialogue by itself, on a hand-made search: what it takes a turn for, and where it takes it for nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from actions.dialogue.acts import COMPLAINT, CORRECTION, DENIAL, LEANING, PERSON, RETURN, TELL
from actions.dialogue.conversation import Conversation, EarlierSubject
from actions.dialogue.leaning import ALONE_SHARE, Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.showing import decided
from actions.dialogue.steps.as_it_stands import as_it_stands
from actions.dialogue.steps.beside import nearby, same_sentence
from actions.dialogue.steps.calculated import calculated
from actions.dialogue.steps.chosen import chosen
from actions.dialogue.steps.corrected import corrected, corrected_of_subject
from actions.dialogue.steps.denied import denied
from actions.dialogue.steps.first_words import named_alone
from actions.dialogue.steps.heard import heard
from actions.dialogue.steps.in_context import likeliest_in_context, second_in_context, third_in_context
from actions.dialogue.steps.joined import bears_the_name, joined
from actions.dialogue.steps.more import more
from actions.dialogue.steps.next_object import next_alone, next_object
from actions.dialogue.steps.none_of_these import none_of_these
from actions.dialogue.steps.nothing_named import nothing_named
from actions.dialogue.steps.past import figure_of_then, review_of_then
from actions.dialogue.steps.place import at_a_place
from actions.dialogue.steps.repeated import repeated
from actions.dialogue.steps.request import request
from actions.dialogue.steps.returned import returned, returned_with
from actions.dialogue.steps.same_passage import not_in_passage, same_passage
from actions.dialogue.steps.several import several
from actions.dialogue.steps.small_talk import small_talk
from actions.dialogue.steps.source import source
from actions.dialogue.steps.taught_talk import taught_talk
from actions.dialogue.steps.weighed import weighed
from actions.dialogue.steps.whole_subject import broad, listed
from actions.dialogue.steps.with_story import with_question, with_story
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
    IN_FULL,
    RENTING,
    THEN,
    figure,
    finding,
    leaning,
)

NO_SUBJECT = Conversation()
DENIES, CORRECTS, RETURNS = {DENIAL: 0.9}, {CORRECTION: 0.9}, {RETURN: 0.9}
ASKED_PAST = replace(ABOUT_BEDS, aspect="past")
ABOUT_CANTEENS = Conversation(
    "c-eat", "elderly_care", "助餐点有没有", ("c-eat",), earlier=(EarlierSubject("c-beds", "养老床位有多少"),)
)
OFFERED = replace(ABOUT_BEDS, clarified=True, offered=("养老床位", "公租房", wording.NONE_PAYLOAD))


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


def searched_for(reply: Reply | None) -> str:
    """The words that were searched for what a reply rests on."""
    found = given(reply).finding
    assert found is not None
    return found.understood.text


def is_silent(reply: Reply | None) -> bool:
    """Whether a reply says that the subject's passage does not say it."""
    return reply is not None and reply.answer.outcome is Outcome.NOT_IN_PLAN and not reply.answer.citations


def test_labelled_words_and_commands_stand_as_they_are() -> None:
    """Whatever was said before; other words are left to be read in every way."""
    taught = leaning("那高中呢", finding("那高中呢", RENTING, known_as=SILENT))
    for asked, words in ((taught, "那高中呢"), (leaning("/restart"), "/restart")):
        reply = given(as_it_stands(asked))
        assert (reply.answer, searched_for(reply), reply.conversation.question) == (ASKED_ANEW, words, "new")
    assert as_it_stands(leaning("那高中呢")) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("第二个", "公租房"),
        ("2", "公租房"),
        ("我想问第一个吧", "养老床位"),
        ("我选第二条", "公租房"),
    ],
)
def test_a_number_names_what_was_offered_under_it(text: str, words: str) -> None:
    """The question of that choice is searched for, as one of its own."""
    asked = leaning(text, finding("养老床位", BEDS), finding("公租房", RENTING), before=OFFERED)
    assert searched_for(chosen(asked)) == words


def test_the_choice_that_it_is_none_of_them_is_registered() -> None:
    """By its number as by its words; what waits for staff is the question that was unclear."""
    unclear = replace(OFFERED, unclear="床位的事", offered=(*OFFERED.offered[:2], wording.NONE_PAYLOAD))
    reply = given(chosen(leaning("最后一个", before=unclear)))
    assert reply.handoff is not None and reply.handoff["text"] == "床位的事"


@pytest.mark.parametrize("text", ["第四个", "9", "第二个公园", "有2张床吗", "那公租房呢"])
def test_a_number_that_was_not_offered_chooses_nothing(text: str) -> None:
    """Nor does a sentence with a number in it; where nothing was offered, no number does."""
    assert chosen(leaning(text, before=OFFERED)) is None
    assert chosen(leaning("第一个", before=ABOUT_BEDS)) is None


@pytest.mark.parametrize("text", ["都不是", "这些都不是", "全不对", "都不是我想问的", "都不是啊。"])
def test_where_none_of_the_readings_is_meant_the_question_is_registered(text: str) -> None:
    """The question for which they were offered, not the words that refuse them; the number told is the one recorded."""
    reply = given(none_of_these(leaning(text, before=replace(OFFERED, clarified=True, unclear="床的事情"))))
    assert reply.handoff is not None and reply.handoff["text"] == "床的事情"
    assert reply.answer.outcome is Outcome.HANDOFF and reply.handoff["reference"] in reply.answer.text
    assert not reply.conversation.unclear and not reply.conversation.clarified


def test_none_of_these_needs_readings_that_were_offered() -> None:
    """And nothing but these words: who goes on to say what is meant is understood."""
    unclear = replace(OFFERED, unclear="床的事情")
    assert none_of_these(leaning("都不是")) is None
    assert none_of_these(leaning("都不是，我问的是公租房", before=unclear)) is None


def test_words_that_point_and_name_are_searched_for_without_what_points() -> None:
    """「那公租房呢」 names 「公租房」; words that only name, only point, or follow an answer are read in other ways."""
    assert searched_for(named_alone(first("那公租房呢", finding("公租房", RENTING)))) == "公租房"
    assert named_alone(first("公租房")) is None
    assert named_alone(leaning("那公租房呢", finding("公租房", RENTING))) is None
    assert named_alone(first("那呢")) is None


def test_words_that_only_point_are_asked_back() -> None:
    """「那呢」 is no question, and what follows is not asked back again; what names something is no such case."""
    reply = given(nothing_named(first("那呢")))
    assert reply.answer.outcome is Outcome.CLARIFY and reply.conversation.clarified
    assert nothing_named(first("那公租房呢")) is None


def test_what_is_told_is_heard_and_kept() -> None:
    """The subject stays, and the question that follows has the story; nothing said is nothing told."""
    reply = given(heard(leaning("我妈八十了")))
    assert reply.answer.outcome is Outcome.CHAT and not reply.answer.citations
    assert (reply.conversation.told, reply.conversation.commitment_id) == (("我妈八十了",), "c-beds")
    assert heard(leaning("")) is None


def test_a_question_after_a_story_is_searched_for_with_it() -> None:
    """All that was told; without a story there is no such reading."""
    told = replace(NO_SUBJECT, told=("老伴瘫了", "我七十了"))
    asked = leaning("有人替我吗", finding("老伴瘫了，我七十了，有人替我吗", CANTEENS), before=told)
    assert cited(with_story(asked)) == "c-eat"
    assert with_story(leaning("有人替我吗")) is None


def test_a_question_is_searched_for_with_the_one_before() -> None:
    """In one, and on the subject; without a question before there is no such reading."""
    asked = leaning("那护理型的呢", finding("养老床位有多少，那护理型的呢", CARE_BEDS))
    reply = with_question(asked)
    assert cited(reply) == "c-care" and given(reply).conversation.shown == ("c-beds", "c-care")
    assert with_question(first("那护理型的呢")) is None


def test_who_only_goes_back_names_no_next_object() -> None:
    """「回到刚才床位的事」; what asks something of it may name one."""
    back = {RETURN: 0.9, LEANING: 0.05}
    for text, is_one in (("回到刚才公租房的事", False), ("说回公租房，有多少套", True)):
        turn = leaning(text, finding(text, RENTING), acts=back)
        assert (next_object(turn) is not None, next_alone(turn) is not None) == (is_one, is_one)


def test_what_is_found_in_full_and_alone_is_pooled() -> None:
    """One candidate a sentence by its share in both; without an answer before, or for other acts, there is no pool."""
    alone = finding("那护理型的呢", CANTEENS, RENTING, sure=0.8)
    asked = leaning("那护理型的呢", alone, finding(IN_FULL, CARE_BEDS, CANTEENS, sure=0.9))
    shares = {c.commitment.id: c.probability for c in asked.pooled}
    full = 1 - ALONE_SHARE
    assert shares == pytest.approx(
        {"c-care": 0.9 * full, "c-eat": 0.8 * ALONE_SHARE + 0.1 * full, "c-rent": 0.2 * ALONE_SHARE}
    )
    found = [step(asked) for step in (likeliest_in_context, second_in_context, third_in_context)]
    assert [cited(reply) for reply in found] == ["c-care", "c-eat", "c-rent"]
    assert given(found[0]).conversation.shown == ("c-beds", "c-care")
    assert second_in_context(leaning("那护理型的呢", finding("那护理型的呢", RENTING))) is None
    assert likeliest_in_context(first("那护理型的呢", finding("那护理型的呢", RENTING))) is None
    assert likeliest_in_context(leaning("谢谢", finding("谢谢", RENTING), acts={"thanks": 1.0})) is None


def test_a_denial_offers_what_else_was_meant() -> None:
    """One choice a sentence, without the denied one and what was denied earlier, which are kept; else other words are asked for."""
    others = finding("养老床位有多少", BEDS, CARE_BEDS, CANTEENS, RENTING)
    reply = given(denied(leaning("不是这个", others, before=replace(ABOUT_BEDS, denied=("c-rent",)), acts=DENIES)))
    assert reply.answer.outcome is Outcome.CLARIFY and reply.answer.headline == wording.DENIED.zh
    assert [related.title for related in reply.answer.related] == [CANTEENS.title]
    assert reply.conversation.denied == ("c-rent", "c-beds") and reply.conversation.clarified
    assert given(denied(leaning("不是这个", acts=DENIES))).answer.headline == wording.DENIED_BARE.zh
    assert denied(first("不是这个", acts=DENIES)) is None


def test_what_is_said_instead_is_a_question_of_its_own() -> None:
    """Opened by what is understood now, and the passage of before is kept as not meant; one thing said is no correction."""
    reply = given(corrected(leaning("不是床位，我问的是公租房", finding("公租房", RENTING), acts=CORRECTS)))
    assert cited(reply) == "c-rent" and reply.answer.text.startswith(wording.MEANT.zh.format(text="公租房"))
    assert reply.conversation.denied == ("c-beds",)
    assert corrected(leaning("公租房", acts=CORRECTS)) is None


def test_what_is_said_instead_may_be_of_the_subject() -> None:
    """「我是说护理型的」 after beds; a refusal gets no line that promises an answer, and without a subject there is none."""
    asked = leaning("我是说护理型的", finding("养老床位护理型", CARE_BEDS), acts=CORRECTS)
    assert cited(corrected_of_subject(asked)) == "c-care"
    refused = given(
        corrected_of_subject(leaning("我是说收费的", finding("养老床位收费", BEDS, silent=0.95), acts=CORRECTS))
    )
    assert refused.answer.outcome is Outcome.NOT_IN_PLAN and "您问的是" not in refused.answer.text
    assert corrected_of_subject(first("我是说护理型的", acts=CORRECTS)) is None


def test_an_earlier_subject_is_returned_to() -> None:
    """Its passage once more, to the question that it answered then; it is the subject again, and the last one the earlier."""
    reply = given(returned(leaning("回到刚才床位的事", before=ABOUT_CANTEENS, acts=RETURNS)))
    assert cited(reply) == "c-beds" and reply.conversation.question == "养老床位有多少"
    assert [each.commitment_id for each in reply.conversation.earlier] == ["c-eat"]
    assert returned(leaning("回到刚才床位的事", acts=RETURNS)) is None


def test_of_earlier_subjects_the_nearest_is_meant() -> None:
    """By the words, or by what they find; who says 「一开始」 means the first."""
    earlier = (EarlierSubject("c-rent", "公租房怎么弄"), EarlierSubject("c-beds", "养老床位有多少"))
    before = replace(ABOUT_CANTEENS, earlier=earlier)
    assert cited(returned(leaning("刚才公租房那个", before=before, acts=RETURNS))) == "c-rent"
    assert cited(returned(leaning("刚才那个床", finding("刚才那个床", BEDS), before=before, acts=RETURNS))) == "c-beds"
    assert (
        cited(returned(leaning("最开始问的那个", finding("最开始问的那个", RENTING), before=before, acts=RETURNS)))
        == "c-beds"
    )


def test_something_else_may_be_asked_of_an_earlier_subject() -> None:
    """With its title, as a new question."""
    asked = leaning("那护理型的呢", finding("养老床位护理型", CARE_BEDS), before=ABOUT_CANTEENS, acts=RETURNS)
    assert cited(returned_with(asked)) == "c-care"
    assert returned_with(leaning("那呢", before=ABOUT_CANTEENS, acts=RETURNS)) is None
    assert returned_with(leaning("那护理型的呢", acts=RETURNS)) is None


@pytest.mark.parametrize("step", [source, same_passage, repeated])
def test_the_passage_is_shown_once_more(step: Any) -> None:
    """With its page, to the question before; where nothing was answered there is none."""
    reply = step(leaning("出处在哪"))
    assert cited(reply) == "c-beds" and reply.conversation.question == "养老床位有多少"
    assert step(first("出处在哪")) is None


def test_what_is_said_again_is_said_to_be() -> None:
    """Nothing is registered for it."""
    reply = given(repeated(leaning("再说一遍")))
    assert reply.answer.text.startswith(wording.REPEATED.zh) and reply.handoff is None


def test_more_of_a_list_comes_before_more_nearby() -> None:
    """What is left of the list, else the next passage, else that this was all."""
    listing = replace(ABOUT_BEDS, listed=("c-eat",), subject="养老")
    assert "助餐点" in given(more(leaning("还有呢", before=listing))).answer.text
    assert cited(more(leaning("还有呢"))) == "c-then"
    seen = replace(ABOUT_BEDS, shown=("c-beds", "c-then", "c-eat"))
    assert is_silent(more(leaning("还有呢", before=seen)))
    assert more(first("还有呢")) is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("什么时候", wording.NO_DATE),
        ("要多少钱", wording.NO_PRICE),
        ("要多少护工", wording.NO_NUMBER),
        ("原来呢", wording.NO_BASELINE),
        ("我们街道也有吗", wording.NO_PLACE),
    ],
)
def test_what_the_passage_does_not_say_is_named(text: str, line: str) -> None:
    """A date, a number, a figure of then, a place; whether that holds is not weighed here."""
    reply = not_in_passage(leaning(text))
    assert is_silent(reply)
    told = {"hotlines": wording.HOTLINES.zh, "first": 2021, "last": 2025, "place": "您的街道"}
    assert given(reply).answer.headline == line.zh.format(**told)
    assert not_in_passage(first(text)) is None
    assert not_in_passage(leaning("谁负责")) is None


def test_a_question_of_then_may_mean_a_review_nearby() -> None:
    """If the first passage found is one, of the topic."""
    text = "前面五年弄了多少"
    assert cited(review_of_then(leaning(text, finding(text, THEN)))) == "c-then"
    assert review_of_then(leaning(text, finding(text, BEDS))) is None
    assert review_of_then(leaning(text, finding(text, replace(THEN, topic="housing")))) is None
    assert review_of_then(first(text, finding(text, THEN))) is None


def test_the_figure_of_then_is_the_linked_one() -> None:
    """Even where the review is not found by search."""
    linked = replace(BEDS, baselines=((0, "c-then", figure(8278.0)),))
    asked = leaning("原来呢")
    asked.services.search.by_id["c-beds"] = linked
    assert cited(figure_of_then(asked)) == "c-then"


def test_the_figure_of_then_is_else_what_the_review_says_of_the_same_thing() -> None:
    """By its name; what only sounds like it is not passed off for it, nor is it looked for where something else is named."""
    assert cited(figure_of_then(leaning("原来呢", finding("原来养老床位有多少", THEN)))) == "c-then"
    other = replace(THEN, title="小区现状", headline="小区有200个")
    assert figure_of_then(leaning("原来呢", finding("原来养老床位有多少", other))) is None
    assert figure_of_then(leaning("以后呢")) is None
    assert figure_of_then(leaning("原来公租房呢", finding("原来公租房呢", RENTING, named=3))) is None


def test_what_stands_in_the_same_sentence_is_meant_before_what_is_likelier_elsewhere() -> None:
    """Where both are of the topic."""
    near = finding("护理型", CANTEENS, CARE_BEDS, sure=0.6)
    assert cited(same_sentence(leaning("那护理型的呢", near))) == "c-care"
    assert cited(nearby(leaning("那护理型的呢", near))) == "c-care"
    assert same_sentence(first("那护理型的呢", near)) is None and nearby(first("那护理型的呢", near)) is None


def test_what_stands_near_is_of_the_subjects_topic() -> None:
    """Another sentence of it is near and not the same; another topic is neither."""
    elsewhere = leaning("那助餐的呢", finding("助餐", CANTEENS))
    assert same_sentence(elsewhere) is None and cited(nearby(elsewhere)) == "c-eat"
    assert nearby(leaning("那公租房呢", finding("公租房", RENTING))) is None


@pytest.mark.parametrize("text", ["我们街道也有吗", "那徐泾呢", "那助餐点我们小区呢"])
def test_a_place_gets_what_is_said_of_every_place(text: str) -> None:
    """A passage of the topic that names all towns; where none is likely, or no place is named, there is no such reading."""
    everywhere = finding("养老床位街镇全覆盖", CANTEENS)
    assert cited(at_a_place(leaning(text, everywhere))) == "c-eat"
    assert at_a_place(leaning(text)) is None
    assert at_a_place(leaning("那助餐呢", everywhere)) is None
    assert at_a_place(first(text, everywhere)) is None


def test_the_next_object_is_asked_the_same_or_alone() -> None:
    """Without who speaks, and it stays with the subject."""
    same, alone = finding("公租房原来有多少", RENTING), finding("公租房", RENTING)
    asked = leaning("那我们公租房呢", same, alone, before=ASKED_PAST)
    assert searched_for(next_object(asked)) == "公租房原来有多少"
    assert searched_for(next_alone(asked)) == "公租房"
    assert given(next_object(asked)).conversation.shown == ("c-beds", "c-rent")
    for step in (next_object, next_alone):
        assert step(first("那公租房呢", alone)) is None and step(leaning("那呢")) is None


def test_words_that_stand_in_another_sentence_of_the_topic_mean_it() -> None:
    """With 「里面」 left out; what stands in the subject's own sentence is no other."""
    both = finding("养老床位助餐点里面", BEDS, CANTEENS)
    assert cited(bears_the_name(leaning("助餐点里面呢", both))) == "c-eat"
    assert bears_the_name(leaning("护理型呢", finding("养老床位护理型", BEDS, CARE_BEDS))) is None


def test_words_are_searched_for_together_with_the_subject() -> None:
    """And what is found is weighed: shown, or refused."""
    assert cited(joined(leaning("具体的呢", finding("养老床位具体", BEDS)))) == "c-beds"
    silent = given(joined(leaning("收费呢", finding("养老床位收费", BEDS, silent=0.95))))
    assert (silent.answer.outcome, searched_for(silent)) == (Outcome.NOT_IN_PLAN, "养老床位收费")
    assert joined(first("收费呢")) is None and joined(leaning("那呢")) is None


@pytest.mark.parametrize(
    ("step", "text"),
    [
        (same_sentence, "那护理型的呢"),
        (nearby, "那护理型的呢"),
        (next_object, "那护理型的呢"),
        (next_alone, "那护理型的呢"),
        (bears_the_name, "那护理型的呢"),
        (joined, "那护理型的呢"),
        (at_a_place, "我们街道也有吗"),
        (denied, "不是这个"),
        (corrected, "不是床位，我问的是公租房"),
        (corrected_of_subject, "我是说护理型的"),
        (returned, "回到刚才助餐的事"),
        (returned_with, "那助餐点呢"),
    ],
)
def test_what_a_turn_cannot_be_costs_no_search(step: Any, text: str) -> None:
    """Thanks lean on nothing: by what the turn does, not by its words."""
    earlier = replace(ABOUT_BEDS, earlier=(EarlierSubject("c-eat", "助餐点有没有"),))
    thanks = leaning(text, before=earlier, acts={"thanks": 0.99, LEANING: 0.001, CORRECTION: 0.001, RETURN: 0.001})
    assert step(thanks) is None
    searched = thanks.services.search.searched  # type: ignore[attr-defined]
    assert set(searched) <= {text}


@pytest.mark.parametrize(("sure", "shown"), [(0.9, "c-eat"), (0.5, "c-here")])
def test_a_thing_at_a_place_is_answered_for_the_district_where_the_place_says_nothing_of_it(
    sure: float, shown: str
) -> None:
    """Where that is beyond doubt; else what names the place stays, and that it does not speak of the thing is said."""
    here = replace(
        CANTEENS, id="c-here", headline="建成徐泾绿道", passage=replace(CANTEENS.passage, text="建成徐泾绿道。")
    )
    text = "徐泾有没有助餐点"
    asked = first(text, finding(text, replace(here, title="绿道")), finding("有没有助餐点", CANTEENS, sure=sure))
    reply = given(decided(asked, asked.finding))
    assert reply.answer.citations[0].commitment_id == shown
    assert ("没有写“助餐点”" in reply.answer.text) == (shown == "c-here")
    assert ("没有单独写徐泾" in reply.answer.text) == (shown == "c-eat")


def test_a_list_is_asked_for_of_a_whole_subject_only() -> None:
    """And not where somebody gave these words a label."""
    text = "养老有哪些目标"
    assert "1. " in given(listed(first(text, finding(text, BEDS)))).answer.text
    assert listed(first(text, finding(text, BEDS, known_as=SILENT))) is None
    assert listed(first("床位有哪些目标")) is None


@pytest.mark.parametrize("text", ["徐泾的养老有哪些目标", "请问我们小区养老方面有哪些安排"])
def test_a_list_says_that_it_does_not_speak_of_the_place_that_was_named(text: str) -> None:
    """By its name or by 「我们小区」, above the list and in one line."""
    place = "徐泾" if "徐泾" in text else "您的小区"
    told = given(listed(first(text, finding(text, BEDS)))).answer
    assert told.text.split("\n")[:2] == [
        wording.LIST_NOT_OF_PLACE.zh.format(places=place, hotlines=wording.HOTLINES.zh),
        told.headline,
    ]


def test_what_speaks_of_the_place_that_was_named_heads_the_list() -> None:
    """With the numbers of the lines that do."""
    text = "徐泾养老有哪些目标"
    asked = first(text, finding(text, BEDS))
    here = replace(
        CANTEENS, id="c-here", headline="在徐泾开设助餐点", passage=replace(CANTEENS.passage, text="在徐泾开设助餐点。")
    )
    asked.services.search.by_id[here.id] = here
    lines = given(listed(asked)).answer.text.split("\n")
    assert lines[0] == wording.LIST_OF_PLACE.zh.format(places="徐泾", numbers="1")
    assert next(line for line in lines if line.startswith("1. ")).startswith("1. 在徐泾开设助餐点")


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


def test_where_no_passage_stands_out_readings_are_offered() -> None:
    """Each with what the plan says in it, and that it is none of them; the question waits, and is not asked back twice."""
    text = "我妈一个人住有人管饭吗"
    lost = finding(text, CANTEENS, BEDS, RENTING, sure=0.38)
    reply = weighed(first(text, lost))
    titles = [related.title for related in reply.answer.related]
    assert reply.answer.outcome is Outcome.CLARIFY and reply.answer.headline == wording.OFFER.zh
    assert titles == [CANTEENS.headline, BEDS.headline, RENTING.headline, wording.NONE_OF_THESE.zh]
    assert reply.conversation.unclear == text and reply.conversation.clarified
    again = weighed(leaning(text, lost, before=reply.conversation))
    assert again.answer.outcome is Outcome.ANSWERED and not again.conversation.unclear


@pytest.mark.parametrize(("act", "words"), [("thanks", "不客气"), ("goodbye", "再见"), ("greeting", "您好")])
def test_small_talk_is_answered_by_what_it_does(act: str, words: str) -> None:
    """The likeliest of its kinds, and the subject stays."""
    reply = given(small_talk(leaning("嗯嗯", acts={act: 0.4, "identity": 0.1, "own": 0.5})))
    assert reply.answer.outcome is Outcome.CHAT and reply.answer.text.startswith(words)
    assert reply.conversation.commitment_id == "c-beds"


def test_small_talk_that_was_taught_is_of_its_kind() -> None:
    """Whatever it seems to do."""
    taught = leaning("蛮好额", finding("蛮好额", known_as="thanks"), acts={"greeting": 0.9})
    assert given(taught_talk(taught)).answer.text.startswith("不客气")


@pytest.mark.parametrize(
    ("text", "kind", "acts", "registered_as"),
    [
        ("我要找人工", "handoff", {}, "handoff"),
        ("我要投诉", "complaint", {}, "complaint"),
        ("我建议说慢一点", "complaint", {}, "suggestion"),
        ("我建议叫个人来", "handoff", {}, "handoff"),
        ("找你们的人", "follow_up", {PERSON: 0.6, COMPLAINT: 0.2}, "handoff"),
        ("太差劲了", "follow_up", {PERSON: 0.2, COMPLAINT: 0.6}, "complaint"),
    ],
)
def test_a_request_is_registered_by_its_kind(text: str, kind: str, acts: dict[str, float], registered_as: str) -> None:
    """As NLU takes it, else by what it does; what is suggested is no complaint."""
    reply = given(request(leaning(text, kind=kind, acts=acts)))
    assert reply.handoff is not None and reply.handoff["kind"] == registered_as
    assert (reply.handoff["text"], reply.handoff["about"]) == (text, "c-beds")
    assert re.search(rf"编号 {reply.handoff['reference']}\b", reply.answer.text)


def test_two_questions_get_two_answers() -> None:
    """Each with its passage and cited; the conversation goes on with the last."""
    asked = "床位多少？公租房呢，多不多？"
    parts = finding("床位多少？", BEDS), finding("公租房呢，多不多？", RENTING)
    reply = several(leaning(asked, finding(asked, BEDS, RENTING, sure=0.5), *parts))
    assert reply is not None
    assert [citation.commitment_id for citation in reply.answer.citations] == ["c-beds", "c-rent"]
    assert reply.answer.text.startswith(wording.SEVERAL.zh.format(count=2))
    assert reply.answer.text.count(reply.answer.notice or "-") == 1
    assert reply.conversation.commitment_id == "c-rent"


def test_of_two_questions_one_may_be_answered_for_the_district_alone() -> None:
    """Its place keeps it from being answered: then what holds everywhere is shown, and that the place is not spoken of."""
    asked = "徐泾有没有助餐点？另外公租房多不多？"
    found = (
        finding("徐泾有没有助餐点？", CANTEENS, sure=0.2, silent=0.6),
        finding("有没有助餐点？", CANTEENS),
        finding("另外公租房多不多？", RENTING),
    )
    reply = given(several(leaning(asked, finding(asked, CANTEENS, RENTING, sure=0.4), *found)))
    assert [citation.commitment_id for citation in reply.answer.citations] == ["c-eat", "c-rent"]
    assert "没有单独写徐泾" in reply.answer.text


def test_of_two_questions_the_one_that_the_plan_is_silent_on_is_refused_by_itself() -> None:
    """Where the whole message would have been refused for it."""
    asked = "床位多少？几点开门？"
    parts = finding("床位多少？", BEDS), finding("几点开门？", CANTEENS, sure=0.1, silent=0.99, aspect="opening_hours")
    reply = several(leaning(asked, finding(asked, BEDS, sure=0.1, silent=0.95), *parts))
    assert reply is not None
    assert [citation.commitment_id for citation in reply.answer.citations] == ["c-beds"]
    assert "没有写几点到几点" in reply.answer.text


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


# After a question on the beds of 2025, the beds of 2020 were asked for.
ABOUT_BOTH = Conversation(
    "c-then", "elderly_care", "以前有多少", ("c-then",), earlier=(EarlierSubject("c-beds", "养老床位有多少"),)
)


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("两个加起来多少", "8278 + 9500 = 17778 张"),
        ("这俩合计是多少呢", "8278 + 9500 = 17778 张"),
        ("刚才那两样一共多少张", "8278 + 9500 = 17778 张"),
        ("两个差多少", "9500 − 8278 = 1222 张"),
    ],
)
def test_the_last_two_numbers_are_put_together_as_their_passages_give_them(text: str, formula: str) -> None:
    """With each passage in full, so that nobody takes the result for the plan's own number."""
    answer = given(calculated(leaning(text, before=ABOUT_BOTH))).answer
    assert answer.headline == formula and formula in answer.text and "照原文算的" in answer.text
    assert [citation.commitment_id for citation in answer.citations] == ["c-then", "c-beds"]
    assert all(citation.quote in answer.text for citation in answer.citations)


def test_what_cannot_be_put_together_is_not() -> None:
    """A passage without a number, or of another kind: said so, and nothing worked out."""
    one_without = replace(ABOUT_BOTH, commitment_id="c-eat", question="助餐点有没有")
    for before in (one_without, ABOUT_BEDS):
        answer = given(calculated(leaning("两个加起来多少", before=before))).answer
        assert answer.outcome is Outcome.NOT_IN_PLAN and "没有可以放在一起算的数字" in answer.text


@pytest.mark.parametrize("text", ["护理床位和日托加起来多少", "一共多少", "养老床位有多少", "一共要建几个公园"])
def test_a_sum_of_what_is_named_now_is_a_question(text: str) -> None:
    """As is a total without a word that it is of both."""
    assert calculated(leaning(text, before=ABOUT_BOTH)) is None


def test_a_complaint_is_registered_once() -> None:
    """More scolding gets the same number; another matter, and the story before it, a number of its own."""
    told = replace(ABOUT_BEDS, told=("楼下天天半夜倒渣土",))
    first = given(request(leaning("太过分了", before=told, acts={COMPLAINT: 0.9})))
    assert first.handoff and first.handoff["text"] == "楼下天天半夜倒渣土\n太过分了" and not first.conversation.told
    again = given(request(leaning("一帮吃干饭的", before=first.conversation, acts={COMPLAINT: 0.9})))
    assert not again.handoff and first.handoff["reference"] in again.answer.text
    other = given(
        request(leaning("我们小区的电梯坏了三个星期没有人来修", before=again.conversation, acts={COMPLAINT: 0.9}))
    )
    assert other.handoff and other.handoff["reference"] != first.handoff["reference"]


def test_what_may_be_a_complaint_can_be_left_with_the_staff() -> None:
    """At a touch, which is told to be so; a story that is none offers nothing of the kind."""
    scolds, tells = leaning("天天挤成照片", acts={COMPLAINT: 0.3}), leaning("我妈八十了", acts={TELL: 0.9})
    assert [choice.payload for choice in given(heard(scolds)).answer.related] == [wording.REGISTER_PAYLOAD]
    assert not given(heard(tells)).answer.related


@pytest.mark.parametrize("text", ["一共多少", "多少张", "那到底是几张呢", "目标是多少"])
def test_a_number_that_stands_in_the_passage_is_not_said_to_be_missing(text: str) -> None:
    """Nothing is named but the number, in its measure."""
    assert not_in_passage(leaning(text)) is None and cited(same_passage(leaning(text))) == "c-beds"
    assert is_silent(not_in_passage(leaning("一共几家"))) and is_silent(not_in_passage(leaning("护工要多少个")))


def test_everyday_talk_is_not_registered_unless_it_is_surely_a_request() -> None:
    """What is none of our business may sound like a complaint; a wish for a person stays one."""
    talk = finding("楼上又吵架了", BEDS)
    talk = replace(talk, odds=replace(talk.odds, outside=0.9))
    assert request(leaning("楼上又吵架了", talk, acts={COMPLAINT: 0.4})) is None
    assert request(leaning("楼上又吵架了", talk, acts={COMPLAINT: 0.1}, kind="complaint")) is None
    assert given(request(leaning("楼上又吵架了", talk, acts={PERSON: 0.7}))).handoff
