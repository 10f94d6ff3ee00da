"""A line in plain words stands beside the plan's own words, marked as what it is."""

from __future__ import annotations

from dataclasses import replace

from knowledge.language.languages import ENGLISH
from knowledge.reply.compose import Composer
from tests.actions.findings import ALL, BEDS, CARE_BEDS

PLAIN = "养老院的床位里，护理型的要占60%。"
EXPLAINED = replace(CARE_BEDS, plain=PLAIN)
COMPOSER = Composer("规划", (2021, 2025), "http://x/plan", ALL)


def test_it_follows_the_headline_and_the_quote_stays() -> None:
    """In the text and as a field; never among what is quoted."""
    answer = COMPOSER.passage(EXPLAINED, today_year=2026)
    lines = answer.text.split("\n")
    assert lines[:2] == [f"{CARE_BEDS.headline}。", f"大白话：{PLAIN}（工作人员的解释，不是规划的话）"]
    assert lines[2].startswith("原文：")
    assert answer.plain == answer.custom("a-1")["plain"] == PLAIN
    assert answer.headline == CARE_BEDS.headline and PLAIN not in answer.citations[0].quote


def test_in_an_english_frame_it_is_marked_in_english() -> None:
    """As all that is Chinese there."""
    text = COMPOSER.speaking(ENGLISH).passage(EXPLAINED, today_year=2026).text
    assert f"In plain words (in Chinese; explained by staff, not the plan's words): {PLAIN}" in text


def test_where_nothing_is_plainer_nothing_is_shown() -> None:
    """No line, no empty field of text."""
    answer = COMPOSER.passage(BEDS, today_year=2026)
    assert answer.plain is None and answer.custom("a-1")["plain"] is None and "大白话" not in answer.text
