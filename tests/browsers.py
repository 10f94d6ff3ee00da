"""The browser of tests and pictures: Chromium's headless shell as Debian packages it, or whatever `CHROMIUM` names.

The same engine as the whole browser, without the window around it: a page costs a quarter of the processor time
(docs/performance.md). `CHROMIUM=/usr/bin/chromium` has the same tests in the whole browser.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium-headless-shell")
_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


@contextmanager
def running_browser(program: str = CHROMIUM) -> Iterator[Browser]:
    """A browser until the block ends. Its event loop must not outlive it into tests with loops of their own."""
    if not Path(program).exists():
        pytest.fail(f"没有 {program} — 先运行 bash scripts/setup_tests.sh，或设 CHROMIUM=浏览器的路径")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(_FLAGS))
        yield browser
        browser.close()
