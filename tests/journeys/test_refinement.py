"""The whole loop: twenty wrong answers are corrected at the console, each in its way, and reach residents; then taken back.

Everything is real: the three processes as `make run` starts them in a checkout of its own, a browser, a training of the
whole bot, its evaluation against what serves, and residents who go on asking at five messages a second.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from releases.shelf import Shelf
from tests.journeys import reviewer
from tests.journeys.load import Load
from tests.journeys.processes import Product
from tests.journeys.variants import KNOWLEDGE, keep_variant
from tests.journeys.workshop import git_log, installation, make_workshop
from tests.review.conftest import PASSWORD

pytestmark = pytest.mark.timeout(1800)  # a training of the whole bot and its evaluation, on a machine that may be busy
LIVE_WITHIN_S = 10.0  # what needs no training reaches residents
BACK_WITHIN_S = 10.0  # so does going back to an earlier release
TRAINED_WITHIN_S = 1500.0  # a bit over four minutes on two idle cores; a job yields to the other tests beside it
PER_SECOND = 5.0
LOST_AT_MOST = 2  # of some 300 frozen questions, more than are won: some go and some come with any new fit
Answer = tuple[str, dict[str, Any]]


def by(commitment_id: str) -> Callable[[Answer], bool]:
    """Answered, and this commitment comes first."""
    return lambda answer: [c["commitment_id"] for c in answer[1]["citations"][:1]] == [commitment_id]


def outcome(*names: str) -> Callable[[Answer], bool]:
    """One of these outcomes."""
    return lambda answer: answer[1]["outcome"] in names


def says(words: str) -> Callable[[Answer], bool]:
    """The text says so."""
    return lambda answer: words in answer[0]


def silent_about(topic: str) -> Callable[[Answer], bool]:
    """The plan does not say, and the question is of this topic."""
    return lambda answer: (answer[1]["outcome"], answer[1]["topic"]) == ("not_in_plan", topic)


@dataclass(frozen=True)
class Wrong:
    """A question that the shipped bot gets wrong, what would be right, and how a person corrects it."""

    question: str
    right: Callable[[Answer], bool]
    correct: Callable[[Page, str], None]
    live: bool = False  # needs no training
    heard: tuple[str, ...] = ()  # what residents say besides, for whoever corrects from that


BEDS, METRO = "c-702f53f084", "c-e24bd930bf"
OLD_HOUSING, BEDS_NOW, LIBRARY_TALE = "c-bdbbeebebf", "c-c68872456d", "我天天加班到很晚，想看书，图书馆晚上开不开"
GREENWAY_TALE = "绿道修得蛮好，就想问问绿道上能烧烤吗"
POINTER = "游船班次由古镇管理方公布，请看其公告。"
GROUPED = ("抱抱班究竟办不办", "抱抱班办不办啦")

WRONG = (
    Wrong(
        "我娘天天忘记关煤气，有啥地方好收",
        by("c-adbd2dfd3d"),
        lambda page, q: reviewer.link(page, q, "认知障碍照护床位", "认知障碍照护床位"),
        live=True,
    ),
    Wrong("老破小改造吗", by(OLD_HOUSING), lambda page, q: reviewer.link(page, q, "旧住房更新改造"), live=True),
    Wrong(
        "自来水发黄",
        by("c-848c520ebe"),
        lambda page, q: reviewer.link_from_conversation(page, q, "高品质供水", "高品质供水"),
        live=True,
    ),
    Wrong(
        "图书馆晚上开不开",
        by("c-d0c7f3bf9c"),
        lambda page, q: reviewer.link_rewritten(page, LIBRARY_TALE, q, "场馆夜间开放", "博物馆体育馆夜间开放"),
        live=True,
        heard=(LIBRARY_TALE,),
    ),
    Wrong(
        "抱抱班办不办",
        by("c-f358e9de12"),
        lambda page, q: reviewer.link_group(page, q, "幼儿园开设托班", "幼儿园开设托班"),
        live=True,
        heard=GROUPED,
    ),
    Wrong(
        "老房子下水道反味咋办",
        by(OLD_HOUSING),
        lambda page, q: reviewer.add_sample(page, OLD_HOUSING, q),
        live=True,
    ),
    Wrong(
        "坐船去朱家角还有吗",
        says(POINTER),
        lambda page, q: reviewer.point(page, q, POINTER, "https://www.shqp.gov.cn/zhujiajiao"),
        live=True,
    ),
    Wrong(
        "赤膊房改造伐",
        by(OLD_HOUSING),
        lambda page, q: reviewer.add_word(page, q, "赤膊房", "旧住房", "synonym"),
        live=True,
    ),
    Wrong(
        "老人堂床位要多少",
        by("c-702f53f084"),
        lambda page, q: reviewer.add_word(page, q, "老人堂", "养老院", "dialect"),
        live=True,
    ),
    Wrong(
        "电弟搞不搞",
        by("c-c4ab21122d"),
        lambda page, q: reviewer.add_word(page, q, "电弟", "电梯", "typo"),
        live=True,
    ),
    Wrong(
        "养老床位现在已经造了几张",
        says("9620 张"),
        lambda page, q: reviewer.record_progress(page, BEDS_NOW, "9620 张"),
        live=True,
    ),
    Wrong("公园里能不能搭帐篷", outcome("not_in_plan"), lambda page, q: reviewer.press(page, q, "规划没有写"), True),
    Wrong(
        "绿道上能烧烤吗",
        outcome("not_in_plan"),
        lambda page, q: reviewer.rewritten_as_silent(page, GREENWAY_TALE, q),
        live=True,
        heard=(GREENWAY_TALE,),
    ),
    Wrong("淀山湖值得去吗", outcome("out_of_scope"), lambda page, q: reviewer.press(page, q, "不是本区公共服务"), True),
    Wrong("瞎讲有啥讲头", outcome("handoff"), lambda page, q: reviewer.teach_intent(page, q, "complaint")),
    Wrong("乱讲", outcome("handoff"), lambda page, q: reviewer.teach_intent(page, q, "complaint")),
    Wrong("你会点啥子", outcome("chat"), lambda page, q: reviewer.teach_intent(page, q, "help")),
    Wrong("你会说上海话伐", outcome("chat"), lambda page, q: reviewer.teach_intent(page, q, "identity")),
    Wrong("我要表扬你们", outcome("chat"), lambda page, q: reviewer.teach_intent(page, q, "thanks")),
    Wrong(
        "我爸评上劳模了，有什么优待",
        silent_about("other"),
        lambda page, q: reviewer.teach_intent(page, q, "ask_other_service"),
    ),
)
OTHERS = (
    "到2025年养老院床位有多少张",
    "托班怎么报名",
    "公租房以后会多建一点吗",
    "今天天气怎么样",
    "小学放学以后有课后服务吗",
)


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout whose first release serves."""
    folder = make_workshop(tmp_path_factory.mktemp("workshop"))
    run(folder, "training", "--by", "安装")
    return folder


@pytest.fixture(scope="module")
def product(workshop: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The three processes in the workshop."""
    running = Product(tmp_path_factory.mktemp("product"), root=workshop, settings=installation(workshop))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def page(product: Product, workshop: Path) -> Iterator[Page]:
    """An administrator at the console."""
    run(workshop, "review", "create-admin", "王芳", "--password-stdin", product=product, typed=f"{PASSWORD}\n")
    with reviewer.console_page(f"http://127.0.0.1:{product.review_port}", "王芳", PASSWORD) as page:
        yield page


def run(folder: Path, *command: str, product: Product | None = None, typed: str = "") -> str:
    """A command line of the product in the workshop."""
    environment = (product or Product(folder, settings=installation(folder))).environment
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, env=environment, input=typed, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def until(holds: Callable[[], object], within: float, what: str) -> float:
    """Seconds until something holds."""
    started = time.monotonic()
    while not holds():
        assert time.monotonic() - started < within, f"{what}: not within {within:.0f} s"
        time.sleep(0.25)
    return time.monotonic() - started


def test_twenty_wrong_answers_become_right_and_can_be_taken_back(product: Product, workshop: Path, page: Page) -> None:
    """Corrected, live in seconds, trained, evaluated, promoted under load, all right; rolled back, as before."""
    began = time.monotonic()
    asked = [0]

    def ask(question: str) -> Answer:
        asked[0] += 1
        return product.ask(question, sender=f"resident-{asked[0]}")

    before = {wrong.question: ask(wrong.question) for wrong in WRONG}
    for wrong in WRONG:
        assert not wrong.right(before[wrong.question]), f"{wrong.question} is right already: take another question"
        for tale in wrong.heard:
            ask(tale)
    minutes: dict[str, float] = {}
    for wrong in WRONG:
        wrong.correct(page, wrong.question)
        decided = time.monotonic()
        if wrong.live:
            took = until(lambda w=wrong: w.right(ask(w.question)), LIVE_WITHIN_S, wrong.question)  # type: ignore[misc]
            minutes[wrong.question] = took / 60
            print(f"\n{wrong.question}: right {took:.1f} s after the correction", end="")
        else:
            minutes[wrong.question] = -decided
    shelf = Shelf(workshop / "var" / "releases")
    first = shelf.rollout().serving  # type: ignore[union-attr]
    candidate = train(page, shelf)
    gate = json.loads(candidate.gate.read_text(encoding="utf-8"))
    assert gate["passed"], gate["failures"][:5]
    lost = [case for case in gate["failures"] if case["set"] == "frozen"]
    assert len(lost) - len(gate["won"]) <= LOST_AT_MOST, (lost, gate["won"])
    page.goto(f"/releases/{candidate.id}")
    picture(page, "review-release")
    page.goto("/releases")
    picture(page, "review-releases")
    with Load(product, [*OTHERS, *(wrong.question for wrong in WRONG)], PER_SECOND) as load:
        time.sleep(5)
        page.locator("article", has_text=candidate.id).get_by_role("button", name="上线").click()
        page.wait_for_url("**said=**")
        taught = [wrong for wrong in WRONG if not wrong.live]
        until(lambda: all(w.right(ask(w.question)) for w in taught), 60, "the taught questions")
        for wrong in taught:
            minutes[wrong.question] = (time.monotonic() + minutes[wrong.question]) / 60
        still_wrong = {w.question: answer for w in WRONG if not w.right(answer := ask(w.question))}
        assert still_wrong == {}
        time.sleep(5)
    assert load.failures == [] and len(load.answers) == load.sent
    assert all(custom["outcome"] != "error" for *_, custom in load.answers)
    page.goto("/topics")
    picture(page, "review-topics")
    page.goto("/releases")
    page.locator("li", has_text=first).get_by_role("button", name="退回到它").click()
    page.wait_for_url("**said=**")
    clicked = time.monotonic()
    until(lambda: all(same(ask(w.question), before[w.question]) for w in taught), 60, "the old answers")
    back = time.monotonic() - clicked
    assert back <= BACK_WITHIN_S, back
    assert "王芳" in git_log(workshop)
    print(f"\n{len(WRONG)} wrong answers corrected; minutes from wrong to right, by question:")
    for question, took in sorted(minutes.items(), key=lambda pair: pair[1]):
        print(f"  {took:6.2f}  {question}")
    print(f"{load.sent} messages at {PER_SECOND:.0f}/s while promoting, none failed; back in {back:.1f} s")
    print(f"the whole story took {(time.monotonic() - began) / 60:.1f} minutes")


def test_a_poisoned_correction_is_stopped(product: Product, workshop: Path, page: Page, tmp_path: Path) -> None:
    """A wrong link does not go live; what was trained on wrong links is not promoted, and the report says why."""
    asked, wrong = "到2025年养老院床位有多少张", "轨交25号线"
    product.ask(asked, sender="somebody")
    reviewer.find_in_inbox(page, asked)
    reviewer.search_plan(page, wrong)
    reviewer.answer_by(page, wrong)
    assert "said=held" in page.url
    page.goto("/corrections?status=pending")
    assert asked in page.inner_text("main") and page.locator("table tbody tr").count() >= 1
    time.sleep(LIVE_WITHIN_S / 2)
    assert by(BEDS)(product.ask(asked, sender="somebody else"))
    shelf = Shelf(workshop / "var" / "releases")
    serving = shelf.rollout().serving  # type: ignore[union-attr]
    poisoned = keep_variant(shelf, tmp_path, "poisoned", dict.fromkeys(target_questions("elderly_care"), METRO))
    page.goto("/releases")
    page.locator("article", has_text=poisoned.id).get_by_role("button", name="评测").click()
    page.wait_for_url("**said=evaluating**")
    followed(page)
    assert poisoned.gate.exists(), page.inner_text("main")[:3000]
    gate = json.loads(poisoned.gate.read_text(encoding="utf-8"))
    blocking = [case for case in gate["failures"] if case["blocks"] and case["set"] == "frozen"]
    assert not gate["passed"] and len(blocking) >= 5
    page.goto(f"/releases/{poisoned.id}")
    assert "评测没通过，不能上线" in page.inner_text("main")
    assert page.get_by_role("button", name="上线").count() == 0
    text = page.inner_text("main")
    assert all(case["question"] in text for case in blocking)
    picture(page, "review-blocked")
    refused = subprocess.run(
        [sys.executable, "-m", "review", "promote", poisoned.id],
        cwd=workshop,
        env=product.environment,
        capture_output=True,
        check=False,
    )
    assert refused.returncode == 2
    assert shelf.rollout().serving == serving  # type: ignore[union-attr]


def target_questions(topic: str) -> list[str]:
    """The sample questions of a topic's targets, as built."""
    query = "SELECT text FROM question JOIN commitment ON id = commitment_id WHERE kind = 'target' AND topic = ?"
    with sqlite3.connect(KNOWLEDGE / "knowledge.sqlite") as store:
        return [text for (text,) in store.execute(query, (topic,))]


def picture(page: Page, name: str) -> None:
    """For the handbook, where `HANDBOOK_PICTURES` names a folder: what stands there is what this journey saw."""
    folder = os.environ.get("HANDBOOK_PICTURES")
    if folder:
        height = min(1500, page.evaluate("document.body.scrollHeight"))
        clip = {"x": 0, "y": 0, "width": 1280, "height": height}
        page.screenshot(path=f"{folder}/{name}.png", full_page=True, clip=clip)  # type: ignore[arg-type]


def same(answer: Answer, old: Answer) -> bool:
    """The same outcome, and the same passage first."""
    first, second = answer[1], old[1]
    cited = [[c["commitment_id"] for c in custom["citations"][:1]] for custom in (first, second)]
    return first["outcome"] == second["outcome"] and cited[0] == cited[1]


def followed(page: Page, pictured: str = "") -> list[float]:
    """Watch the job that runs until it has ended, however that was; the progress it showed. `pictured` names a picture."""
    seen: list[float] = []
    deadline = time.monotonic() + TRAINED_WITHIN_S
    while time.monotonic() < deadline:
        page.goto("/training")
        bar = page.locator("progress")
        if not bar.count():
            return seen
        seen.append(float(bar.first.get_attribute("value") or 0))
        if pictured and 0.3 < seen[-1] < 0.6:
            picture(page, pictured)
        time.sleep(2)
    raise AssertionError(f"the job runs for more than {TRAINED_WITHIN_S:.0f} s: {page.inner_text('main')[:3000]}")


def train(page: Page, shelf: Shelf) -> Any:
    """Press the button, watch the job, come back with the release that it made."""
    known = {release.id for release in shelf.releases()}
    page.goto("/training")
    page.get_by_role("button", name="开始训练").click()
    page.wait_for_url("**/training**")
    seen = followed(page, "review-training")
    made = [release for release in shelf.releases() if release.id not in known]
    assert len(made) == 1, page.inner_text("main")[:3000]
    assert len(set(seen)) >= 5 and seen == sorted(seen), seen  # it moves, and only forwards
    return made[0]
