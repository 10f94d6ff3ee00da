"""The dialogue on the real knowledge, as residents meet it; each step by itself is tried in test_steps.py."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from actions.dialogue.conversation import Conversation
from actions.dialogue.reply import Reply
from actions.dialogue.responder import Responder
from actions.dialogue.utterance import Utterance
from danger.replies import Replies
from knowledge.document.plan_text import read_plan, squash
from knowledge.groundwork import settings
from knowledge.published.corrections import Link, LiveCorrections, Pointer, today
from knowledge.reply.answer import Outcome
from knowledge.reply.compose import Composer
from knowledge.reply.gazetteer import Gazetteer
from knowledge.reply.listing import LINES, Subjects
from knowledge.search.finder import Finder
from knowledge.search.known import KnownIntents, KnownQuestions


@pytest.fixture(scope="module")
def responder(finder: Finder) -> Responder:
    """A responder whose clock stands in 2026."""
    meta = finder.stored.meta
    period, commitments = tuple(meta["period"]), finder.stored.commitments
    composer = Composer(meta["short_title"], period, "http://x/plan", commitments, gazetteer=Gazetteer.of(meta))
    return Responder(finder, composer, Subjects.load(settings.SUBJECTS), now=lambda: datetime(2026, 11, 1))


def said(responder: Responder, text: str, intents: Mapping[str, float] | None = None) -> Utterance:
    """As NLU hands it over, understood; without a view of its own, the finder's view of intents is used."""
    finder = responder.finder
    understood = finder.normalizer.normalise(text)
    vector = finder.encoder.query(understood.text)
    return Utterance(text, intents or finder.intents(understood.text, vector), understood, vector)


def ask(responder: Responder, text: str, before: Conversation | None = None) -> Reply:
    """What a resident says, in a conversation or at its beginning, of the kind that NLU takes it for."""
    turn = said(responder, text)
    return responder.reply(turn, before or Conversation(), max(turn.intents, key=lambda name: turn.intents[name]))


@pytest.mark.parametrize(
    ("question", "quote", "page"),
    [
        ("到2025年养老院有多少张床", "9500", 55),
        ("有没有托班可以送", "托育", 51),
        ("小学放学后有没有课后服务", "课后服务", 52),
        ("公租房有什么安排", "公共租赁住房", 56),
    ],
)
def test_plain_questions_are_answered_with_passage_and_page(
    responder: Responder, question: str, quote: str, page: int
) -> None:
    """The four topics, each from its own passage."""
    answer = ask(responder, question).answer
    assert answer.outcome is Outcome.ANSWERED
    assert quote in squash(answer.citations[0].quote)
    assert answer.citations[0].page == page


def test_text_alone_is_complete(responder: Responder) -> None:
    """A resident who sees only text sees answer, source and page."""
    answer = ask(responder, "养老机构床位目标是多少").answer
    assert "9500" in answer.text and "第55页" in answer.text and "《青浦区“十四五”规划纲要》" in answer.text


def test_baseline_stands_beside_the_target(responder: Responder) -> None:
    """8278 in 2020 beside 9500 in 2025, each from the plan."""
    answer = ask(responder, "养老机构床位到2025年总数多少张").answer
    fact = next(f for f in answer.facts if f.value == 9500)
    assert (fact.baseline.value, fact.baseline.year) == (8278, 2020)


def test_a_false_number_is_not_confirmed(responder: Responder) -> None:
    """Asked whether 20,000 beds are promised, the answer states what the plan says."""
    answer = ask(responder, "规划是不是说要建两万张养老床位").answer
    assert "20000" not in answer.text and "两万" not in answer.headline
    assert answer.outcome is not Outcome.ANSWERED or "9500" in answer.text


def test_no_answer_holds_a_claim_that_is_not_the_plans(responder: Responder, finder: Finder) -> None:
    """Headline, but for the year in front of what was then, and quotes of every commitment's answer stand in the plan.

    A row of the table is put into words: its name and its number are the plan's.
    """
    plan = re.sub(r"-\d+-", "", squash(read_plan(settings.PLAN)))
    for commitment in finder.stored.commitments:
        answer = responder.services.composer.passage(commitment, question=commitment.title, today_year=2026)
        told = re.sub(r"^到\d{4}年：", "", squash(answer.headline))
        row = re.fullmatch(r"主要指标[“「](.+)[”」]：\d{4}年目标(?:累计)?([\d.]*).*", told)
        assert all(part in plan for part in (row.groups() if row else (told,))), commitment.id
        assert all(squash(c.quote) in plan for c in answer.citations), commitment.id


def test_the_period_has_ended_and_the_answer_says_so(responder: Responder) -> None:
    """In 2026 a target is not presented as achieved."""
    assert "2021—2025" in (ask(responder, "养老机构床位目标是多少").answer.notice or "")


@pytest.mark.parametrize("question", ["公租房申请要带什么材料", "青浦区民政局电话多少", "养老院一个月收费多少钱"])
def test_silence_is_admitted(responder: Responder, question: str) -> None:
    """The plan has no phone numbers, fees or procedures."""
    answer = ask(responder, question).answer
    assert answer.outcome is Outcome.NOT_IN_PLAN
    assert answer.citations == () and "12345" in answer.text


@pytest.mark.parametrize("question", ["今天天气怎么样", "写一首关于春天的诗", "。。。", "asdfghjkl"])
def test_other_matters_are_out_of_scope(responder: Responder, question: str) -> None:
    """No citation for what is not about public services."""
    answer = ask(responder, question).answer
    assert answer.outcome is Outcome.OUT_OF_SCOPE and answer.citations == ()


def test_follow_ups_keep_the_subject(responder: Responder) -> None:
    """Source, baseline, more and another object, after one question about beds."""
    first = ask(responder, "养老机构床位到2025年有多少张")
    context = first.conversation
    source = responder.reply(said(responder, "出处在哪"), context, "ask_source")
    assert source.answer.citations[0].page == 55
    before = responder.reply(said(responder, "原来有多少"), context, "ask_how_many")
    assert "8278" in before.answer.text and before.answer.citations[0].page == 4
    more = responder.reply(said(responder, "还有呢"), context, "ask_more")
    assert more.answer.outcome is Outcome.ANSWERED
    assert more.answer.citations[0].quote != first.answer.citations[0].quote
    other = responder.reply(said(responder, "那认知障碍的呢"), context, "follow_up")
    assert "认知障碍" in other.answer.headline


@pytest.mark.parametrize(
    ("question", "follow_up", "words"),
    [
        ("普惠托育是不是到处都有", "我们街道也有吗", "11个街镇"),
        ("普惠托育是不是到处都有", "那徐泾呢", "11个街镇"),
        ("廉租房标准会调整吗", "那公租房呢", "公共租赁住房"),
        ("小学课后服务怎么样", "那高中呢", "高中"),
        ("今天星期几", "那高中呢", "高中"),
        ("人均公园绿地2025年要到多少", "原来呢", "达10平方米"),
        ("公租房以后怎么弄", "前面五年弄了多少套了", "2905套"),
        ("“美丽家园”到2025年要创建多少个", "之前搞了多少", "200万平方米"),
    ],
)
def test_a_follow_up_names_what_changes(responder: Responder, question: str, follow_up: str, words: str) -> None:
    """Place, object or time changes, the rest of the question stays."""
    context = ask(responder, question).conversation
    answer = responder.reply(said(responder, follow_up), context, "follow_up").answer
    assert answer.outcome is Outcome.ANSWERED and words in squash(answer.headline)


@pytest.mark.parametrize(
    ("question", "follow_up"),
    [
        ("认知障碍的床位要有多少", "原来呢"),
        ("老小区加装电梯有啥说法", "我们小区也有吗"),
        ("养老院床位到2025年要有多少张", "怎么申请呢"),
    ],
)
def test_a_follow_up_on_which_the_plan_is_silent(responder: Responder, question: str, follow_up: str) -> None:
    """The figure of 2020, one's own estate, how to apply: no other passage is passed off for it."""
    context = ask(responder, question).conversation
    assert responder.reply(said(responder, follow_up), context, "follow_up").answer.outcome is Outcome.NOT_IN_PLAN


def talk(responder: Responder, *turns: str) -> Reply:
    """The reply to the last of some turns."""
    reply = ask(responder, turns[0])
    for turn in turns[1:]:
        reply = ask(responder, turn, reply.conversation)
    return reply


@pytest.mark.parametrize(
    ("turns", "words"),
    [
        (("老伴瘫在床上，我自己也七十多了", "有没有人能替替我"), "喘息服务"),
        (("养老院床位有多少", "那护理型的呢"), "60%"),
        (("养老院床位有多少", "什么时候"), "2025年"),
        (("养老院床位有多少", "不对，我问的是公租房"), "公共租赁住房"),
        (("养老院床位有多少", "公租房有什么安排", "回到刚才床位的事"), "9500张"),
        (("养老院床位有多少", "再说一遍"), "9500张"),
        (("养老院床位有多少？公租房有什么安排？",), "公共租赁住房"),
    ],
)
def test_one_may_talk_as_one_talks(responder: Responder, turns: tuple[str, ...], words: str) -> None:
    """What the README says is understood, by what the last turn is answered."""
    answer = talk(responder, *turns).answer
    assert answer.outcome is Outcome.ANSWERED and words in squash(answer.headline)


def test_what_is_only_told_is_listened_to(responder: Responder) -> None:
    """No passage for it, and no refusal."""
    reply = talk(responder, "老伴瘫在床上，我自己也七十多了")
    assert reply.step == "heard" and reply.answer.outcome is Outcome.CHAT and reply.conversation.told


def test_what_was_not_meant_is_not_said_again(responder: Responder) -> None:
    """「不是这个」 gets choices, and that it was not found."""
    reply = talk(responder, "养老院床位有多少", "不是这个")
    assert reply.answer.outcome is Outcome.CLARIFY and reply.answer.headline.startswith("对不起")
    assert reply.conversation.denied


@pytest.mark.parametrize(("text", "step"), [("出处在哪", "source"), ("再说一遍", "said_again"), ("那护理型的呢", "same_sentence")])  # fmt: skip
def test_only_what_is_said_again_is_said_to_be(responder: Responder, text: str, step: str) -> None:
    """The same passage by three readings: recorded under the one that holds, in the words of that."""
    reply = talk(responder, "养老院床位有多少", text)
    assert reply.step == step and ("再说一遍" in reply.answer.text) == (step == "said_again")


def test_a_choice_is_answered_by_its_number(responder: Responder) -> None:
    """The second of what was offered, recorded as chosen."""
    first = ask(responder, "住房问题怎么说")
    second = first.answer.related[1]
    reply = ask(responder, "第二个", first.conversation)
    assert reply.answer.outcome is Outcome.ANSWERED and reply.step == "chosen"
    assert reply.answer.citations[0].quote == ask(responder, second.payload).answer.citations[0].quote


def test_where_no_reading_was_meant_the_question_waits_for_a_person(responder: Responder) -> None:
    """Readings are offered, the last of them that it is none; then the question is registered, recorded as such."""
    vague = ("路啥时候修好", "小区里厢的事", "那个上课的地方", "镇上有医院伐", "低空飞行的起降点建几处")
    asked = (
        (question, ask(responder, question)) for question in vague
    )  # of one or the other several readings are likely
    question, offered = next(
        each for each in asked if each[1].step == "weighed" and each[1].answer.outcome is Outcome.CLARIFY
    )
    assert offered.answer.related[-1].payload == "都不是"
    reply = ask(responder, offered.answer.related[-1].payload, offered.conversation)
    assert reply.answer.outcome is Outcome.HANDOFF and reply.step == "none_of_these"
    assert reply.handoff is not None and reply.handoff["text"].startswith(question[:6])


def test_follow_up_without_a_subject_asks_back(responder: Responder) -> None:
    """A bare 「那呢」 at the start is a clarification, never a guess."""
    reply = responder.reply(said(responder, "那呢"), Conversation(), "follow_up")
    assert reply.answer.outcome is Outcome.CLARIFY and len(reply.answer.related) >= 2


@pytest.mark.parametrize("question", ["老人那一块的事，问一下", "住房问题怎么说", "教育", "看病的事"])
def test_a_subject_without_a_question_asks_what_is_meant(responder: Responder, question: str) -> None:
    """Up to three main points and the whole list as choices; said again, it is the list; each choice answers."""
    first = ask(responder, question)
    assert first.answer.outcome is Outcome.CLARIFY and 2 <= len(first.answer.related) <= 4
    again = ask(responder, question, first.conversation).answer
    assert again.outcome is Outcome.ANSWERED
    for choice in first.answer.related:
        assert ask(responder, choice.payload, first.conversation).answer.outcome is Outcome.ANSWERED, choice


def test_the_next_object_is_asked_the_same(responder: Responder) -> None:
    """How many there were of one thing, then 「那公租房呢」: its figure of then."""
    context = ask(responder, "2020年养老床位有多少").conversation
    assert context.aspect == "past"
    assert "2905" in responder.reply(said(responder, "那公租房呢"), context, "follow_up").answer.headline


def test_never_two_clarifications_in_a_row(responder: Responder) -> None:
    """After a clarification the next turn answers or refuses."""
    first = ask(responder, "床位")
    second = ask(responder, "床位", Conversation(clarified=True))
    assert second.answer.outcome is not Outcome.CLARIFY
    if first.answer.outcome is Outcome.CLARIFY:
        assert first.conversation.clarified and 2 <= len(first.answer.related) <= 4


@pytest.mark.parametrize(
    ("text", "kind"), [("我有个建议，机器人说话慢一点", "suggestion"), ("你们这个服务太差了我要投诉", "complaint")]
)
def test_a_suggestion_is_no_complaint(responder: Responder, text: str, kind: str) -> None:
    """What a resident suggests is registered as such, and thanked for."""
    reply = responder.reply(said(responder, text, {"complaint": 0.9}), Conversation(), "complaint")
    assert reply.handoff is not None and reply.handoff["kind"] == kind
    assert ("谢谢" in reply.answer.text) == (kind == "suggestion")


def test_handoff_has_a_reference_number(responder: Responder) -> None:
    """The number told is the number recorded."""
    reply = responder.reply(said(responder, "我要找人工", {"handoff": 0.99}), Conversation(), "handoff")
    assert reply.answer.outcome is Outcome.HANDOFF
    assert reply.handoff and reply.handoff["reference"] in reply.answer.text


def test_a_doubtful_case_gets_a_quiet_line_under_whatever_is_answered(responder: Responder) -> None:
    """What the channel noticed adds whom to call at the end, once, whatever kind of turn NLU takes it for."""
    turn, context = said(responder, "老人摔伤了能不能送医上门"), ask(responder, "养老机构床位有多少").conversation
    noticed = {"kinds": ["medical"], "script": "zh-Hans", "lately": False}
    replies = [
        responder.reply(turn, Conversation(), "ask_elderly_care"),
        responder.reply(turn, context, "follow_up"),
        responder.reply(turn, context, "complaint"),
        responder.reply(turn, context, "goodbye"),
    ]
    for reply in replies:
        answer = Replies().beside(reply.answer, noticed)
        assert answer.text.startswith(reply.answer.text) and answer.outcome is reply.answer.outcome
        assert "120" in answer.text.splitlines()[-1] and answer.text.count("120") == 1
        assert (answer.danger, answer.hotlines[0].number) == ("medical", "120")


@pytest.mark.parametrize(("words", "kind"), [("再见", "goodbye"), ("谢谢", "thanks")])
def test_small_talk_soon_after_danger_is_no_goodbye(responder: Responder, words: str, kind: str) -> None:
    """It stays a conversation about danger: the numbers once more, and no list of what can be asked."""
    reply = responder.reply(said(responder, words, {kind: 0.99}), Conversation(), kind)
    noticed = {"kinds": ["self_harm"], "script": "zh-Hans", "lately": True}
    answer = Replies().beside(reply.answer, noticed)
    assert answer.outcome is Outcome.CHAT and answer.hotlines[0].number == "12356" and not answer.related
    assert reply.answer.text not in answer.text


def test_thanks_do_not_end_the_subject(responder: Responder) -> None:
    """After 「谢谢」 a follow-up still knows what was talked about."""
    context = ask(responder, "养老机构床位到2025年有多少张").conversation
    thanked = responder.reply(said(responder, "谢谢", {"thanks": 0.99}), context, "thanks")
    assert thanked.answer.outcome is Outcome.CHAT
    assert thanked.conversation.commitment_id == context.commitment_id


@pytest.mark.parametrize(("question", "topic"), [("养老方面有哪些指标", "elderly_care"), ("住房有哪些打算", "housing")])
def test_a_broad_subject_gives_a_list_in_parts(responder: Responder, finder: Finder, question: str, topic: str) -> None:
    """At most ten lines, grouped by place, verbatim, and 「还有呢」 goes on without repeating."""
    plan = re.sub(r"-\d+-", "", squash(read_plan(settings.PLAN)))
    seen: list[str] = []
    reply = ask(responder, question)
    while True:
        items = [line for line in reply.answer.text.splitlines() if re.match(r"\d+\. ", line)]
        assert reply.answer.outcome is Outcome.ANSWERED and reply.answer.topic == topic
        assert 0 < len(items) <= LINES and reply.answer.citations
        for line in items:
            assert "主要指标" in line or squash(re.sub(r"^\d+\. |（第\d+页）$", "", line)) in plan
        seen += [re.sub(r"^\d+\. ", "", line) for line in items]
        if not reply.conversation.listed:
            break
        assert "还有呢" in reply.answer.text
        reply = responder.reply(said(responder, "还有呢"), reply.conversation, "ask_more")
    assert len(seen) == len(set(seen)) >= 3


def test_a_narrow_question_with_which_is_no_list(responder: Responder) -> None:
    """「哪些」 about one thing has one passage."""
    answer = ask(responder, "年轻人才住房从哪些方面筹措").answer
    assert "还有呢" not in answer.text


def test_ten_minutes_of_silence_end_the_context() -> None:
    """Before, a follow-up still knows; after, it does not."""
    context = Conversation(commitment_id="c-1", at=1000.0)
    assert context.unless_silent_since(1600.0) == context
    assert context.unless_silent_since(1600.1) == Conversation()


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("公租房申请要带哪些材料", "要带哪些材料"),
        ("养老院联系电话是多少号", "没有写电话"),
        ("托班一个月收费多少", "没有写多少钱"),
        ("徐泾托班多少钱，几点放学", "没有单独写徐泾的这件事，也没有写多少钱、几点到几点"),
        ("校车", "没有写这一点"),
        ("中考怎么改", "没有写这一点"),
    ],
)
def test_a_refusal_says_what_the_plan_does_not_say(responder: Responder, question: str, words: str) -> None:
    """Named where it is clear."""
    assert words in ask(responder, question).answer.headline


@pytest.mark.parametrize("context", [Conversation(), Conversation(commitment_id="c-none")])
def test_a_pointing_question_that_names_its_object_needs_no_context(
    responder: Responder, context: Conversation
) -> None:
    """「那加装电梯呢」 is clear by itself."""
    answer = ask(responder, "那加装电梯呢", context).answer
    assert answer.outcome is Outcome.ANSWERED and "加装电梯" in answer.headline


def published_responder(finder: Finder, *questions: Link | Pointer) -> Responder:
    """A responder while these are published."""
    corrections = LiveCorrections(questions)
    meta = finder.stored.meta
    composer = Composer(meta["short_title"], tuple(meta["period"]), "http://x/plan", finder.stored.commitments)
    return Responder(finder.trying(corrections), composer, Subjects.load(settings.SUBJECTS))


LINKED = Link("谢谢你们那个老人床的事", "c-702f53f084")
POINTED = Pointer("那个补贴卡怎么办", "请看区民政局指南", "https://www.shqp.gov.cn/x", today() + timedelta(days=1))


@pytest.mark.parametrize("intent", ["thanks", "complaint", "follow_up", "out_of_scope"])
@pytest.mark.parametrize("published", [LINKED, POINTED])
def test_what_staff_published_holds_whatever_nlu_takes_the_turn_for(
    finder: Finder, intent: str, published: Link | Pointer
) -> None:
    """Small talk, a complaint, a follow-up in the middle of another subject, out of scope."""
    responder = published_responder(finder, LINKED, POINTED)
    before = Conversation(commitment_id=finder.stored.commitments[0].id, question="别的")
    turn = said(responder, f"{published.question}呀", {intent: 0.95})
    reply = responder.reply(turn, before, intent)
    if isinstance(published, Link):
        assert reply.answer.outcome is Outcome.ANSWERED
        assert reply.answer.citations[0].commitment_id == published.commitment_id
        assert reply.conversation.commitment_id == published.commitment_id
    else:
        assert reply.answer.outcome is Outcome.NOT_IN_PLAN and not reply.answer.citations
        assert published.text in reply.answer.text and published.url in (reply.answer.notice or "")


def test_the_quiet_line_stands_under_what_staff_published_too(finder: Finder) -> None:
    """A pointer of staff for the same words neither loses it nor is lost."""
    asked = "老人摔伤了找哪里"
    pointer = Pointer(asked, "请看区卫健委指南", "https://www.shqp.gov.cn/x", today() + timedelta(days=1))
    responder = published_responder(finder, pointer)
    answer = ask(responder, asked).answer
    answer = Replies().beside(answer, {"kinds": ["medical"], "script": "zh-Hans", "lately": False})
    assert pointer.text in answer.text and pointer.url in (answer.notice or "")
    assert "120" in answer.text.splitlines()[-1]


def known_to(responder: Responder, known: KnownQuestions) -> Responder:
    """The same responder, to whom these words were taught."""
    finder = responder.finder
    taught = Finder(finder.stored, finder.normalizer, finder.computer, finder._models, finder.encoder, known)
    return Responder(taught, responder.services.composer, responder.services.subjects, now=responder.services.now)


def test_what_was_taught_is_believed_against_every_rule(responder: Responder) -> None:
    """Long small talk, a complaint that names a thing of the plan, a whole subject, a turn that seems to lean on the last."""
    chat = "今朝养老院里的老阿姨老伯伯都蛮开心额谢谢倷大家"
    complaint, subject, leaning = "公租房", "养老", "那高中呢"
    linked = next(c for c in responder.finder.stored.commitments if not c.curated)
    plain = [responder.finder.normalizer.normalise(text).text for text in (chat, complaint)]
    intents = KnownIntents.of([(plain[0], "thanks"), (plain[1], "complaint")])
    known = KnownQuestions({subject: linked.id}, frozenset(), {"那高中": "fee"}, intents)
    taught = known_to(responder, known)
    about = ask(responder, "小学放学后有没有课后服务").conversation
    assert taught.reply(said(taught, chat, {"thanks": 0.99}), about, "thanks").answer.outcome is Outcome.CHAT
    assert responder.reply(said(responder, complaint), about, "complaint").answer.outcome is not Outcome.HANDOFF
    assert taught.reply(said(taught, complaint), about, "complaint").answer.outcome is Outcome.HANDOFF
    assert ask(responder, subject).answer.outcome is Outcome.CLARIFY
    assert ask(taught, subject).answer.citations[0].commitment_id == linked.id
    assert ask(taught, leaning, about).answer.outcome is Outcome.NOT_IN_PLAN
    assert taught.reply(said(taught, leaning), about, "follow_up").answer.outcome is Outcome.NOT_IN_PLAN


@pytest.mark.slow
def test_english_wishes_are_read_as_they_are_typed(responder: Responder) -> None:
    """What mends Chinese makes another word of don't, and pinyin of 「say it again」."""
    replies = [Reply(None, Conversation())]  # type: ignore[arg-type]
    for text in ("What about public rental housing", "Say it again", "I don't understand this", "Was it achieved?"):
        replies.append(responder.reply(said(responder, text), replies[-1].conversation))
    assert [reply.step for reply in replies[2:]] == ["said_again", "explained", "done_by_now"]
    assert all(reply.answer.language == "en" for reply in replies[1:])


@pytest.mark.slow
def test_a_parent_goes_on_after_a_refusal(responder: Responder) -> None:
    """The price and the hours of what was refused; then the refusal once more, and in plain words."""
    conversation, texts = Conversation(), []
    for text in ("徐泾的托班怎么报名", "多少钱一个月", "几点开门", "再说一遍", "看不懂"):
        reply = responder.reply(said(responder, text), conversation)
        conversation = reply.conversation
        texts.append(reply.answer.text)
    assert "我不能替它回答" in texts[0] and "也没有写多少钱" in texts[1]
    assert "也没有写几点到几点" in texts[2] and "也没有写几点到几点" in texts[3] and texts[4].startswith("简单说：")


@pytest.mark.slow
@pytest.mark.parametrize(
    "question", ["徐泾有没有托儿所", "香花桥有没有托儿所", "民乐佳苑能装电梯吗", "赵巷会不会开托班"]
)
def test_what_is_refused_for_its_place_alone_is_answered_for_the_district(responder: Responder, question: str) -> None:
    """The plan's words for all of it, and that they do not speak of that place by itself."""
    answer = ask(responder, question).answer
    assert answer.outcome is Outcome.ANSWERED and "没有单独写" in answer.text


@pytest.mark.slow
@pytest.mark.parametrize("question", ["儿童医院会造在徐泾吗", "赵巷加装电梯一台多少钱", "徐泾的托班怎么报名"])
def test_what_asks_for_more_than_a_place_stays_refused(responder: Responder, question: str) -> None:
    """A hospital in one town, a price, how to apply: that the plan does not say it of the place, and what else is missing."""
    answer = ask(responder, question).answer
    assert answer.outcome is Outcome.NOT_IN_PLAN and "没有单独写" in answer.headline


@pytest.mark.slow
@pytest.mark.parametrize("question", ["朱家角有没有养老院", "淀山湖新城有没有养老院"])
def test_choices_say_that_none_speaks_of_the_place(responder: Responder, question: str) -> None:
    """Before the line that asks which is meant."""
    answer = ask(responder, question).answer
    told = answer.text.splitlines()
    assert answer.outcome is Outcome.CLARIFY and "没有单独写" in told[0] and told[1] == answer.headline


@pytest.mark.slow
def test_a_former_town_alone_leans_on_the_last_answer(responder: Responder) -> None:
    """As one of the eleven towns does."""
    first = ask(responder, "养老院床位有多少")
    reply = ask(responder, "那商榻呢", first.conversation)
    assert reply.step == "place_alone" and "没有单独写商榻" in reply.answer.headline


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "never"),
    [("助餐点在哪里", "光盘"), ("高龄补贴多少", "1+1+N"), ("徐泾的托班怎么报名", "医院")],
)
def test_what_stands_beside_a_refusal_fits_it(responder: Responder, question: str, never: str) -> None:
    """Its topic or a term of it; nothing is better than jargon on something else."""
    answer = responder.reply(said(responder, question), Conversation()).answer
    assert answer.outcome is Outcome.NOT_IN_PLAN
    assert not [related.title for related in answer.related if never in related.title]
