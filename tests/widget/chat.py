"""A resident's visit to a page with the widget, in the words of the tests."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

_REPORT = "document.addEventListener('securitypolicyviolation', e => console.error('CSP ' + e.violatedDirective + ' ' + e.blockedURI))"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_OFFLINE = ("net::ERR_", "Failed to load resource")  # the browser's own lines about a network that a test has cut


class Visit:
    """A page, what went wrong on it, and what a resident does there."""

    def __init__(self, page: Page, bot: str) -> None:
        self.page, self.bot = page, bot
        self.problems: list[str] = []
        self.requests: list[str] = []
        page.add_init_script(_REPORT)
        page.on("console", lambda m: self._note(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))

    def _note(self, text: str) -> None:
        if not any(known in text for known in _OFFLINE):
            self.problems.append(text)

    def go(self, path: str = "/") -> Visit:
        """Load a page of the bot, or of another site."""
        self.page.goto(path if path.startswith("http") else self.bot + path)
        self.page.wait_for_function("customElements.get('qingpu-ask') && document.querySelector('qingpu-ask').panel")
        return self

    def open(self, path: str = "/") -> Visit:
        """Load a page and open the dialog."""
        self.go(path)
        self.launcher.click()
        expect(self.dialog).to_be_visible()
        return self

    @property
    def launcher(self) -> Locator:
        """The button in the corner."""
        return self.page.locator("qingpu-ask .launcher")

    @property
    def dialog(self) -> Locator:
        """The dialog."""
        return self.page.locator("qingpu-ask .panel")

    @property
    def field(self) -> Locator:
        """Where the question is written."""
        return self.page.locator("qingpu-ask textarea").first

    @property
    def answers(self) -> Locator:
        """Every answer."""
        return self.page.locator("qingpu-ask .answer")

    def button(self, name: str) -> Locator:
        """A button of the dialog by its name."""
        return self.dialog.get_by_role("button", name=name, exact=True)

    def ask(self, text: str) -> Locator:
        """Ask, and wait for the answer."""
        before = self.answers.count()
        self.field.fill(text)
        self.field.press("Enter")
        expect(self.answers).to_have_count(before + 1)
        return self.answers.nth(before)

    def elder(self) -> Locator:
        """The button of elder mode."""
        return self.dialog.get_by_role("button", name="长辈模式")

    def check_accessible(self) -> None:
        """No violation that axe-core can find, in this state."""
        found = Axe().run(self.page, options={"runOnly": RULES, "resultTypes": ["violations"]})
        wrong = [
            (v["id"], [n["html"][:200] + " | " + n["failureSummary"][:300] for n in v["nodes"]])
            for v in found.response["violations"]
        ]
        assert not wrong, wrong
