"""「多少钱一个月」「几点开门」 and nothing more: never outside what is answered here, always of what was said before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.dialogue.conversation import Conversation
from actions.dialogue.entries import CERTAIN
from actions.dialogue.steps.asked_of_it import asked_of_it
from actions.dialogue.steps.explained import explained, said_again
from knowledge.document.passages import Passage
from knowledge.reply import wording
from knowledge.reply.answer import Outcome
from knowledge.reply.gazetteer import Gazetteer
from knowledge.reply.unsaid import is_held
from tests.actions.findings import ABOUT_BEDS, BEDS, CANTEENS, PLACES, finding, leaning
from tests.actions.test_steps import NO_SUBJECT, cited, given, is_silent

REFUSED = Conversation(refused="徐泾有没有夜校")
NIGHT_SCHOOL = finding("徐泾有没有夜校", CANTEENS)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("多少钱一个月", "没有写多少钱"),
        ("那要交钱吗？", "没有写多少钱"),
        ("几点到几点", "没有写几点到几点"),
        ("周末开不开", "没有写几点到几点"),
        ("请问电话多少", "没有写电话"),
        ("在哪里", "没有写具体地址"),
        ("在哪报名", "没有写怎么办理"),
        ("How much does it cost?", "没有写多少钱"),
        ("what’s the phone number", "没有写电话"),
        ("Where can I apply", "没有写怎么办理"),
    ],
)
def test_of_an_answer_it_says_that_the_sentence_does_not_give_it(text: str, left: str) -> None:
    """By its name, with whom to ask, and the conversation stays with it."""
    reply = given(asked_of_it(leaning(text)))
    assert is_silent(reply) and left in reply.answer.text and "12345" in reply.answer.text
    assert reply.conversation.commitment_id == "c-beds"


@pytest.mark.parametrize("text", ["什么时候", "那到什么时候呀？", "大概哪一年完成", "几时造好", "By when?"])
def test_a_date_that_the_sentence_gives_is_the_answer(text: str) -> None:
    """Shown once more; where it gives none, that is said."""
    reply = given(asked_of_it(leaning(text)))
    assert reply.answer.outcome is Outcome.ANSWERED and cited(reply) == "c-beds"
    undated = replace(ABOUT_BEDS, commitment_id=CANTEENS.id)
    assert "没有写什么时候" in given(asked_of_it(leaning(text, before=undated))).answer.text


def test_what_the_sentence_gives_is_shown_once_more() -> None:
    """A price of the plan's own."""
    asked = leaning("要钱吗")
    free = replace(BEDS.passage, text="免费开放老年人床位。")
    asked.services.search.by_id["c-beds"] = replace(BEDS, passage=free)
    assert cited(asked_of_it(asked)) == "c-beds"


@pytest.mark.parametrize(
    ("text", "held"), [("在各街镇设立助餐点", False), ("在徐泾镇设立助餐点", True), ("沿外青松路建设", True)]
)
def test_an_address_is_given_where_a_place_is_named(text: str, held: bool) -> None:
    """「街镇」 is none."""
    assert is_held("address", Passage(text, 1, 1, "", "", "", "body", "plan"), Gazetteer(PLACES)) is held


def test_of_a_refusal_it_is_refused_by_its_name_and_goes_on() -> None:
    """With the choices that fit the question refused; once more, and for another thing too."""
    reply = given(asked_of_it(leaning("多少钱一个月", NIGHT_SCHOOL, before=REFUSED)))
    assert is_silent(reply) and "也没有写多少钱" in reply.answer.text
    again = given(asked_of_it(leaning("几点开门", NIGHT_SCHOOL, before=reply.conversation)))
    assert "也没有写几点到几点" in again.answer.text


def test_before_any_answer_it_is_asked_of_what() -> None:
    """Nobody is told that it is none of our business; and a story told before is what it is asked of."""
    reply = given(asked_of_it(leaning("多少钱", before=NO_SUBJECT)))
    assert reply.answer.outcome is Outcome.CLARIFY and reply.answer.text.startswith(wording.NO_CONTEXT.zh)
    assert asked_of_it(leaning("多少钱", before=Conversation(told=("我妈想住养老院",)))) is None


@pytest.mark.parametrize(
    "text", ["公租房多少钱", "养老院在哪里", "出处在哪", "几点了我睡不着", "多少张", "电话诈骗怎么办"]
)
def test_a_question_that_names_a_thing_is_its_own(text: str) -> None:
    """It is searched for."""
    assert asked_of_it(leaning(text)) is None


def test_the_step_is_taken() -> None:
    """Before anything is weighed."""
    assert asked_of_it in CERTAIN


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("not_in_plan", "规划里没有写这一点。"),
        ("handoff", "已经登记，编号 QP261129-HQMPS。"),
        ("clarify", "您想问的是哪一个？"),
        ("chat", "您好！"),
    ],
)
def test_the_last_reply_is_said_again_whatever_it_was(outcome: str, said: str) -> None:
    """A refusal, a reference number, choices: with what could be chosen; not the passage before it."""
    before = replace(ABOUT_BEDS, said=said, outcome=outcome, offered=("公租房", "都不是"))
    reply = given(said_again(leaning("没听清", before=before)))
    lines = reply.answer.text.split("\n")
    assert lines[:2] == [wording.REPEATED.zh, said] and lines[-2:] == ["1. 公租房", "2. 都不是"]
    assert reply.answer.outcome is Outcome.CHAT and reply.conversation == before and not reply.answer.citations


@pytest.mark.parametrize("outcome", ["not_in_plan", "out_of_scope", "handoff"])
def test_a_reply_without_a_passage_is_put_in_plain_words(outcome: str) -> None:
    """What it comes to and what to do, then the reply itself."""
    before = replace(ABOUT_BEDS, said="规划里没有写这一点。", outcome=outcome)
    lines = given(explained(leaning("看不懂", before=before))).answer.text.split("\n")
    assert lines == [wording.PLAINER[outcome].zh, "规划里没有写这一点。"] and lines[0].startswith("简单说：")


def test_choices_that_are_not_understood_are_explained() -> None:
    """By how one chooses; the question above them is not repeated."""
    before = Conversation(said="您想问的是哪一个？", outcome="clarify", offered=("公租房", "廉租房"))
    text = given(explained(leaning("看不懂", before=before))).answer.text
    assert text == f"{wording.PLAINER['clarify'].zh}\n1. 公租房\n2. 廉租房"
