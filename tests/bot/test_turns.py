"""What channels do with a message before Rasa sees it."""

from __future__ import annotations

import pytest

from bot.channels.turns import MAX_MESSAGE_CHARS, TurnTaker, neutral
from conversations.requests import RequestBook


@pytest.mark.parametrize("text", ["/restart", '/ask_housing{"place":"x"}', "  /session_start", "/stop"])
def test_a_leading_slash_is_ordinary_text(text: str) -> None:
    """Rasa sees no command."""
    assert not neutral(text).lstrip().startswith("/")
    assert text.strip()[1:] in neutral(text)


def test_slashes_inside_are_kept() -> None:
    """Only the first character matters to Rasa."""
    assert neutral("公里/平方公里") == "公里/平方公里"


@pytest.fixture
def book(tmp_path) -> RequestBook:
    """A request book of its own."""
    return RequestBook(f"sqlite:///{tmp_path}/c.sqlite")


async def test_too_long_a_message_is_politely_refused(book: RequestBook) -> None:
    """The limit is said, and Rasa is not troubled."""

    async def never(_message: object) -> None:
        raise AssertionError("Rasa was called")

    messages = await TurnTaker(book).take(never, "长" * (MAX_MESSAGE_CHARS + 1), "s", "rest")
    assert "1000" in messages[0]["text"]
    assert messages[1]["custom"]["schema"] == "answer/1"


async def test_a_failed_turn_is_kept_for_staff(book: RequestBook) -> None:
    """If Rasa gives no answer the resident gets an apology and the question is not lost."""

    async def broken(_message: object) -> None:
        raise RuntimeError("boom")

    messages = await TurnTaker(book).take(broken, "养老床位有多少", "s1", "rest")
    assert messages[1]["custom"]["outcome"] == "error"
    assert "boom" not in str(messages)
    kept = book.open_requests()
    assert [(r.kind, r.text, r.session) for r in kept] == [("failed_question", "养老床位有多少", "s1")]
