"""A reviewer at the console, in a real browser: each way of correcting as a person does it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from urllib.parse import quote

from playwright.sync_api import Page

from tests.browsers import running_browser

PATIENCE_MS = 90_000  # the first page that needs the plan waits for it


@contextmanager
def console_page(address: str, name: str, password: str) -> Iterator[Page]:
    """A page of somebody who has signed in."""
    with running_browser() as browser:
        page = browser.new_page(base_url=address, viewport={"width": 1280, "height": 900})
        page.set_default_timeout(PATIENCE_MS)
        page.goto("/sign-in")
        page.fill("#name", name)
        page.fill("#password", password)
        page.click("button.main")
        page.wait_for_url("**/inbox**")
        yield page


def said(page: Page) -> str:
    """What the console says was done."""
    return page.locator("p.said[role=status]").first.inner_text()


def find_in_inbox(page: Page, question: str) -> None:
    """Look a question up in the inbox, and correct it; it gets there seconds after it was asked."""
    for _ in range(60):
        page.goto(f"/inbox?status=all&text={quote(question)}")
        card = page.locator("article", has=page.get_by_text(question, exact=True))
        if card.count():
            card.first.get_by_role("link", name="纠正").click()
            page.wait_for_url("**/correct**")
            return
        page.wait_for_timeout(1000)
    raise AssertionError(f"{question} did not reach the inbox")


def answer_by(page: Page, title: str) -> None:
    """「由这条回答」 on the card of a commitment."""
    card = page.locator("article.card", has=page.get_by_role("link", name=title, exact=True))
    card.locator("button[data-link]").click()
    page.wait_for_url("**said=**")


def search_plan(page: Page, words: str) -> None:
    """Look for a passage on the page for correcting."""
    page.fill("#q", words)
    page.get_by_role("button", name="查找").click()
    page.wait_for_url("**q=**")


def link(page: Page, question: str, title: str, words: str = "") -> None:
    """Inbox → 纠正 → (search the plan) → 由这条回答."""
    find_in_inbox(page, question)
    if words:
        search_plan(page, words)
    answer_by(page, title)


def link_from_conversation(page: Page, question: str, title: str, words: str) -> None:
    """Inbox → the conversation → 纠正 → search → 由这条回答."""
    find_in_inbox(page, question)
    page.get_by_role("link", name="看整段会话").click()
    page.wait_for_url("**/conversations/**")
    page.locator("article.card.at").get_by_role("link", name="纠正").click()
    page.wait_for_url("**/correct**")
    search_plan(page, words)
    answer_by(page, title)


def link_rewritten(page: Page, question: str, rewritten: str, title: str, words: str) -> None:
    """A long story is shortened to the question in it, then linked."""
    find_in_inbox(page, question)
    search_plan(page, words)
    page.locator("summary", has_text="改写后再纠正").click()
    page.fill("#question", rewritten)
    page.get_by_label(title, exact=True).check()
    page.get_by_role("button", name="由选中的承诺回答").click()
    page.wait_for_url("**said=**")


def rewritten_as_silent(page: Page, question: str, rewritten: str) -> None:
    """Shortened, then: the plan does not say."""
    find_in_inbox(page, question)
    page.locator("summary", has_text="改写后再纠正").click()
    page.fill("#question", rewritten)
    page.locator("details", has=page.locator("#question")).get_by_role("button", name="规划没有写").click()
    page.wait_for_url("**said=**")


def link_group(page: Page, typical: str, title: str, words: str) -> None:
    """Unanswered → group anew → the whole group is answered by one passage."""
    page.goto("/unanswered")
    page.get_by_role("button", name="现在重新分组").click()
    for _ in range(90):
        page.goto("/unanswered")
        if page.get_by_role("link", name=typical).count():
            break
        page.wait_for_timeout(1000)
    page.get_by_role("link", name=typical).first.click()
    page.wait_for_url("**/unanswered/w-**")
    search_plan(page, words)
    answer_by(page, title)


def add_sample(page: Page, commitment_id: str, question: str) -> None:
    """One more sample question at a commitment."""
    page.goto(f"/commitments/{commitment_id}")
    page.fill("#questions", f"{page.input_value('#questions')}\n{question}")
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**said=saved**")


def point(page: Page, question: str, text: str, url: str) -> None:
    """The plan is silent; this helps."""
    find_in_inbox(page, question)
    page.locator("summary", has_text="给一个指引").click()
    page.fill("#text", text)
    page.fill("#url", url)
    page.fill("#expires_on", (date.today() + timedelta(days=90)).isoformat())
    page.get_by_role("button", name="记录指引").click()
    page.wait_for_url("**said=**")


def add_word(page: Page, question: str, word: str, means: str, kind: str) -> None:
    """Residents say this for that."""
    find_in_inbox(page, question)
    details = page.locator("details", has=page.locator("#word"))
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    page.fill("#word", word)
    page.fill("#means", means)
    page.select_option("#word_kind", kind)
    page.get_by_role("button", name="加词").click()
    page.wait_for_url("**said=**")


def teach_intent(page: Page, question: str, intent: str) -> None:
    """It should have been this intent."""
    find_in_inbox(page, question)
    page.select_option("#intent", intent)
    page.locator("form", has=page.locator("#intent")).get_by_role("button").click()
    page.wait_for_url("**said=**")


def press(page: Page, question: str, button: str) -> None:
    """One of the two plain buttons: the plan does not say, not ours."""
    find_in_inbox(page, question)
    page.get_by_role("button", name=button).first.click()
    page.wait_for_url("**said=**")


def record_progress(page: Page, commitment_id: str, figure: str) -> None:
    """What was published since, with date and source."""
    page.goto(f"/commitments/{commitment_id}")
    page.locator("summary", has_text="记录进展").click()
    page.select_option("#state", "reached")
    page.fill("#figure", figure)
    page.fill("#as_of", "2025-12-31")
    page.fill("#source", "区政府工作报告")
    page.fill("#url", "https://www.shqp.gov.cn/report")
    page.locator("form", has=page.locator("#as_of")).get_by_role("button", name="记录进展").click()
    page.wait_for_url("**said=**")
