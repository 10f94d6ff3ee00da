"""What docs/security.md and docs/runbook.md name as held is held by tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

NAMED = re.compile(r"`(tests/[\w/]+\.py)`")
PAGES = {name: Path("docs", name).read_text(encoding="utf-8") for name in ("security.md", "runbook.md")}
LEAST = {"security.md": 20, "runbook.md": 10}  # tables that lost their rows would pass otherwise


@pytest.mark.parametrize("page", PAGES)
def test_every_row_names_a_test_that_is_there(page: str) -> None:
    """Each with tests in it."""
    held = [line for line in PAGES[page].splitlines() if NAMED.search(line)]
    assert len(held) >= LEAST[page]
    for file in {file for line in held for file in NAMED.findall(line)}:
        assert "\ndef test_" in (text := Path(file).read_text(encoding="utf-8")) or "\nasync def test_" in text, file


def test_every_symptom_of_the_runbook_has_its_mend() -> None:
    """A row says what to do, and which test holds it."""
    symptoms = PAGES["runbook.md"].split("## 告警")[0]  # an alert leads to one of them
    rows = [line for line in symptoms.splitlines() if line.startswith("| ")][1:]
    for row in rows:
        *_, what_to_do, held = (cell.strip() for cell in row.strip("| ").split(" | "))
        assert len(what_to_do) > 5 and NAMED.search(held), row
