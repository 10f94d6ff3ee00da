"""`python scripts/console_pictures.py`: takes the console's pictures `docs/images/review-*.png` anew.

Needs a running console with demonstration data (`make run`, then `make demo-data`), and what the tests need: Playwright
and Chromium. That is why it stands here and not in `demo/`, which residents' and staff's installations run too.

| variable | meaning |
|---|---|
| `REVIEW_PUBLIC_URL` or `REVIEW_HOST`, `REVIEW_PORT` | where the console is (`http://127.0.0.1:5080`) |
| `REVIEW_USER`, `REVIEW_PASSWORD` | an administrator of it, without a second factor (the console runs with `REVIEW_SECOND_FACTOR_FROM=nobody`) |
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from review.settings import Settings  # noqa: E402
from settings.review import REVIEW_PASSWORD, REVIEW_USER  # noqa: E402
from tests.browsers import running_browser  # noqa: E402

IMAGES = ROOT / "docs" / "images"
WIDE, NARROW = (1280, 900), (360, 740)
PAGES = {
    "review-inbox": "/inbox",
    "review-unanswered": "/unanswered",
    "review-dashboard": "/dashboard",
    "review-commitment": "/commitments/c-702f53f084",
    "review-requests": "/requests?status=all",
    "review-danger": "/danger/fire",
}


def main() -> int:
    """Take the pictures; exit code 1 if nobody could sign in."""
    address = Settings.from_environment().public_url
    with running_browser() as browser:
        page = browser.new_page(viewport={"width": WIDE[0], "height": WIDE[1]})
        page.goto(f"{address}/sign-in")
        page.fill("#name", REVIEW_USER.read())
        page.fill("#password", REVIEW_PASSWORD.read())
        page.click("button.main")
        if "/sign-in" in page.url:
            print("登录不了：请设 REVIEW_USER 和 REVIEW_PASSWORD / cannot sign in: set both", file=sys.stderr)
            return 1
        for name, path in PAGES.items():
            page.goto(address + path)
            _take(page, name)
        page.goto(f"{address}/inbox?outcome=not_in_plan")  # what is danger has no way to correct it
        page.locator("a[data-open]").first.click()
        _take(page, "review-conversation")
        page.locator("a[data-correct]").first.click()
        _take(page, "review-correct")
        page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
        page.goto(f"{address}/inbox")
        _take(page, "review-inbox-360")
    return 0


def _take(page: Page, name: str) -> None:
    page.screenshot(path=IMAGES / f"{name}.png")
    print(f"docs/images/{name}.png", flush=True)


if __name__ == "__main__":
    sys.exit(main())
