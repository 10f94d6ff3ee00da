"""One version, said alike by the project, the command, and (in their own tests) readiness and console."""

from __future__ import annotations

import pytest

from bot.__main__ import main
from version import product_version


def test_the_command_says_it(capsys: pytest.CaptureFixture[str]) -> None:
    """At once, without Rasa."""
    main(["--version"])
    assert capsys.readouterr().out == f"青浦民生问答 Ask Qingpu {product_version()}\n"
