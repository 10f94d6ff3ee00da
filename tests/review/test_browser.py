"""The console in a real Chromium: each page for each role, accessible, on a wide and a narrow screen, with and without scripts."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page
from pypdf import PdfReader
from sqlalchemy.orm import Session

from conversations.requests import StaffRequest
from evaluation.gate.judging import RealQuestion
from knowledge.catalogue.topics import TOPICS
from knowledge.reply.answer import Outcome
from releases.shelf import Shelf
from review.accounts.roles import Role
from review.correcting.corrections import Correction, record
from review.correcting.objections import LEANS, SHORT, SURE, Broken, Doubt, Objections
from review.database.jobs import JobRow
from review.desk import Desk
from review.jobs.book import FAILED, SUCCEEDED, add, close
from review.jobs.processes import started
from review.releases import switching
from tests.browsers import running_browser
from tests.review.conftest import PASSWORD, SETUP, Console
from tests.review.shelves import add_release, evaluated
from tests.review.turns import turn
from wire.trace import TurnCandidate

BEDS = "c-702f53f084"
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"
SAME = ("公租房怎么申请", "怎么申请公租房", "公租房哪里申请", "今天天气怎么样", "老小区加装电梯补贴多少")
NAVIGATION_MS = 120_000  # the first page that needs the plan loads it, on a machine that other tests keep busy
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
FOR_VIEWERS = (
    "/inbox",
    "/inbox?status=all&topic=housing",
    "/conversations/s-talk",
    "/corrections",
    "/corrections?status=pending&state=doubted&kind=not_ours&mine=yes",
    "/corrections?group=w-0a",
    "/unanswered",
    "/unanswered/report",
    "/topics",
    "/topics?intent=ask_housing&page=2",
    "/commitments?topic=elderly_care",
    f"/commitments/{BEDS}",
    "/training",
    "/training/1",
    "/training/3",
    "/next-steps",
    "/requests?status=all",
    "/requests/QP-1",
    "/dashboard?since=2026-02-25&until=2026-03-06",
    "/dashboard/report?month=2026-03",
    "/danger",
    "/danger/fire",
    "/releases",
    "/releases/{failed}",
    "/releases/{passed}",
    "/account",
    "/account/password",
    "/account/second-factor",
)
FOR_REVIEWERS = (
    f"/turns/a-{2:032d}/correct",
    f"/turns/a-{4:032d}/correct",
)
FOR_EDITORS = ("/notices", f"/turns/a-{2:032d}/correct?q=养老床位&instead_of=3")  # of another person's
FOR_ADMINISTRATORS = ("/users", "/users/1", "/audit")
PAGES = {
    Role.VIEWER: FOR_VIEWERS,
    Role.REVIEWER: FOR_VIEWERS + FOR_REVIEWERS,
    Role.EDITOR: FOR_VIEWERS + FOR_REVIEWERS + FOR_EDITORS,
    Role.ADMINISTRATOR: FOR_VIEWERS + FOR_REVIEWERS + FOR_EDITORS + FOR_ADMINISTRATORS,
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium as Debian packages it."""
    with running_browser() as running:
        yield running


@pytest.fixture(scope="module")
def console(start_console: Callable[..., Console], tmp_path_factory: pytest.TempPathFactory) -> Console:
    """A console whose pages all have something to show."""
    console = start_console()
    with console.desk.transaction() as session:
        add_jobs(session, tmp_path_factory.mktemp("jobs"))
    lately = datetime.now(timezone.utc) - timedelta(hours=1)
    near = [TurnCandidate(BEDS, 0.8, {"term_named": 5.0, "curated": 1.0}), TurnCandidate("c-none", 0.1)]
    turns = [
        turn(1, session="s-talk", candidates=near),
        turn(2, "托班怎么报名", "not_in_plan", session="s-talk", candidates=near, answerable=0.5),
        turn(3, EVIL, "out_of_scope", session="s-talk", topic=None, feedback="down", feedback_comment=EVIL),
        turn(4, "我家着火了", "danger", danger="fire", session="s-talk", topic=None, candidates=[], answerable=None),
        turn(5, "心口闷看什么科", "out_of_scope", danger="medical", session="s-talk", topic=None, candidates=[]),
        *(turn(n, q, "not_in_plan", asked_at=lately, candidates=near) for n, q in enumerate(SAME, 10)),
        *(turn(n, f"键盘{n}", "handoff") for n in range(20, 24)),
        *(turn(n, f"敬老院{n}号楼的铺位备了几张", "error", candidates=near) for n in range(30, 34)),
    ]
    console.log_turns(turns)
    console.desk.requests.record(
        StaffRequest("QP-1", "complaint", "s-talk", "物业不管", about=BEDS, answer_id=f"a-{2:032d}")
    )
    held = Correction("link", "床位", commitment_id=BEDS)
    broken = [Broken("养老院床位有多少张", "评测题", "养老机构床位总数", "规划没有写")]
    with console.desk.transaction() as session:
        record(session, SETUP, held, {BEDS}, is_to_wait=False, objections=Objections(broken))
        doubts = [Doubt(SURE, EVIL, "养老机构床位总数"), Doubt(SHORT, EVIL), Doubt(LEANS, EVIL, EVIL)]
        about = {"turn_id": f"a-{2:032d}", "group_id": "w-0a"}
        doubtful = Correction("not_ours", "托班怎么报名")
        record(session, SETUP, doubtful, (), is_to_wait=False, objections=Objections((), doubts), **about)
        live = Correction("link", "托班怎么报名", commitment_id=BEDS)
        record(session, SETUP, live, {BEDS}, is_to_wait=False, **about)
    console.desk.triage.read_all()
    console.desk.grouper.run()
    console.desk.plan.search("养老床位")
    fill_shelf(console.desk, tmp_path_factory.mktemp("releases") / "shelf")
    return console


def add_jobs(session: Session, folder: Path) -> None:
    """One that waits for a person, one that failed, one under way, whose runner is this process."""
    log = folder / "job.log"
    log.write_text("".join(f"{EVIL} 第 {n} 行\n" for n in range(400)), encoding="utf-8")
    record(session, SETUP, Correction(kind="silent", question=EVIL), (), is_to_wait=False)
    for number in (1, 2, 3):
        row = session.get(JobRow, add(session, SETUP))
        row.log, row.started_at = str(log), row.asked_at - timedelta(days=1)
        row.release_id, row.outcome = "20260301-0200-abcdef", "kept"
        if number < 3:
            close(row, *((SUCCEEDED, "") if number == 1 else (FAILED, f"{EVIL} 不行 / no\n{EVIL}")))
            session.flush()
    row.status, row.stage, row.progress, row.remaining_s = "running", "model", 0.4, 200
    row.pid, row.pid_started = os.getpid(), started(os.getpid())


def fill_shelf(desk: Desk, folder: Path) -> None:
    """One version that serves, one that served, one that passed and is tried out, one that failed, one not evaluated."""
    desk.shelf = shelf = Shelf(folder)
    for name in ("before", "now"):
        shelf.promote(add_release(shelf, name).id, "王芳")
    serving = shelf.releases()[0].id
    real = [RealQuestion(f"a-{n:032d}", f"敬老院{n}号楼的铺位备了几张", 40 - n) for n in range(30, 34)]
    passed = evaluated(add_release(shelf, "passed", note="夜间训练"), serving, real=real)
    evaluated(add_release(shelf, "failed"), serving, passed=False, real=real)
    add_release(shelf, "new", made_by="夜间自动")
    with desk.transaction() as session:
        switching.try_out(session, SETUP, shelf, passed.id, 10)


def address(console: Console, path: str) -> str:
    """A page's address; `{passed}` and `{failed}` stand for those versions."""
    names = {
        release.knowledge_version.removeprefix("knowledge-"): release.id for release in console.desk.shelf.releases()
    }
    return console.address + re.sub(r"\{(\w+)\}", lambda found: names[found[1]], path)


def signed_in(browser: Browser, console: Console, role: Role, **options: object) -> BrowserContext:
    """A browser window of somebody in that role, signed in by hand."""
    context = browser.new_context(viewport=WIDE, **options)  # type: ignore[arg-type]
    context.set_default_navigation_timeout(NAVIGATION_MS)
    page = context.new_page()
    page.goto(f"{console.address}/sign-in")
    page.fill("#name", f"test-{role.value}")
    page.fill("#password", PASSWORD)
    page.click("button.main")
    page.wait_for_url("**/inbox")
    page.close()
    return context


def watched(context: BrowserContext, complaints: list[str]) -> Page:
    """A page whose script errors, refused contents and dialogs are noted."""
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: (complaints.append(f"dialog {dialog.message}"), dialog.dismiss()))
    return page


def violations(page: Page) -> list[str]:
    """What axe-core finds, of every level; contrast of 7:1 as well (WCAG 1.4.6)."""
    options = {"resultTypes": ["violations"], "rules": {"color-contrast-enhanced": {"enabled": True}}}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{v['id']}: {[node['html'][:160] for node in v['nodes'][:3]]}" for v in found]


@pytest.mark.parametrize("role", list(Role))
def test_every_page_is_accessible_for_every_role(browser: Browser, console: Console, role: Role) -> None:
    """axe-core finds nothing, no script fails, nothing is blocked, nothing of residents' text runs."""
    context, complaints = signed_in(browser, console, role), list[str]()
    page = watched(context, complaints)
    for path in PAGES[role]:
        reply = page.goto(address(console, path))
        assert reply is not None and reply.status == 200, path
        assert violations(page) == [], path
        assert complaints == [], path
    context.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_fits_a_telephone_in_both_languages(browser: Browser, console: Console, language: str) -> None:
    """At 360 pixels nothing is cut off or has to be pushed sideways, and the contrast holds as well."""
    context = signed_in(browser, console, Role.ADMINISTRATOR)
    page = context.new_page()
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.goto(f"{console.address}/language/{language}")
    page.goto(f"{console.address}/unanswered")
    group = page.get_attribute("a[data-open]", "href")
    for path in (*PAGES[Role.ADMINISTRATOR], group):
        page.goto(address(console, path))
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], path
        assert page.get_attribute("html", "lang") == ("zh-CN" if language == "zh" else "en")
    assert violations(page) == []
    page.goto(f"{console.address}/sign-in")
    assert violations(page) == []
    context.close()


def test_the_monthly_report_fits_on_two_sheets(
    browser: Browser, console: Console, start_console: Callable[..., Console]
) -> None:
    """A month with every topic, outcome and channel, in both languages; all six charts are on them, and the tiles."""
    busy, ids = start_console(), list(console.desk.plan.ids)[:12]
    first = datetime(2025, 12, 31, 16, tzinfo=timezone.utc)
    for n in range(93):
        asked_at = first + timedelta(hours=8 * n)  # in order, for the console reads on meanwhile
        answer = {"topic": TOPICS[n % len(TOPICS)], "outcome": list(Outcome)[n % 8].value, "citations": [ids[n % 12]]}
        busy.desk.turns.record(turn(n, f"问{n}", asked_at=asked_at, channel=("web", "wechat", "rest")[n % 3], **answer))
    busy.read_turns(93)
    context = signed_in(browser, busy, Role.VIEWER)
    page = context.new_page()
    for language in ("zh", "en"):
        page.goto(f"{busy.address}/language/{language}")
        page.goto(f"{busy.address}/dashboard/report?month=2026-01")
        sheets = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
        text = "".join(sheet.extract_text() for sheet in sheets)
        assert len(sheets) <= 2 and page.locator("figure img").count() == 6
        assert "93" in text and ("最常问到的承诺" in text or "Most asked commitments" in text), text[:400]
    context.close()


def test_a_question_is_corrected_in_two_clicks(browser: Browser, console: Console) -> None:
    """From the inbox: 纠正, then 由这条回答; the turn is gone from the inbox, which says what was done."""
    context = signed_in(browser, console, Role.REVIEWER)
    page = context.new_page()
    page.goto(f"{console.address}/inbox")
    card = page.locator("article", has_text="敬老院30号楼的铺位备了几张")
    card.get_by_role("link", name="纠正").click()
    page.locator("button[data-link]").first.click()
    page.wait_for_url("**/inbox?said=corrected-for-editor")
    assert "已记录纠正" in page.inner_text("[role=status]")
    assert page.locator("article", has_text="敬老院30号楼的铺位备了几张").count() == 0
    page.goto(f"{console.address}/corrections")
    assert "敬老院30号楼的铺位备了几张" in page.inner_text("main")
    context.close()


def test_a_version_is_promoted_and_taken_back_in_one_click_each(browser: Browser, console: Console) -> None:
    """Without scripts; each page says what serves since when and by whom, and what was there before."""
    context = signed_in(browser, console, Role.EDITOR, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{console.address}/releases")
    before = page.inner_text(".card.now .question")
    card = page.locator("article", has_text="夜间训练")
    candidate = card.locator("h3").inner_text()
    card.get_by_role("button", name=re.compile("^上线")).click()
    page.wait_for_url("**/releases?said=promoted")
    assert candidate in page.inner_text(".card.now") and "test-editor" in page.inner_text(".card.now")
    page.locator("li", has_text=before).get_by_role("button").click()
    page.wait_for_url("**/releases?said=rolled-back")
    assert page.inner_text(".card.now .question") == before
    context.close()


def test_the_keyboard_is_enough(browser: Browser, console: Console) -> None:
    """j and k move, x chooses, e finishes, o opens, / searches; typing in a field stays typing."""
    context = signed_in(browser, console, Role.REVIEWER)
    page = context.new_page()
    page.goto(f"{console.address}/inbox?outcome=handoff&order=newest")
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert "键盘23" in page.inner_text("article.at")
    page.keyboard.press("x")
    assert page.is_checked("article.at input[name=turn]")
    page.keyboard.press("e")
    page.wait_for_url("**said=done**")
    assert page.locator("article", has_text="键盘23").count() == 0
    page.keyboard.press("/")
    page.keyboard.type("jjee")
    assert page.input_value("#text") == "jjee"
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url("**/conversations/**")
    page.goto(f"{console.address}/inbox?order=score")
    page.keyboard.press("c")
    assert page.url.endswith("/inbox?order=score")  # the first is a call for help: no other turn is opened instead
    context.close()


def test_everything_works_without_scripts(browser: Browser, console: Console) -> None:
    """Signing in, the menu, filtering, correcting, finishing: forms and links do it all."""
    context = signed_in(browser, console, Role.REVIEWER, java_script_enabled=False)
    page = context.new_page()
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.goto(f"{console.address}/inbox")
    page.get_by_role("link", name="概览").click()
    page.wait_for_url("**/dashboard")
    page.goto(f"{console.address}/inbox")
    page.locator("summary", has_text="筛选和查找").click()
    page.fill("#text", "敬老院31号楼的铺位备了几张")
    page.get_by_role("button", name="查找").click()
    assert page.locator("article").count() == 1
    page.locator("article").get_by_role("link", name="纠正").click()
    page.get_by_role("button", name="规划没有写").first.click()
    assert "已记录纠正" in page.inner_text("[role=status]")
    page.goto(f"{console.address}/inbox?text=敬老院32号楼的铺位备了几张")
    page.locator("article").get_by_role("button", name="标为已处理").click()
    assert page.locator("article").count() == 0
    context.close()


def test_a_second_factor_is_set_up_and_asked_for(browser: Browser, console: Console) -> None:
    """The picture is there to be read by a phone; the next sign-in asks for a code, or takes a recovery code once."""
    console.add_account("phone")
    context = browser.new_context(viewport=NARROW)  # type: ignore[arg-type]
    context.set_default_navigation_timeout(NAVIGATION_MS)
    page = context.new_page()
    page.goto(f"{console.address}/sign-in?next=/account/second-factor")
    fill_sign_in(page, "phone")
    assert page.evaluate("document.querySelector('img.qr').naturalWidth") > 100
    secret = page.inner_text("code.secret")
    page.fill("#code", pyotp.TOTP(secret).now())
    page.get_by_role("button", name="开启").click()
    assert "两步验证已开启" in page.inner_text("[role=status]")
    codes = page.locator("ol.codes code").all_inner_texts()
    assert len(codes) == 10 and violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.get_by_role("link", name="我已收好").click()
    assert "没用过的恢复码：10" in page.inner_text("main") and violations(page) == []
    page.goto(f"{console.address}/account/second-factor")
    assert page.get_by_label("旧手机上的六位数字，或一个恢复码").is_visible() and violations(page) == []
    sign_out(page)
    fill_sign_in(page, "phone")
    page.wait_for_url(re.compile("second-factor"))
    assert violations(page) == []
    page.fill("#code", pyotp.TOTP(secret).at(datetime.now() + timedelta(seconds=30)))
    page.click("button.main")
    page.wait_for_url("**/inbox")
    sign_out(page)
    fill_sign_in(page, "phone")
    page.get_by_text("手机不在身边？用恢复码").click()
    page.fill("#recovery", codes[3])
    assert violations(page) == []
    page.get_by_role("button", name="用恢复码登录").click()
    page.wait_for_url("**/account?said=recovery-code-used")
    assert "没用过的恢复码：9" in page.inner_text("main")
    context.close()


def fill_sign_in(page: Page, name: str) -> None:
    """Name and password."""
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.click("button.main")


def sign_out(page: Page) -> None:
    """By the button at the top."""
    page.get_by_role("button", name="退出", exact=True).click()
    page.wait_for_url("**/sign-in**")


def test_a_training_is_followed_without_reloading(browser: Browser, console: Console) -> None:
    """Progress moves while somebody looks, the log stays at its end; when the job has ended its result is there."""
    context = signed_in(browser, console, Role.EDITOR)
    page = context.new_page()
    page.goto(f"{console.address}/training")
    page.evaluate("window.sameDocument = true")
    assert page.get_attribute("#progress", "value") == "0.400"
    with console.desk.transaction() as session:
        session.get(JobRow, 3).progress = 0.65
    page.wait_for_selector("#progress[value='0.650']")
    assert page.evaluate("window.sameDocument") is True
    assert page.evaluate(
        "(() => { const l = document.querySelector('pre.log'); return l.scrollTop + l.clientHeight >= l.scrollHeight - 2; })()"
    )
    with console.desk.transaction() as session:
        close(session.get(JobRow, 3), SUCCEEDED)
    page.wait_for_selector("button[value=start]")
    assert page.locator("main a[href='/releases']").count() == 2
    context.close()
    with console.desk.transaction() as session:  # as the other tests want to find it
        row = session.get(JobRow, 3)
        row.status, row.slot, row.ended_at, row.progress = "running", 1, None, 0.4
