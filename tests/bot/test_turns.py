"""What channels do with a message before Rasa sees it, and with the reply after."""

from __future__ import annotations

import asyncio
import threading
from datetime import datetime, timezone
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage

from bot.channels.turns import MAX_MESSAGE_CHARS, TurnTaker, neutral
from bot.channels.watching import Noticed, Watchman
from bot.event_broker import ConversationEventBroker
from conversations.database import Database
from conversations.identity import session_key
from conversations.notices import Notice, NoticeBoard
from conversations.requests import RequestBook
from conversations.spool import Spool
from conversations.turn_log import TurnLog
from conversations.turns import PAUSED
from danger.replies import NOTICED
from tests.danger.doubtful import doubtful_message

CUSTOM = {
    "schema": "answer/1",
    "answer_id": "a-1",
    "outcome": "chat",
    "topic": None,
    "headline": "您好",
    "citations": [],
}


class Rasa:
    """What `on_new_message` does, as far as a channel can tell: replies, and publishes the turn's events before that."""

    def __init__(self, broker: ConversationEventBroker, outcome: str = "chat", fails: bool = False) -> None:
        self.broker, self.outcome, self.fails = broker, outcome, fails
        self.seen: list[UserMessage] = []
        self.asked, self.go_on = asyncio.Event(), asyncio.Event()
        self.go_on.set()

    async def __call__(self, message: UserMessage) -> None:
        """One turn."""
        self.seen.append(message)
        self.asked.set()
        await self.go_on.wait()
        if self.fails:
            raise RuntimeError("boom")
        custom = {**CUSTOM, "answer_id": f"a-{len(self.seen)}", "outcome": self.outcome}
        about = {"sender_id": message.sender_id}
        request = {"reference": "QP1", "kind": "handoff", "text": message.text, "about": ""}
        events: list[dict[str, Any]] = [
            {
                "event": "user", "text": message.text, "message_id": message.message_id,
                "input_channel": message.input_channel, "metadata": message.metadata, "parse_data": {},
            },
            {"event": "bot", "text": "您好", "data": {"custom": custom}},
            *([{"event": "slot", "name": "handoff_request", "value": request}] if self.outcome == "handoff" else []),
            {"event": "action", "name": "action_listen"},
        ]  # fmt: skip
        for event in events:
            self.broker.publish({**event, **about})
        await message.output_channel.send_text_message(message.sender_id, "您好")
        await message.output_channel.send_custom_json(message.sender_id, custom)


@pytest.fixture
def url(tmp_path) -> str:
    """A database of its own."""
    return f"sqlite:///{tmp_path}/c.sqlite"


@pytest.fixture
def log(url: str) -> TurnLog:
    """The turn log."""
    return TurnLog(url)


@pytest.fixture
def book(url: str) -> RequestBook:
    """The request book."""
    return RequestBook(url)


@pytest.fixture
def board(url: str) -> NoticeBoard:
    """The notice board."""
    return NoticeBoard(url)


@pytest.fixture
def broker(log: TurnLog, book: RequestBook) -> ConversationEventBroker:
    """The broker that writes to both."""
    return ConversationEventBroker(log, book)


@pytest.fixture
def taker(log: TurnLog, book: RequestBook, board: NoticeBoard, watch_loaded: None) -> TurnTaker:
    """The part of a channel under test."""
    return TurnTaker(log, book, board)


@pytest.mark.parametrize("text", ["/restart", '/ask_housing{"place":"x"}', "  /session_start", "/stop"])
def test_a_leading_slash_is_ordinary_text(text: str) -> None:
    """Rasa sees no command."""
    assert not neutral(text).lstrip().startswith("/")
    assert text.strip()[1:] in neutral(text)


def test_slashes_inside_are_kept() -> None:
    """Only the first character matters to Rasa."""
    assert neutral("公里/平方公里") == "公里/平方公里"


def test_what_no_database_takes_is_dropped() -> None:
    """Half a character and NUL."""
    assert neutral("养\ud800老\0院") == "养老院"


async def test_too_long_a_message_is_politely_refused(taker: TurnTaker, log: TurnLog) -> None:
    """The limit is said, Rasa is not troubled, and the turn is logged all the same."""

    async def never(_message: object) -> None:
        raise AssertionError("Rasa was called")

    messages = await taker.take(never, "长" * (MAX_MESSAGE_CHARS + 1), "s", "rest")
    assert "1000" in messages[0]["text"]
    assert messages[1]["custom"]["schema"] == "answer/1"
    logged = log.turn(messages[1]["custom"]["answer_id"])
    assert logged and logged.outcome == "out_of_scope" and len(logged.question) == MAX_MESSAGE_CHARS


async def test_too_long_a_message_in_english_is_refused_in_english(taker: TurnTaker) -> None:
    """What a channel says itself is in the language of the message."""

    async def never(_message: object) -> None:
        raise AssertionError("Rasa was called")

    long = await taker.take(never, "Which schools are planned in the new town? " * 24, "s", "rest")
    assert "1000 that I can read at once" in long[0]["text"] and long[1]["custom"]["language"] == "en"


async def test_a_pause_is_told_in_english_where_staff_wrote_so(
    taker: TurnTaker, board: NoticeBoard, log: TurnLog
) -> None:
    """The notice and what comes of the question."""

    async def never(_message: object) -> None:
        raise AssertionError("Rasa was called")

    board.post(Notice("系统维护。", datetime.now(timezone.utc), en="Maintenance.", answering_off=True))
    paused = await taker.take(never, "How many beds will there be?", "s", "rest")
    assert paused[0]["text"].startswith("Maintenance. Automatic answers are paused")
    chinese = await taker.take(never, "养老院床位有多少", "s", "rest")
    assert chinese[0]["text"].startswith("系统维护。现在暂停自动回答") and chinese[1]["custom"]["language"] == "zh"
    kept = log.history(session_key("rest", "s"))
    assert [(t.outcome, t.step) for t in kept] == [("error", PAUSED)] * 2  # so that staff do not take it for a failure


async def test_a_failure_is_told_in_english(taker: TurnTaker) -> None:
    """Rasa gave nothing."""

    async def fails(_message: object) -> None:
        raise RuntimeError("boom")

    failed = await taker.take(fails, "How many beds will there be?", "s", "rest")
    assert failed[0]["text"].startswith("Sorry, no answer could be found") and "12345" in failed[0]["text"]


async def test_a_failed_turn_is_kept_for_staff(taker: TurnTaker, book: RequestBook, log: TurnLog, broker: Any) -> None:
    """If Rasa gives no answer the resident gets an apology, and the question is neither lost nor logged raw."""
    messages = await taker.take(Rasa(broker, fails=True), "养老床位有多少，我的电话13812345678", "s1", "rest")
    assert messages[1]["custom"]["outcome"] == "error"
    assert "boom" not in str(messages)
    session = session_key("rest", "s1")
    kept = book.open_requests()
    masked = "养老床位有多少，我的电话〔手机号〕"
    assert [(r.kind, r.text, r.session) for r in kept] == [("failed_question", masked, session)]
    assert [(t.question, t.outcome, t.step) for t in log.history(session)] == [(masked, "error", None)]


async def test_rasa_sees_neither_sender_nor_personal_data(taker: TurnTaker, broker: ConversationEventBroker) -> None:
    """What Rasa stores has placeholders and a hash; the caller gets its own name back."""
    rasa = Rasa(broker)
    messages = await taker.take(rasa, "我叫张三，手机13812345678", "oOPENID", "wechat", "oOPENID1700000000")
    seen = rasa.seen[0]
    assert seen.text == "我叫〔姓名〕，手机〔手机号〕"
    everything = f"{seen.sender_id} {seen.message_id} {seen.metadata}"
    assert (
        "oOPENID" not in everything and "138" not in everything and seen.sender_id == session_key("wechat", "oOPENID")
    )
    assert {m["recipient_id"] for m in messages} == {"oOPENID"}


async def test_a_second_delivery_gets_the_stored_reply(
    taker: TurnTaker, log: TurnLog, book: RequestBook, board: NoticeBoard, broker: Any
) -> None:
    """Answered once, logged once, also by another process after a restart."""
    rasa = Rasa(broker)
    first = await taker.take(rasa, "你好", "s", "rest", "m1")
    assert await taker.take(rasa, "你好", "s", "rest", "m1") == first
    assert await TurnTaker(log, book, board).take(rasa, "你好", "s", "rest", "m1") == first
    assert len(rasa.seen) == 1 and len(log.history(session_key("rest", "s"))) == 1


async def test_ids_belong_to_their_sender_and_channel(taker: TurnTaker, broker: ConversationEventBroker) -> None:
    """The same id from somebody else is another message; without an id every message is new."""
    rasa = Rasa(broker)
    for sender, channel, message_id in [
        ("a", "rest", "1"),
        ("b", "rest", "1"),
        ("a", "web", "1"),
        ("a", "rest", None),
        ("a", "rest", None),
    ]:
        await taker.take(rasa, "你好", sender, channel, message_id)
    assert len(rasa.seen) == 5


async def test_duplicates_in_flight_wait_for_the_first(taker: TurnTaker, broker: ConversationEventBroker) -> None:
    """Rasa is asked once, all get the same reply, even if the first caller hangs up."""
    rasa = Rasa(broker)
    rasa.go_on.clear()
    first, *others = [asyncio.create_task(taker.take(rasa, "你好", "s", "wechat", "m")) for _ in range(4)]
    await rasa.asked.wait()
    first.cancel()
    rasa.go_on.set()
    replies = await asyncio.gather(*others)
    assert len(rasa.seen) == 1 and replies[0] == replies[1] == replies[2] and replies[0][0]["text"] == "您好"


async def test_a_failed_turn_is_not_asked_again_either(
    taker: TurnTaker, log: TurnLog, broker: ConversationEventBroker
) -> None:
    """The apology is the stored reply."""
    rasa = Rasa(broker, fails=True)
    first = await taker.take(rasa, "你好", "s", "rest", "m1")
    assert await taker.take(rasa, "你好", "s", "rest", "m1") == first and len(rasa.seen) == 1


async def test_the_contact_in_a_request_for_a_person_is_sealed(
    taker: TurnTaker, book: RequestBook, broker: ConversationEventBroker, tmp_path
) -> None:
    """Staff can open it; the database file does not show it."""
    await taker.take(Rasa(broker, "handoff"), "我要找人工，打我电话 138-1234-5678", "s", "rest")
    assert book.open_requests()[0].text == "我要找人工，打我电话 〔手机号〕"
    assert book.contact("QP1") == "138-1234-5678"
    assert all(b"1234-5678" not in path.read_bytes() for path in tmp_path.iterdir())


async def test_a_broken_log_loses_no_answer(
    tmp_path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The resident is answered, a second delivery gets the same, the failure is reported, and the turn waits."""
    monkeypatch.setenv("CONVERSATIONS_SPOOL", str(tmp_path / "c.spool"))
    monkeypatch.setenv("CONVERSATIONS_SPOOL_MB", "1")
    nowhere = "postgresql+psycopg2://nobody:x@127.0.0.1:1/none"
    log, book = TurnLog(nowhere), RequestBook(nowhere)
    rasa, taker = Rasa(ConversationEventBroker(log, book)), TurnTaker(log, book, NoticeBoard(nowhere))
    first = await taker.take(rasa, "你好", "s", "rest", "m1")
    assert first[0]["text"] == "您好" and "could not be logged" in caplog.text
    assert await taker.take(rasa, "你好", "s", "rest", "m1") == first and len(rasa.seen) == 1
    assert Spool.of(nowhere).waiting() == 1


async def test_while_answering_is_off_every_channel_gives_the_notice_and_keeps_the_question(
    log: TurnLog, book: RequestBook, broker: ConversationEventBroker, board: NoticeBoard
) -> None:
    """Rasa is not asked; when the notice ends, answers are given again."""
    notice = board.post(Notice("系统正在维护", datetime.now(timezone.utc), answering_off=True))
    rasa, taker = Rasa(broker), TurnTaker(log, book, board)
    messages = await taker.take(rasa, "养老床位有多少", "s", "wechat", "m-1")
    assert rasa.seen == [] and messages[1]["custom"]["outcome"] == "error"
    assert messages[0]["text"].startswith("系统正在维护。") and "12345" in messages[0]["text"]
    assert [r.text for r in book.open_requests()] == ["养老床位有多少"]
    board.end(notice)
    assert (await taker.take(rasa, "养老床位有多少", "s", "wechat", "m-2"))[1]["custom"]["outcome"] == "chat"


async def test_in_danger_the_number_to_call_is_told_even_while_answering_is_off(
    log: TurnLog, book: RequestBook, broker: ConversationEventBroker, board: NoticeBoard
) -> None:
    """And nothing else: not the notice, and Rasa is not asked."""
    board.post(Notice("系统正在维护", datetime.now(timezone.utc), answering_off=True))
    rasa = Rasa(broker)
    text, custom = await said(TurnTaker(log, book, board), rasa, "我不想活了")
    assert custom["outcome"] == "danger" and custom["danger"] == "self_harm" and "12356" in text.split("\n")[0]
    assert rasa.seen == [] and "维护" not in text and not book.open_requests()


async def said(taker: TurnTaker, rasa: Rasa, message: str, sender: str = "s") -> tuple[str, dict[str, Any]]:
    """Text and `custom` of the reply to a message."""
    text, custom = await taker.take(rasa, message, sender, "rest")
    return text["text"], custom["custom"]


@pytest.mark.slow  # normalises with the built knowledge
@pytest.mark.parametrize("message", ["我姓王", "他姓王", "我姓李，电话13800138000"])
async def test_what_masking_leaves_of_a_name_is_not_listened_to_for_danger(
    taker: TurnTaker, broker: ConversationEventBroker, monkeypatch: pytest.MonkeyPatch, message: str
) -> None:
    """「我姓」 by itself means something else: what was said is, and nothing of it but the masked text goes on to Rasa."""
    heard, look = list[str](), Watchman.look

    def listening(watchman: Watchman, text: str, session: str, understood: str = "") -> Noticed:
        heard.append(understood)
        return look(watchman, text, session, understood)

    monkeypatch.setattr(Watchman, "look", listening)
    rasa = Rasa(broker)
    _, custom = await said(taker, rasa, message)
    assert custom["outcome"] == "chat" and len(heard) == 1 and heard[0][:3] == message[:3]
    assert message[2] not in rasa.seen[0].text and "13800138000" not in rasa.seen[0].text


async def test_danger_is_answered_at_once_while_rasa_hangs(
    log: TurnLog, book: RequestBook, board: NoticeBoard, broker: ConversationEventBroker
) -> None:
    """Also for the resident whose question is what it hangs on; the turn is logged with its kind."""
    rasa, taker = Rasa(broker), TurnTaker(log, book, board, deadline_s=60)
    await said(taker, rasa, "您好")  # what the first message loads is loaded
    rasa.asked.clear()
    rasa.go_on.clear()
    hanging = asyncio.create_task(taker.take(rasa, "养老床位有多少", "s", "rest"))
    await rasa.asked.wait()
    text, custom = await said(taker, rasa, "救命")
    assert custom["outcome"] == "danger" and custom["hotlines"][0]["number"] in text and not hanging.done()
    rasa.go_on.set()
    await hanging
    logged = log.turn(custom["answer_id"])
    assert logged and (logged.outcome, logged.danger) == ("danger", custom["danger"])


@pytest.mark.slow  # loads the built knowledge before its half second begins
async def test_a_rasa_that_hangs_ends_with_an_apology_in_time(
    taker: TurnTaker, log: TurnLog, book: RequestBook, board: NoticeBoard, broker: ConversationEventBroker
) -> None:
    """The question is kept for staff, and the next message is answered."""
    rasa, hurried = Rasa(broker), TurnTaker(log, book, board, deadline_s=0.5)
    await said(taker, rasa, "您好")  # what the first message loads is loaded, however long that takes
    rasa.go_on.clear()
    text, custom = await asyncio.wait_for(said(hurried, rasa, "养老床位有多少"), 20)
    assert custom["outcome"] == "error" and "12345" in text
    hurried._keeper.write_waiting()  # of a deadline so short nothing is left to wait for a busy disk
    assert [(r.kind, r.text) for r in book.open_requests()] == [("failed_question", "养老床位有多少")]
    rasa.go_on.set()
    assert (await said(taker, rasa, "养老床位有多少"))[1]["outcome"] == "chat"


@pytest.mark.slow  # a vector for each written doubtful message
async def test_a_failed_turn_too_says_whom_to_call_in_a_doubtful_case(
    taker: TurnTaker, broker: ConversationEventBroker
) -> None:
    """The quiet line stands under the apology; and Rasa's actions are told what was noticed."""
    rasa = Rasa(broker, fails=True)
    doubtful = doubtful_message()
    text, custom = await said(taker, rasa, doubtful.text)
    assert custom["outcome"] == "error" and doubtful.number in text.split("\n")[-1]
    assert custom["hotlines"][0]["number"] == doubtful.number
    assert rasa.seen[0].metadata[NOTICED]["kinds"][0] == custom["danger"]


@pytest.mark.slow  # the same vectors
async def test_what_a_limit_refuses_is_still_looked_at_and_never_logged(taker: TurnTaker, log: TurnLog) -> None:
    """Acute danger by the rules alone gets its numbers; all else, and a doubtful case, gets nothing."""
    reply = taker.in_danger("救命啊", "s", "web", "m-1")
    assert reply is not None and reply[1]["custom"]["outcome"] == "danger"
    assert (
        taker.in_danger("养老床位有多少", "s", "web", "m-2") is None
        and taker.in_danger(doubtful_message().text, "s", "web", "m-3") is None
    )
    assert log.history(session_key("web", "s")) == []


async def test_a_channel_can_ask_beforehand(taker: TurnTaker) -> None:
    """Whether a message will get the reply to acute danger."""
    assert await taker.foresees_danger("我不想活了", "s", "wechat")
    assert not await taker.foresees_danger("养老床位有多少", "other", "wechat")


async def test_a_notice_alone_does_not_stop_answers(
    log: TurnLog, book: RequestBook, broker: ConversationEventBroker, board: NoticeBoard
) -> None:
    """Only the flag does."""
    board.post(Notice("台风来了", datetime.now(timezone.utc), kind="emergency"))
    messages = await TurnTaker(log, book, board).take(Rasa(broker), "您好", "s", "rest")
    assert messages[1]["custom"]["outcome"] == "chat"


@pytest.mark.parametrize("given", ["soon", "0", "-3", "nan"])
def test_a_deadline_that_is_none_is_refused_at_the_start(
    given: str, log: TurnLog, book: RequestBook, board: NoticeBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the setting's name and the mend."""
    monkeypatch.setenv("TURN_DEADLINE_S", given)
    with pytest.raises(ValueError, match="TURN_DEADLINE_S"):
        TurnTaker(log, book, board)


async def test_a_message_that_ended_its_process_twice_goes_to_staff(
    log: TurnLog,
    book: RequestBook,
    board: NoticeBoard,
    broker: ConversationEventBroker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Rasa never sees it, the resident gets the `error` answer; in danger the numbers, by the words alone."""
    taker, rasa = TurnTaker(log, book, board), Rasa(broker)
    monkeypatch.setattr(taker._underway, "begin", lambda _session, _text: False)
    text, custom = await said(taker, rasa, "您好")
    assert custom["outcome"] == "error" and "12345" in text and rasa.seen == []
    assert [request.text for request in book.open_requests()] == ["您好"]
    assert log.turn(custom["answer_id"]).outcome == "error"
    assert (await said(taker, rasa, "我家着火了"))[1]["outcome"] == "danger"


@pytest.mark.slow  # waits for it
async def test_a_database_that_hangs_stops_nobody(
    taker: TurnTaker, log: TurnLog, broker: ConversationEventBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is in danger is answered, who asks is too; what could not be written is in the log once it is back."""
    rasa = Rasa(broker)
    await said(taker, rasa, "您好")  # what the first message loads is loaded
    hang, session = threading.Event(), Database.session

    def hanging(database: Database, **how: bool) -> Any:
        hang.wait(60)
        return session(database, **how)

    with monkeypatch.context() as patched:
        patched.setattr(Database, "session", hanging)
        try:
            danger = await asyncio.wait_for(taker.take(rasa, "救命", "hangs", "rest", "m-1"), 30)
            answered = await asyncio.wait_for(taker.take(rasa, "您好", "hangs", "rest", "m-2"), 30)
        finally:
            hang.set()
    assert [messages[1]["custom"]["outcome"] for messages in (danger, answered)] == ["danger", "chat"]
    for _ in range(200):
        taker._keeper.write_waiting()
        outcomes = [turn.outcome for turn in log.history(session_key("rest", "hangs"))]
        if len(outcomes) == 2:
            break
        await asyncio.sleep(0.05)
    assert sorted(outcomes) == ["chat", "danger"]
