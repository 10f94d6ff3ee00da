"""A message that asks how a request for staff stands: known by its words, told to whom it may be, guarded against guessing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from bot.channels.asked_after import asks_after_own, means_our_requests, number_in
from bot.channels.registered import TRIES_OF_ADDRESS, TRIES_OF_SESSION
from bot.channels.turns import TurnTaker
from conversations.identity import session_key
from conversations.notices import NoticeBoard
from conversations.requests import RequestBook, StaffRequest
from conversations.turn_log import TurnLog
from conversations.turns import LOOKED_UP

NUMBER = "QP261130-HHSY7"


class Dialogue:
    """Rasa in place of which nothing may answer; keeps what reached it."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    async def __call__(self, message: Any) -> None:
        """A turn that the dialogue would take."""
        self.seen.append(message.text)


@pytest.fixture
def book(tmp_path) -> RequestBook:
    """A book of its own."""
    return RequestBook(f"sqlite:///{tmp_path}/c.sqlite")


@pytest.fixture
def log(tmp_path) -> TurnLog:
    """The log beside it."""
    return TurnLog(f"sqlite:///{tmp_path}/c.sqlite")


@pytest.fixture
def dialogue() -> Dialogue:
    """What is behind the channel."""
    return Dialogue()


@pytest.fixture
def say(
    tmp_path, log: TurnLog, book: RequestBook, dialogue: Dialogue, watch_loaded: None
) -> Callable[..., Awaitable[str]]:
    """Say something as a resident of the REST channel; the reply's text."""
    taker = TurnTaker(log, book, NoticeBoard(f"sqlite:///{tmp_path}/c.sqlite"))

    async def say(text: str, sender: str = "resident", network: str = "", channel: str = "rest") -> str:
        return str((await taker.take(dialogue, text, sender, channel, network=network))[0]["text"])

    return say


def registered(
    book: RequestBook, reference: str = NUMBER, sender: str = "resident", channel: str = "rest", **about: Any
) -> None:
    """Something that waits since this morning."""
    about = {"created_at": datetime.now(timezone.utc), **about}
    book.record(StaffRequest(reference, "complaint", session_key(channel, sender), "楼上漏水没人管", **about))


@pytest.mark.parametrize(
    "text",
    [
        *("QP261130-HHSY7", "qp261130-hhsy7", "QP261130HHSY7", "ＱＰ２６１１３０－ＨＨＳＹ７", "261130-HHSY7"),
        *("QP 261130 HHSY7", "QP261130—HHSY7", "我登记的编号QP261130-HHSY7到哪一步了", "查一下QP261130-HHSY7"),
        *("编号是qp261130-hhsy7，什么时候回复？", "How does my request QP261130-HHSY7 stand?"),
    ],
)
def test_a_number_is_read_however_it_is_typed(text: str) -> None:
    """In full width, small letters, without 「QP」, in a sentence of either language."""
    assert number_in(text) == NUMBER


@pytest.mark.parametrize(
    "text",
    [
        *(
            "13800138000",
            "261130",
            "养老床位9500张",
            "QP261130",
            "QP261130-HHSY77",
            "2021-2025",
            "我要补充QP261130-HHSY7那件事",
        ),
        *("QP261130-HHSY7我要投诉，没人管", "QP261130-HHSY7" + "说了很多" * 20),
    ],
)
def test_what_is_no_number_or_tells_something_is_the_dialogues(text: str) -> None:
    """Telephone numbers, years and figures; a new complaint that names the number is registered as any other."""
    assert number_in(text) == ""


@pytest.mark.parametrize(
    ("text", "own", "ours"),
    [
        ("我登记的事什么时候回复", True, True),
        ("我上次登记的那个问题处理了吗", True, True),
        ("我反映的事有人管吗", True, False),
        ("我的投诉怎么样了", True, False),
        ("我提的建议有回音吗", True, False),
        ("什么时候给我回复？", True, False),
        ("多久能有答复呀", True, False),
        ("登记编号怎么查进度", True, True),
        ("When will you reply to my complaint?", True, True),
        ("what is the status of my request", True, True),
        *(
            (text, False, False)
            for text in ("失业登记了多久能领补贴", "婚姻登记的结果怎么查", "养老床位有多少", "我要投诉")
        ),
        *(
            (text, False, False)
            for text in ("投诉的电话怎么查", "登记的独居老人有没有人上门", "居住证登记的结果怎么样")
        ),
        *((text, False, False) for text in ("医院什么时候扩建好", "工作人员什么时候上门服务", "17号线什么时候通车")),
    ],
)
def test_asking_after_what_was_registered_is_told_from_asking_the_plan(text: str, own: bool, ours: bool) -> None:
    """Words of registering with words of waiting; registers of other offices are not ours."""
    assert (asks_after_own(text), means_our_requests(text)) == (own, ours)


async def test_its_own_conversation_is_told_by_number_and_without(
    say: Callable[..., Awaitable[str]], book: RequestBook, dialogue: Dialogue
) -> None:
    """State, days and what it was about; once it is done nothing is expected any more."""
    registered(book, created_at=datetime(2036, 12, 1, 3, tzinfo=timezone.utc))
    for asked in (NUMBER, "查一下QP261130-HHSY7", "我登记的事什么时候回复", "多久有回音"):
        told = await say(asked)
        assert NUMBER in told and "12月1日登记" in told and "等工作人员查看" in told and "楼上漏水" in told
        assert "预计12月8日前有答复" in told
    book.change(NUMBER, status="in_progress")
    assert "正在处理" in await say("我登记的事到哪一步了")
    book.change(NUMBER, status="done")
    told = await say(f"我登记的编号{NUMBER}到哪一步了")
    assert "已经处理完" in told and "预计" not in told
    assert dialogue.seen == []


async def test_whoever_knows_the_number_is_told_how_it_stands_and_no_more(
    say: Callable[..., Awaitable[str]], book: RequestBook
) -> None:
    """From another telephone: the state and the days, never a word of what was said, nor of staff's note."""
    registered(book)
    book.change(NUMBER, note="已电话联系")
    told = await say(NUMBER, sender="another")
    assert "等工作人员查看" in told and "预计" in told
    assert "漏水" not in told and "电话联系" not in told


@pytest.mark.parametrize("channel", ["web", "rest", "wechat"])
async def test_every_channel_tells_it(
    say: Callable[..., Awaitable[str]], book: RequestBook, dialogue: Dialogue, channel: str
) -> None:
    """What was registered on one, and what was registered on another."""
    registered(book, channel=channel)
    registered(book, "QP261130-AAAAA", sender="another", channel="phone")
    assert "楼上漏水" in await say("我登记的事到哪一步了", channel=channel)
    assert "等工作人员查看" in await say("QP261130-AAAAA", channel=channel)
    assert dialogue.seen == []


async def test_what_is_late_is_said_to_be(say: Callable[..., Awaitable[str]], book: RequestBook) -> None:
    """With where else to turn."""
    registered(book, created_at=datetime.now(timezone.utc) - timedelta(days=30))
    told = await say(NUMBER)
    assert "现在过了" in told and "12345" in told


async def test_nothing_is_expected_where_staff_promise_nothing(
    say: Callable[..., Awaitable[str]], book: RequestBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At 0, not even of what is old."""
    monkeypatch.setenv("REQUEST_REPLY_DAYS", "0")
    registered(book, created_at=datetime.now(timezone.utc) - timedelta(days=30))
    told = await say(NUMBER)
    assert "等工作人员查看" in told and "预计" not in told and "过了" not in told


async def test_unknown_and_void_numbers_are_told_alike(
    say: Callable[..., Awaitable[str]], book: RequestBook, log: TurnLog
) -> None:
    """Nobody learns that a number was somebody's once."""
    registered(book, sender="gone")
    log.erase_session(session_key("rest", "gone"))
    void, unknown = await say(NUMBER), await say("QP261130-HHSY8")
    assert void.replace(NUMBER, "") == unknown.replace("QP261130-HHSY8", "")
    assert "没有查到" in void


async def test_guessing_is_limited_by_conversation_and_by_address_and_tells_nothing(
    say: Callable[..., Awaitable[str]], book: RequestBook
) -> None:
    """Beyond it a number that is somebody's and one that is nobody's are refused alike; one's own is told all the same."""
    registered(book)
    registered(book, "QP261130-AAAAA", sender="guesser")
    for _ in range(TRIES_OF_SESSION.burst):
        assert "没有查到" in await say("QP261130-ZZZZZ", sender="guesser")
    refused = {await say(each, sender="guesser") for each in ("QP261130-ZZZZZ", NUMBER)}
    assert len(refused) == 1 and "查得太多了" in refused.pop()
    assert "等工作人员查看" in await say("QP261130-AAAAA", sender="guesser")
    for n in range(TRIES_OF_ADDRESS.burst):
        await say("QP261130-ZZZZZ", sender=f"guesser-{n}", network="192.0.2.1")
    assert "查得太多了" in await say(NUMBER, sender="yet another", network="192.0.2.1")
    assert "等工作人员查看" in await say(NUMBER, sender="yet another", network="192.0.2.2")


async def test_without_anything_registered_the_number_is_asked_for_or_the_dialogue_answers(
    say: Callable[..., Awaitable[str]], dialogue: Dialogue
) -> None:
    """What can only mean our requests is asked its number; what may mean the plan goes on to it."""
    assert "编号发给我" in await say("我登记的事什么时候回复")
    assert dialogue.seen == []
    await say("多久有回音")
    assert dialogue.seen == ["多久有回音"]


async def test_it_is_answered_in_the_language_of_the_conversation_and_logged(
    say: Callable[..., Awaitable[str]], book: RequestBook, log: TurnLog
) -> None:
    """A number alone says no language: the turn before does. The turn is in the log, under a step of its own."""
    registered(book, created_at=datetime(2036, 12, 1, 3, tzinfo=timezone.utc))
    told = await say(f"How does my request {NUMBER} stand?")
    assert "waiting for staff" in told and "expected by 8 December" in told
    assert "waiting for staff" in await say(NUMBER)
    turns = log.history(session_key("rest", "resident"), 5)
    assert [(turn.step, turn.outcome) for turn in turns] == [(LOOKED_UP, "chat")] * 2


async def test_danger_goes_before_it(say: Callable[..., Awaitable[str]], book: RequestBook) -> None:
    """Whatever number stands beside a fire."""
    registered(book)
    assert "119" in (await say(f"{NUMBER} 我家着火了")).split("\n")[0] + (await say(f"我家着火了{NUMBER}"))


async def test_a_book_that_cannot_be_read_says_so(
    say: Callable[..., Awaitable[str]], book: RequestBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Politely, with the hotline; nobody is told that the number is wrong."""
    from conversations.errors import LogUnavailable

    def broken(_reference: str) -> None:
        raise LogUnavailable("away")

    monkeypatch.setattr(book, "request", broken)
    told = await say(NUMBER)
    assert "暂时查不了" in told and "没有查到" not in told
