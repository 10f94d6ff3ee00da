"""`python scripts/browser_cost.py BROWSER...`: CPU seconds of each browser for fifteen pages, in turn.

The figure in docs/performance.md: `/usr/bin/chromium` beside `/usr/bin/chromium-headless-shell`, the one of the tests.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser  # noqa: E402

from tests.browsers import running_browser  # noqa: E402
from tests.services import descendants  # noqa: E402

ROUNDS, PAGES = 2, 15
PAGE = "".join(f"<p>第{n}段 <a href='#{n}'>链接</a> <button>按</button></p>" for n in range(300))


def main() -> int:
    """Measure every browser named, `ROUNDS` times, one after the other."""
    for browser in sys.argv[1:] * ROUNDS:
        with running_browser(browser) as running:
            start = _cpu_s()
            _show_pages(running)
            print(f"{browser}: {PAGES} pages {_cpu_s() - start:.2f} s", flush=True)
    return 0


def _show_pages(browser: Browser) -> None:
    for _ in range(PAGES):
        context = browser.new_context(viewport={"width": 360, "height": 640})
        page = context.new_page()
        page.set_content(PAGE)
        page.locator("button").nth(5).click()
        context.close()


def _cpu_s() -> float:
    """Of all processes that this one has started, as far as they still run."""
    return sum(_seconds()) / os.sysconf("SC_CLK_TCK")


def _seconds() -> Iterator[int]:
    for pid in descendants(os.getpid()):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        yield int(fields[11]) + int(fields[12])


if __name__ == "__main__":
    sys.exit(main())
