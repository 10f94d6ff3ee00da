"""One version, said alike by the project, the changelog, the command, and (in their own tests) readiness and console."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.__main__ import main
from version import product_version

HEADINGS = re.compile(r"^## \[(?P<version>[^\]]+)\](?: - (?P<day>\d{4}-\d\d-\d\d))?", re.MULTILINE)


def test_the_changelog_begins_with_what_is_unreleased_and_then_this_version() -> None:
    """And goes on with older ones, each with its day."""
    found = HEADINGS.findall(Path("CHANGELOG.md").read_text(encoding="utf-8"))
    assert found[0] == ("未发布 Unreleased", "") and found[1][0] == product_version()
    numbers = [tuple(map(int, version.split("."))) for version, _ in found[1:]]
    days = [day for _, day in found[1:]]
    assert numbers == sorted(set(numbers), reverse=True)
    assert all(days) and days == sorted(days, reverse=True)


def test_the_command_says_it(capsys: pytest.CaptureFixture[str]) -> None:
    """At once, without Rasa."""
    main(["--version"])
    assert capsys.readouterr().out == f"青浦民生问答 Ask Qingpu {product_version()}\n"
