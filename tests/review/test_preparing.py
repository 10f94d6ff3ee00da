"""What takes seconds is made ready for whoever signs in, and for nobody else: a console that nobody uses stays small."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from review.accounts.roles import Role
from tests.review.conftest import Console

pytestmark = pytest.mark.slow  # the built knowledge
WITHIN_S = 60


def test_the_plan_is_loaded_once_somebody_has_signed_in(start_console: Callable[..., Console]) -> None:
    """Strangers who look at the sign-in page, or sign in wrongly, load nothing."""
    console = start_console()
    console.desk.eager = True
    stranger = console.visitor()
    assert stranger.get("/sign-in").status_code == 200
    assert stranger.sign_in(f"test-{Role.EDITOR.value}", "not the password").status_code != 303
    assert not console.desk.prepares and not console.desk.has_plan
    console.as_role(Role.EDITOR)
    until = time.monotonic() + WITHIN_S
    while not (console.desk.has_plan and console.desk.regression_check.is_ready):
        assert time.monotonic() < until, "neither the plan nor the regression questions were made ready"
        time.sleep(0.2)
