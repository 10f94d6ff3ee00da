"""Trains, lost replies, several tabs, days later: nothing lost, nothing twice; and what is deleted is gone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Route, expect

from conversations.turn_log import TurnLog
from tests.journeys.processes import Product
from tests.widget.chat import Visit

TURNS = "document.querySelector('qingpu-ask').conversation.turns.size"
SESSION = "localStorage.getItem(Object.keys(localStorage).find(k => k.endsWith('/ session')))"


def turns_of(visit: Visit, log: TurnLog) -> list[str]:
    """The questions that the log has of this browser's session."""
    token = visit.page.evaluate(f"JSON.parse({SESSION})")
    fetching = "async s => (await fetch('/webhooks/web/history', {headers: {Authorization: 'Bearer ' + s}})).json()"
    body = visit.page.evaluate(fetching, token)
    return [turn["message"] for turn in body["turns"]]


def test_a_question_written_offline_is_sent_once_when_the_network_is_back(visit: Visit, log: TurnLog) -> None:
    """It is shown at once, said to wait, sent by itself and answered; the log has it once."""
    visit.open().ask("公租房以后会多建一点吗")
    visit.page.context.set_offline(True)
    visit.field.fill("小学放学以后有课后服务吗")
    visit.field.press("Enter")
    waiting = visit.page.locator("qingpu-ask [data-state=waiting]")
    expect(waiting).to_contain_text("网络接通后自动再发")
    expect(visit.dialog.locator(".banner")).to_contain_text("网络断开了")
    visit.check_accessible()
    visit.page.context.set_offline(False)
    expect(visit.answers).to_have_count(2)
    expect(visit.dialog.locator(".banner")).to_have_count(0)
    assert turns_of(visit, log) == ["公租房以后会多建一点吗", "小学放学以后有课后服务吗"]


def test_a_reply_lost_on_the_way_is_fetched_again_and_nothing_is_asked_twice(visit: Visit, log: TurnLog) -> None:
    """The server answered, the network broke before the reply came: the same id brings the same answer."""
    visit.open()
    lost: list[str] = []

    def lose_first_reply(route: Route) -> None:
        reply = route.fetch()
        if lost:
            route.fulfill(response=reply)
        else:
            lost.append(reply.text())
            route.abort("connectionreset")

    visit.page.route(re.compile("/webhooks/web/message"), lose_first_reply)
    answer = visit.ask("到2025年养老院床位有多少张")
    expect(answer).to_contain_text("9500")
    shown = visit.page.evaluate(
        "[...document.querySelector('qingpu-ask').conversation.turns.values()].map(t => t.answer.answer_id)"
    )
    assert len(shown) == 1 and shown[0] in lost[0]
    assert turns_of(visit, log) == ["到2025年养老院床位有多少张"]


def test_a_page_closed_in_the_middle_of_a_send_sends_at_the_next_visit(visit: Visit, log: TurnLog) -> None:
    """Also where the server had answered already: one turn, once on the screen."""
    visit.open()
    visit.page.route(re.compile("/webhooks/web/message"), lambda route: (route.fetch(), route.abort("connectionreset")))
    visit.field.fill("小孩两岁有没有托班可以上")
    visit.field.press("Enter")
    expect(visit.page.locator("qingpu-ask [data-state=waiting]")).to_have_count(1)
    visit.page.unroute_all()
    visit.open()
    expect(visit.answers).to_have_count(1)
    expect(visit.page.locator("qingpu-ask .turn")).to_have_count(1)
    assert turns_of(visit, log) == ["小孩两岁有没有托班可以上"]


def test_the_conversation_is_there_after_a_reload(visit: Visit) -> None:
    """With the vote that was given; and the next question is a follow-up of it."""
    answer = visit.open().ask("到2025年养老院床位有多少张")
    answer.get_by_role("button", name="有用").click()
    expect(answer.get_by_role("button", name="有用")).to_have_attribute("aria-pressed", "true")
    visit.open()
    expect(visit.answers).to_have_count(1)
    expect(visit.answers.first).to_contain_text("9500")
    expect(visit.answers.first.get_by_role("button", name="有用")).to_have_attribute("aria-pressed", "true")
    expect(visit.ask("那认知障碍的呢").locator(".headline")).to_contain_text("550张")


def test_a_forged_or_expired_session_is_renewed_unseen(visit: Visit) -> None:
    """The resident only sees the answer."""
    visit.open().ask("公租房以后会多建一点吗")
    visit.page.evaluate(
        "document.querySelector('qingpu-ask').store.set('session', 'Zm9yZ2Vk.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb')"
    )
    expect(visit.ask("小学放学以后有课后服务吗")).to_contain_text("课后服务")


def test_tabs_stay_in_step_and_deleting_deletes_everywhere(
    new_context: Callable[..., BrowserContext], product: Product, log: TurnLog
) -> None:
    """A question in one tab appears in the other; deletion empties both, the server and the next visit."""
    context = new_context()
    bot = f"http://127.0.0.1:{product.bot_port}"
    one, two = Visit(context.new_page(), bot), Visit(context.new_page(), bot)
    one.open().ask("公租房以后会多建一点吗")
    two.open()
    expect(two.answers).to_have_count(1)
    one.ask("小学放学以后有课后服务吗")
    expect(two.answers).to_have_count(2)
    two.elder().click()
    expect(one.elder()).to_have_attribute("aria-pressed", "true")
    old = one.page.evaluate(SESSION)
    one.button("更多").click()
    one.button("删除全部对话").click()
    one.check_accessible()
    one.button("删除").click()
    expect(one.page.locator("qingpu-ask .turn")).to_have_count(0)
    expect(two.page.locator("qingpu-ask .turn")).to_have_count(0)
    left = two.page.evaluate(
        "async s => (await fetch('/webhooks/web/history', {headers: {Authorization: 'Bearer ' + JSON.parse(s)}})).json()",
        old,
    )
    assert left == {"turns": []}
    two.open()
    expect(two.page.locator("qingpu-ask .welcome")).to_be_visible()
    assert one.problems == [] and two.problems == []


def test_too_many_questions_wait_their_turn(visit: Visit) -> None:
    """429 is told kindly, and the question is sent again when the server says so."""
    visit.open()
    refused: list[int] = []

    def refuse_first(route: Route) -> None:
        if refused:
            route.continue_()
        else:
            refused.append(1)
            body = '{"error": "rate_limited", "message": "", "retry_after_s": 1}'
            route.fulfill(status=429, headers={"Retry-After": "1", "Content-Type": "application/json"}, body=body)

    visit.page.route(re.compile("/webhooks/web/message"), refuse_first)
    visit.field.fill("公租房以后会多建一点吗")
    visit.field.press("Enter")
    expect(visit.page.locator("qingpu-ask [data-state=waiting]")).to_contain_text("稍等会自动再发")
    expect(visit.answers).to_have_count(1)


def test_the_conversation_can_be_taken_along(visit: Visit, tmp_path: Path) -> None:
    """As a text file with every source, and as a page to print."""
    visit.open().ask("到2025年养老院床位有多少张")
    visit.button("更多").click()
    visit.check_accessible()
    with visit.page.expect_download() as downloaded:
        visit.button("保存为文本").click()
    downloaded.value.save_as(tmp_path / "saved.txt")
    text = (tmp_path / "saved.txt").read_text(encoding="utf-8-sig")
    assert "问：到2025年养老院床位有多少张" in text and "第55页" in text
    visit.page.context.add_init_script("window.print = () => { window.printed = true; }")
    with visit.page.expect_popup() as opened:
        visit.button("打印").click()
    expect(opened.value.get_by_role("heading", name="到2025年养老院床位有多少张")).to_be_visible()
    expect(opened.value.get_by_text("第55页")).to_be_visible()
