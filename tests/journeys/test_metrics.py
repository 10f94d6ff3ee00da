"""The numbers that each process of the running product tells, who does not get to see them, and the ids in its log."""

from __future__ import annotations

import json
import re
import time
import urllib.request
import uuid

from conversations.identity import session_key
from conversations.turn_log import TurnLog
from tests.journeys.processes import Product
from tests.monitor.reading import Numbers

BOT = "/webhooks/web/metrics"
WORDS = "绣球花开在窗台上养老院床位有多少"


def test_the_numbers_move_with_what_residents_do(product: Product) -> None:
    """Turns, their seconds and stages, refusals, log lines; in flight goes back to nothing."""
    sender = uuid.uuid4().hex
    before, answers = Numbers.of(product, product.bot_port, BOT), Numbers.of(product, product.actions_port)
    for _ in range(3):
        product.ask("到2025年养老院床位有多少张", sender)
    product.ask(WORDS, sender)
    assert product.post("/webhooks/rest/webhook", {"message": ""})[0] == 400
    after, answered = Numbers.of(product, product.bot_port, BOT), Numbers.of(product, product.actions_port)

    def grown(name: str, **labels: str) -> float:
        return after.of_name(name, **labels) - before.of_name(name, **labels)

    assert grown("ask_qingpu_turns_total", channel="rest") >= 4
    assert grown("ask_qingpu_turns_total", channel="rest", outcome="answered") >= 3
    assert grown("ask_qingpu_turn_seconds_count", channel="rest") == grown("ask_qingpu_turns_total", channel="rest")
    assert grown("ask_qingpu_turn_seconds_sum", channel="rest") > 0
    assert grown("ask_qingpu_stage_seconds_count", stage="encode") >= 4
    assert grown("ask_qingpu_logged_turns_total") >= 4 and grown("ask_qingpu_log_write_failures_total") == 0
    route = "/webhooks/rest/webhook"
    assert grown("ask_qingpu_http_responses_total", route=route, method="POST", status="200") >= 4
    assert grown("ask_qingpu_http_responses_total", route=route, method="POST", status="400") >= 1
    assert after.of_name("ask_qingpu_turns_in_flight") == 0 and after.of_name("ask_qingpu_turns_in_flight_limit") == 64
    name = "ask_qingpu_answers_total"
    assert answered.of_name(name, outcome="answered") - answers.of_name(name, outcome="answered") >= 3
    assert answered.of_name("ask_qingpu_stage_seconds_count", stage="find") > 0


def test_every_process_says_what_it_is(product: Product) -> None:
    """Ready, with a version, memory, and the same release and corrections in all three."""
    pages = {
        "bot": Numbers.of(product, product.bot_port, BOT),
        "actions": Numbers.of(product, product.actions_port),
        "console": Numbers.of(product, product.review_port),
    }
    for process, told in pages.items():
        assert told.of_name("ask_qingpu_build_info", process=process) == 1, process
        assert told.of_name("ask_qingpu_ready") == 1 and told.of_name("process_resident_memory_bytes") > 1e8, process
    assert len({frozenset(told.labels_of("ask_qingpu_release_info")) for told in pages.values()}) == 1
    assert len({told.of_name("ask_qingpu_corrections_version") for told in pages.values()}) == 1
    console = pages["console"]
    assert {"train", "evaluate", "running", "failed"} <= console.labels_of("ask_qingpu_jobs")


def test_no_word_and_no_session_is_in_a_number(product: Product) -> None:
    """Of what was asked, by whom, or of an address that somebody made up."""
    sender = uuid.uuid4().hex
    product.ask(WORDS, sender)
    product.get("/made-up-by-a-stranger?q=1")
    for port, path in ((product.bot_port, BOT), (product.actions_port, "/metrics"), (product.review_port, "/metrics")):
        text = product.get(path, port)[1]
        assert "绣球花" not in text and sender not in text and "s-" not in text and "stranger" not in text
        assert 'route="none"' in text or port != product.bot_port


def test_whom_a_proxy_lets_in_sees_nothing(product: Product) -> None:
    """As if there were no such address."""
    for port, path in ((product.bot_port, BOT), (product.actions_port, "/metrics"), (product.review_port, "/metrics")):
        url = f"http://127.0.0.1:{port}{path}"
        request = urllib.request.Request(url, headers={"X-Forwarded-For": "203.0.113.7"})
        status, text = product._send(request)
        assert status == 404 and "ask_qingpu" not in text, port


def test_a_request_s_id_leads_from_the_proxy_to_the_row(product: Product) -> None:
    """It goes back with the response, and stands in the lines of the bot and of the action server beside the row's key."""
    sender, name = uuid.uuid4().hex, uuid.uuid4().hex
    url, body = f"http://127.0.0.1:{product.bot_port}/webhooks/rest/webhook", {"sender": sender, "message": WORDS}
    headers = {"Content-Type": "application/json", "X-Request-ID": name}
    with urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), headers), timeout=120) as reply:
        assert reply.headers["X-Request-ID"] == name
    log = TurnLog(product.environment["CONVERSATIONS_URL"])
    (turn,) = log.history(session_key("rest", sender))
    log.close()
    for _ in range(50):
        lines = [line for line in product.log().splitlines() if name in line]
        if len(lines) >= 2:
            break
        time.sleep(0.1)
    assert {found for line in lines for found in re.findall(r"(bot|actions)(?:\.\d+)? +\|", line)} == {
        "actions",
        "bot",
    }
    assert all(f"turn={turn.id}" in line for line in lines) and "绣球花" not in product.log()
