"""The web channel's parts by themselves: buckets, settings, offers."""

from __future__ import annotations

import pytest

from bot.channels import limits
from bot.channels.limits import Allowance, Buckets
from bot.channels.web.offers import Offers
from bot.channels.web.settings import WebSettings
from knowledge.catalogue.commitments import Commitment
from knowledge.reply.suggest import SuggestionIndex
from settings.errors import SettingWrong


def test_a_bucket_allows_a_burst_and_then_a_pace() -> None:
    """And says how long to wait; another key is not touched."""
    now = [0.0]
    buckets = Buckets(Allowance(burst=2, per_minute=6), clock=lambda: now[0])
    assert [buckets.wait_s("a") for _ in range(3)] == [0, 0, 10]
    assert buckets.wait_s("b") == 0
    now[0] = 9.9
    assert buckets.wait_s("a") == 1
    now[0] = 10.0
    assert buckets.wait_s("a") == 0


def test_buckets_are_forgotten_oldest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded, whatever comes."""
    monkeypatch.setattr(limits, "REMEMBERED", 2)
    buckets = Buckets(Allowance(burst=1, per_minute=1), clock=lambda: 0.0)
    for key in "abc":
        assert buckets.wait_s(key) == 0
    assert buckets.wait_s("c") > 0
    assert buckets.wait_s("a") == 0


@pytest.mark.parametrize("origins", ["*", "www.example.gov.cn", "https://*.example.cn", "https://a.cn/path"])
def test_origins_are_explicit(monkeypatch: pytest.MonkeyPatch, origins: str) -> None:
    """A wildcard or half an address stops the start, with what to write."""
    monkeypatch.setenv("WEB_ORIGINS", origins)
    with pytest.raises(SettingWrong, match="WEB_ORIGINS"):
        WebSettings.from_environment()


@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5"])
def test_limits_are_whole_numbers(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """Anything else stops the start."""
    monkeypatch.setenv("WEB_MESSAGES_PER_MINUTE", value)
    with pytest.raises(SettingWrong, match="WEB_MESSAGES_PER_MINUTE"):
        WebSettings.from_environment()


def test_asked_most_comes_before_curated(commitments: tuple[Commitment, ...]) -> None:
    """In the catalogue's words, never in a resident's own; unknown commitments are left out."""
    offers = Offers()
    offers.refresh()
    asked = next(c for c in commitments if c.title == "公共租赁住房")
    question = SuggestionIndex([asked]).question_of(asked.id)
    assert question is not None
    questions, source = offers.hot(["c-none", asked.id])
    assert source == "asked" and questions[0] == question.question
    assert len(questions) == len(set(questions)) == 6, "its curated question is not offered a second time"
