"""Numbers, 更多, 赞 and 踩 as people type them."""

from __future__ import annotations

import pytest

from bot.channels.wechat.short_words import asks_for_more, is_nudge, number_in, vote_in


@pytest.mark.parametrize("text", ["2", "２", " 2。", "回复2", "回复 2", "“2”", "第二个", "二", "选2", "2、", "②"])
def test_a_number_in_any_form(text: str) -> None:
    """Full width, in words, with what people put around it."""
    assert number_in(text) == 2


@pytest.mark.parametrize("text", ["2025", "2025年有多少", "两岁可以上托班吗", "一站式", "", "12345", "2.5", "-2"])
def test_what_is_no_choice(text: str) -> None:
    """Questions that begin with a number, and numbers that nobody offers."""
    assert number_in(text) is None


@pytest.mark.parametrize("text", ["更多", "“更多”", " 更多。", "回复“更多”", "看全文", "「更多」"])
def test_more(text: str) -> None:
    """With the quotation marks of the hint."""
    assert asks_for_more(text)


def test_more_inside_a_question_is_a_question() -> None:
    """Only the word alone."""
    assert not asks_for_more("有没有更多的养老床位")


@pytest.mark.parametrize(
    ("text", "vote"),
    [
        ("赞", "up"),
        ("👍", "up"),
        ("👍🏻", "up"),
        ("👍\ufe0f", "up"),
        ("回复“赞”", "up"),
        ("“赞”", "up"),
        ("踩", "down"),
        ("👎", "down"),
        ("赞助政策", None),
    ],
)
def test_votes(text: str, vote: str | None) -> None:
    """Words and signs."""
    assert vote_in(text) == vote


@pytest.mark.parametrize("text", ["好", "好的", "1", "？", "继续", "嗯嗯", "在吗", "。。。", "OK", "更多", "😀", "a"])
def test_nudges(text: str) -> None:
    """After 「回复任意字继续」."""
    assert is_nudge(text)


@pytest.mark.parametrize("text", ["养老", "公租房", "那托班呢", "小学放学后有课后服务吗"])
def test_questions_are_no_nudges(text: str) -> None:
    """However short."""
    assert not is_nudge(text)
