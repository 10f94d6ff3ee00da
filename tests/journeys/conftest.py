"""What most journeys talk to, and who works at its console."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from bot.without_tensorflow import import_extractors
from tests.journeys.processes import Product
from tests.review.conftest import PASSWORD, Visitor

import_extractors()  # as in tests/bot

CONSOLE_WITHIN_S = 120  # it starts beside the bot, on a machine that may be busy


@pytest.fixture(scope="session")
def product(shared_product: Product) -> Product:
    """The product that tests share; files whose journeys need another have a fixture of this name."""
    return shared_product


@pytest.fixture(scope="session")
def staff(shared_product: Product) -> Visitor:
    """Its first administrator, made on the command line, signed in."""
    command = [sys.executable, "-m", "review", "create-admin", "boss", "--password-stdin"]
    environment = shared_product.environment
    subprocess.run(command, input=f"{PASSWORD}\n", text=True, env=environment, check=True, timeout=CONSOLE_WITHIN_S)
    visitor = Visitor(f"http://127.0.0.1:{shared_product.review_port}")
    deadline = time.monotonic() + CONSOLE_WITHIN_S
    while time.monotonic() < deadline:
        try:
            if visitor.sign_in("boss", PASSWORD).status_code == 303:
                return visitor
        except OSError:  # it does not listen yet
            pass
        time.sleep(0.3)
    raise AssertionError(f"nobody could sign in: {shared_product.log()[-3000:]}")
