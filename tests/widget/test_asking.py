"""A resident asks in the widget: answers, places in the plan, follow-ups, votes, a person."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timezone

import pytest
from playwright.sync_api import BrowserContext, expect

from conversations.notices import Notice
from conversations.requests import RequestBook
from conversations.turn_log import TurnLog
from tests.journeys.processes import Product
from tests.widget.chat import Visit

BEDS = "到2025年养老院床位有多少张"


def test_an_answer_shows_headline_numbers_passage_and_place(visit: Visit) -> None:
    """What the plan says, from 2020 to 2025, word for word, with its page; and axe finds nothing wrong with it."""
    answer = visit.open().ask(BEDS)
    expect(answer.locator(".headline")).to_contain_text("9500张")
    change = answer.locator(".change").first
    expect(change).to_contain_text("8278张")
    expect(change).to_contain_text("9500张")
    old, new = (float(change.locator(".fill").nth(n).get_attribute("width") or 0) for n in (0, 1))
    assert new == 100 and round(old) == round(100 * 8278 / 9500)
    expect(answer.locator("blockquote").first).to_contain_text("养老机构床位总数增加到9500张")
    expect(answer.locator(".source").first).to_contain_text("第 55 页")
    visit.check_accessible()


def test_the_link_opens_the_plan_at_the_highlighted_sentence(visit: Visit) -> None:
    """In a new window, scrolled to and marked."""
    answer = visit.open().ask(BEDS)
    with visit.page.expect_popup() as opened:
        answer.get_by_role("link", name="看原文").first.click()
    reader = opened.value
    reader.wait_for_load_state()
    marked = reader.locator(".passage:target, .passage:has(> :target)")
    expect(marked).to_have_count(1)
    expect(marked).to_contain_text("养老机构床位总数增加到9500张")
    expect(marked).to_be_in_viewport()
    assert reader.evaluate("e => getComputedStyle(e).backgroundColor", marked.element_handle()) == "rgb(255, 229, 138)"


def test_a_follow_up_and_a_related_question_go_on_from_there(visit: Visit) -> None:
    """「那认知障碍的呢」 is understood after the beds; a button asks the next question."""
    visit.open().ask(BEDS)
    expect(visit.ask("那认知障碍的呢").locator(".headline")).to_contain_text("550张")
    related = visit.answers.last.locator(".choice").first
    expect(related).to_be_visible()
    related.click()
    expect(visit.answers).to_have_count(3)


def test_a_vague_question_gets_choices(visit: Visit) -> None:
    """Each is a button, and choosing one answers."""
    answer = visit.open().ask("住房问题怎么说")
    choices = answer.locator(".choice")
    assert choices.count() >= 2
    visit.check_accessible()
    choices.first.click()
    expect(visit.answers).to_have_count(2)
    expect(visit.answers.last).to_have_class(re.compile("answered"))


def test_choices_stand_below_the_question_and_what_none_of_them_says_above(visit: Visit) -> None:
    """The town that was named, with the number to dial; the question leads to the choices."""
    answer = visit.open().ask("朱家角有没有养老院")
    expect(answer).to_have_class(re.compile("clarify"))
    expect(answer.locator(".headline")).to_contain_text("是不是")
    lines = answer.locator("p").all_inner_texts()
    unsaid = next(n for n, text in enumerate(lines) if "没有单独写朱家角" in text)
    assert "12345" in lines[unsaid] and "是不是" in lines[unsaid + 1]
    assert answer.locator(".choice").count() >= 3
    visit.check_accessible()


def test_what_the_plan_does_not_say_is_said_so_with_the_hotline_to_dial(visit: Visit) -> None:
    """The number is a link that a phone dials."""
    answer = visit.open().ask("养老院一个月收费多少钱")
    expect(answer).to_have_class(re.compile("not_in_plan"))
    expect(answer.locator('a[href="tel:12345"]').first).to_be_visible()


def test_a_refusal_is_asked_on_said_again_and_put_in_plain_words(visit: Visit) -> None:
    """Price and hours are of what was refused and never out of place; what is offered beside them answers."""
    visit.open().ask("徐泾的托班怎么报名")
    expect(visit.ask("多少钱一个月")).to_contain_text("也没有写多少钱")
    expect(visit.ask("几点开门")).to_contain_text("也没有写几点到几点")
    expect(visit.ask("再说一遍")).to_contain_text("好的，再说一遍：")
    answer = visit.ask("看不懂")
    expect(answer).to_contain_text("简单说：")
    expect(answer.locator('a[href="tel:12345"]').first).to_be_visible()
    visit.check_accessible()
    answer.get_by_role("button", name="幼儿园有没有托班").click()
    expect(visit.answers.last).to_have_class(re.compile("answered"))


def test_a_list_is_shown_whole(visit: Visit) -> None:
    """Every item of a list stands in the answer, with its page."""
    answer = visit.open().ask("养老方面有哪些安排")
    items = answer.locator(".line", has_text=re.compile(r"^\d+\. .*第\d+页"))
    assert items.count() == 10


def test_a_vote_reaches_the_log_with_its_word(visit: Visit, log: TurnLog) -> None:
    """Thumb down, a word, and a change of mind; the last vote counts."""
    answer = visit.open().ask("小孩两岁有没有托班可以上")
    answer.get_by_role("button", name="没用").click()
    answer.get_by_role("textbox").fill("没说在哪里报名")
    answer.get_by_role("button", name="提交").click()
    expect(answer.locator(".after")).to_contain_text("谢谢！")
    answer_id = visit.page.evaluate(
        "[...document.querySelector('qingpu-ask').conversation.turns.values()][0].answer.answer_id"
    )
    turn = log.turn(answer_id)
    assert turn is not None and (turn.feedback, turn.feedback_comment) == ("down", "没说在哪里报名")
    answer.get_by_role("button", name="有用").click()
    expect(answer.get_by_role("button", name="有用")).to_have_attribute("aria-pressed", "true")
    for _ in range(100):  # the button is pressed before the vote has arrived
        voted = log.turn(answer_id)
        if voted is not None and voted.feedback == "up":
            break
        visit.page.wait_for_timeout(100)
    assert voted is not None and voted.feedback == "up"


def test_after_a_thumb_down_comes_what_else_helps(visit: Visit) -> None:
    """Other words, the hotline to dial, and a person: one tap registers the request."""
    answer = visit.open().ask("小孩两岁有没有托班可以上")
    answer.get_by_role("button", name="有用").click()
    expect(answer.locator(".after form")).to_be_visible()
    expect(answer.locator(".next")).to_have_count(0)
    answer.get_by_role("button", name="没用").click()
    expect(answer.locator(".next")).to_contain_text("换个说法再问")
    expect(answer.locator(".next a")).to_have_attribute("href", "tel:12345")
    visit.check_accessible()
    answer.get_by_role("button", name="找人工").click()
    expect(visit.answers.last.locator(".reference strong")).to_have_text(re.compile(r"QP\d{6}-\w{5}"))


def test_a_request_for_a_person_shows_its_number_and_takes_a_contact_with_consent(
    visit: Visit, book: RequestBook
) -> None:
    """Without consent nothing is sent; with it the contact is sealed in the request."""
    answer = visit.open().ask("我要找人工")
    reference = answer.locator(".reference strong").inner_text()
    assert re.fullmatch(r"QP\d{6}-\w{5}", reference)
    visit.check_accessible()
    answer.get_by_role("textbox").fill("13812345678")
    answer.get_by_role("button", name="留下联系方式").click()
    expect(answer.get_by_role("alert")).to_have_text("请先勾选同意")
    assert book.contact(reference) == ""
    answer.get_by_role("checkbox").check()
    answer.get_by_role("button", name="留下联系方式").click()
    expect(answer.locator(".done")).to_be_visible()
    assert book.contact(reference) == "13812345678"


def test_a_request_is_looked_up_by_its_number_and_erasing_says_what_becomes_of_it(
    visit: Visit, book: RequestBook
) -> None:
    """Beside the answer and in the menu, with the day of the reply; erased, it is found no more."""
    answer = visit.open().ask("我要找人工")
    reference = answer.locator(".reference strong").inner_text()
    answer.get_by_role("button", name="查登记的进度").click()
    expect(answer).to_contain_text("预计 5 个工作日内")
    expect(answer.locator(".standing")).to_have_text(
        re.compile(r"^已经登记，等工作人员查看，预计\d+月\d+日前有答复。您登记的是：我要找人工$")
    )
    book.change(reference, status="in_progress")
    visit.button("更多").click()
    menu = visit.dialog.locator(".menu")
    menu.get_by_label("登记编号").fill(reference.lower())
    menu.get_by_role("button", name="查登记的进度").click()
    expect(menu.locator(".standing")).to_contain_text("工作人员正在处理，预计")
    menu.get_by_label("登记编号").fill("")
    menu.get_by_role("button", name="查登记的进度").click()
    expect(menu.locator(".standing")).to_have_text("请写上登记时给您的编号，QP 开头的")
    menu.get_by_label("登记编号").fill("QP261129-XXXXX")
    menu.get_by_role("button", name="查登记的进度").click()
    expect(menu.locator(".standing")).to_contain_text("没有查到")
    visit.check_accessible()
    visit.button("删除全部对话").click()
    expect(menu.get_by_role("alert")).to_contain_text("登记过的事也一起删，编号作废")
    visit.button("删除").click()
    expect(visit.page.locator("qingpu-ask .turn")).to_have_count(0)
    visit.button("更多").click()
    menu.get_by_label("登记编号").fill(reference)
    menu.get_by_role("button", name="查登记的进度").click()
    expect(menu.locator(".standing")).to_contain_text("没有查到")


def test_a_request_is_looked_up_from_another_telephone_and_in_the_conversation(
    visit: Visit, new_context: Callable[..., BrowserContext], product: Product, book: RequestBook
) -> None:
    """By its number alone, without 「QP」, in the menu or as a question; what was said stays with who said it."""
    visit.open().ask("我要投诉，楼上装修到半夜没人管")
    reference = visit.answers.last.locator(".reference strong").inner_text()
    told = visit.ask("我登记的事什么时候回复")
    expect(told).to_contain_text(reference)
    expect(told).to_contain_text("装修到半夜")
    another = Visit(new_context().new_page(), f"http://127.0.0.1:{product.bot_port}")
    told = another.open().ask(f"我登记的编号{reference}到哪一步了")
    expect(told).to_contain_text("等工作人员查看")
    expect(told).to_contain_text("前有答复")
    assert "装修" not in told.inner_text()
    another.button("更多").click()
    menu = another.dialog.locator(".menu")
    menu.get_by_label("登记编号").fill(reference.removeprefix("QP"))
    menu.get_by_role("button", name="查登记的进度").click()
    expect(menu.locator(".standing")).to_contain_text("已经登记，等工作人员查看，预计")
    assert "装修" not in menu.locator(".standing").inner_text()


@pytest.mark.parametrize(("typed", "expected"), [("养老床", "床位"), ("ylcw", "床位"), ("kehoufuwu", "课后")])
def test_suggestions_come_while_typing(visit: Visit, typed: str, expected: str) -> None:
    """By words, initials and pinyin; the arrow keys choose and Enter asks."""
    visit.open().field.press_sequentially(typed)
    options = visit.page.get_by_role("option")
    expect(options.first).to_contain_text(expected)
    visit.check_accessible()
    question = ""
    while question != (question := options.first.inner_text()):  # what was typed before may still be answered
        visit.page.wait_for_timeout(400)
    visit.field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    visit.field.press("Enter")
    expect(visit.answers).to_have_count(1)
    expect(visit.page.locator("qingpu-ask .question")).to_contain_text(question)


def test_what_was_typed_after_a_suggestion_was_marked_is_what_is_asked(visit: Visit) -> None:
    """However fast Enter follows: the mark is of what stood there before."""
    visit.open().field.press_sequentially("养老")
    option = visit.page.get_by_role("option").first
    expect(option).to_be_visible()
    visit.field.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    visit.field.fill("公租房以后会多建一点吗")
    visit.field.press("Enter")
    expect(visit.page.locator("qingpu-ask .question")).to_contain_text("公租房以后会多建一点吗")


def test_a_notice_of_staff_is_a_banner_and_may_pause_answers(
    visit: Visit, post_notice: Callable[[Notice], None]
) -> None:
    """It stands above the conversation, and while answering is off the question is kept."""
    now = datetime.now(timezone.utc)
    post_notice(Notice("台风来了，请留在家里", now, "Typhoon: stay in", "emergency", answering_off=True))
    visit.open()
    expect(visit.dialog.get_by_role("alert")).to_have_text("台风来了，请留在家里")
    answer = visit.ask("公租房以后会多建一点吗")
    expect(answer).to_contain_text("暂停自动回答")
    visit.check_accessible()


def test_samples_on_the_page_ask(visit: Visit) -> None:
    """Anything on a page with `data-qingpu-ask` opens the dialog and asks."""
    visit.go()
    visit.page.get_by_role("link", name="小学放学以后有课后服务吗").click()
    expect(visit.answers.locator(".headline").first).to_contain_text("课后服务")
