"""Who is in charge of a commitment stands in its answer, where the plan says so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge.language.languages import ENGLISH
from knowledge.reply.compose import Composer
from tests.actions.findings import ALL, BEDS

COMPOSER = Composer("规划", (2021, 2025), "http://x/plan", ALL)


@pytest.mark.parametrize(
    ("lead", "line"),
    [
        ("县民政局", "规划写明，牵头单位：县民政局。"),
        ("责任单位：县民政局、县财政局", "规划写明，责任单位：县民政局、县财政局。"),
    ],
)
def test_it_stands_before_the_source(lead: str, line: str) -> None:
    """Under what the plan calls it; no part of what is quoted."""
    led = replace(BEDS, passage=replace(BEDS.passage, lead=lead))
    answer = COMPOSER.passage(led, today_year=2024)
    lines = answer.text.split("\n")
    assert lines[lines.index(line) + 1].startswith("出处：") and lead not in answer.citations[0].quote
    assert f"(in Chinese): {line[5:-1]}" in COMPOSER.speaking(ENGLISH).passage(led, today_year=2024).text


def test_without_one_nothing_is_said() -> None:
    """No empty line."""
    assert "规划写明" not in COMPOSER.passage(BEDS, today_year=2024).text
