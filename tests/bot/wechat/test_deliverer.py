"""One answer to one message, in time, whatever fails: the deliverer on a real database, with turns as slow as wanted."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from bot.channels.wechat import deliverer as module
from bot.channels.wechat import words
from bot.channels.wechat.accounts import Account, Mode
from bot.channels.wechat.answering import Answering
from bot.channels.wechat.deliverer import CHANNEL, Deliverer
from bot.channels.wechat.envelope import Incoming
from bot.channels.wechat.hot_questions import HotQuestions
from bot.channels.wechat.menu import Menu
from bot.channels.wechat.platform_calls import CallFailed
from conversations.database import Database
from conversations.deliveries import Deliveries
from conversations.errors import ConversationsError
from conversations.followers import Followers
from conversations.identity import session_key
from conversations.turn_log import TurnLog
from conversations.vault import Vault
from danger.replies import Replies

HURRY_S = 0.3  # what is left of the platform's patience while something is slow; else there is all the time
SMALL = Account("main", "wx1", "tok3n", mode=Mode.PLAIN)
VERIFIED = replace(SMALL, verified=True, app_secret="s3cret")
OPEN_ID = "oFollower0000000000000000001"


class Process:
    """One process of the bot, over a database that may be another's as well."""

    def __init__(self, url: str, account: Account = SMALL) -> None:
        self.account = account
        self.asked: list[str] = []
        self.for_staff: list[str] = []
        self.pushed: list[tuple[str, str]] = []
        self.refusal: CallFailed | None = None
        self.patient = False
        self.line = asyncio.Event()  # the platform's API answers once it is set
        self.line.set()
        self.ready: dict[str, asyncio.Event] = {}
        self.finished: dict[str, list[dict[str, Any]]] = {}
        self.database = Database(url)
        vault = Vault()
        self.followers = Followers(self.database, vault)
        self.deliveries = Deliveries(self.database, vault, self.followers, secrets.token_hex(4))
        self.log = TurnLog(url)
        with contextlib.suppress(ConversationsError):
            self.database.ensure_ready()
        self.deliverer = Deliverer(
            {account.name: account},
            {account.name: self},
            Answering(self.log, HotQuestions(self.log), Menu.load(), self.in_thread),
            self.turn,
            self.deliveries,
            self.followers,
            self.in_thread,
            self.foresees_danger,
            self.set_aside,
        )

    def set_aside(self, text: str, _sender: str, _message_id: str) -> list[dict[str, Any]]:
        """What goes to staff."""
        self.for_staff.append(text)
        return [{"text": "没能答上来"}, {"custom": {"outcome": "error"}}]

    async def foresees_danger(self, text: str, _sender: str) -> bool:
        """By one word."""
        return "着火" in text

    async def turn(self, text: str, sender: str, message_id: str) -> list[dict[str, Any]]:
        """A turn through Rasa; like `TurnTaker`, a message is answered once. Waits while `ready` holds an event."""
        if message_id not in self.finished:
            self.asked.append(text)
            if text in self.ready:
                await self.ready[text].wait()
            related = [{"title": f"{text}题{n}", "payload": f"{text}问{n}"} for n in (1, 2)]
            lines = "".join(f"\n{n}. {r['title']}" for n, r in enumerate(related, start=1))
            custom = {"outcome": "answered", "answer_id": f"a-{text}", "related": related, "citations": []}
            body = "很长的一句话。" * 300 if text == "长" else f"答{text}。"
            if await self.foresees_danger(text, sender):
                danger = Replies().acute(["fire"], "zh-Hans")
                return [{"text": danger.text}, {"custom": danger.custom(f"a-{text}")}]
            self.finished[message_id] = [{"text": f"{body}\n您还可以问：{lines}"}, {"custom": custom}]
        return self.finished[message_id]

    async def send_text(self, follower: str, text: str) -> None:
        """The platform's API."""
        await self.line.wait()
        if self.refusal:
            raise self.refusal
        self.pushed.append((follower, text))

    async def in_thread(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """As in the channel."""
        return await asyncio.to_thread(function, *arguments)

    def hold(self, text: str) -> None:
        """Make a question's turn slow."""
        self.ready[text] = asyncio.Event()

    async def say(self, text: str, message_id: str | None = None, **fields: Any) -> str | None:
        """Deliver a text message once; what the connection gets."""
        message = Incoming("text", OPEN_ID, "gh", 1_700_000_000, message_id or secrets.token_hex(4), text)
        return await self.give(replace(message, **fields))

    async def give(self, message: Incoming) -> str | None:
        """Deliver a message."""
        now = asyncio.get_running_loop().time()
        slow = any(not event.is_set() for event in self.ready.values())
        arrived = now - module.ANSWER_WITHIN_S + HURRY_S if slow and not self.patient else now
        return await self.deliverer.receive(self.account, message, arrived)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for what happens beside the connections."""
        for _ in range(200):
            if condition():
                return
            await asyncio.sleep(0.02)
        raise AssertionError("it never happened")

    def states(self) -> list[str]:
        """Of all deliveries, oldest first."""
        with self.database.session() as session:
            from conversations.models import DeliveryRow

            return [row.state for row in session.query(DeliveryRow).order_by(DeliveryRow.received_at)]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing depends on how fast the machine is; a secret of the test's own."""
    monkeypatch.setenv("CONVERSATIONS_SECRET", "only-for-this-test")
    monkeypatch.setattr(module, "ANSWER_WITHIN_S", 100.0)
    monkeypatch.setattr(module, "PLATFORM_WAITS_S", 200.0)
    monkeypatch.setattr(module, "LEASE", timedelta(seconds=100))
    monkeypatch.setattr(module, "PUSH_AGAIN", timedelta(seconds=0.1))


SHORT_LEASE = timedelta(seconds=0.1)


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The log's address; the tracker's, for erasing, is another file."""
    monkeypatch.setenv("TRACKER_DB", str(tmp_path / "tracker.sqlite"))
    return f"sqlite:///{tmp_path}/c.sqlite"


@pytest.fixture
def small(url: str) -> Process:
    """With an unverified account."""
    return Process(url)


@pytest.fixture
def verified(url: str) -> Process:
    """With a verified account."""
    return Process(url, VERIFIED)


async def test_an_answer_in_time(small: Process) -> None:
    """On the same connection, and settled."""
    assert (await small.say("养老")).startswith("答养老。")
    assert small.states() == ["replied"]


async def test_three_deliveries_are_one_turn(small: Process) -> None:
    """At the same time and one after the other, all get the first's reply."""
    small.hold("养老")
    small.patient = True
    together = [asyncio.create_task(small.say("养老", "m1")) for _ in range(2)]
    await small.until(lambda: bool(small.asked))
    small.ready["养老"].set()
    replies = [*(await asyncio.gather(*together)), await small.say("养老", "m1")]
    assert len(set(replies)) == 1 and replies[0].startswith("答养老。")
    assert small.asked == ["养老"] and small.states() == ["replied"]


async def test_a_slow_answer_waits_for_the_next_message(small: Process) -> None:
    """The follower is told, any word brings it, once, and its numbers work."""
    small.hold("养老")
    assert await small.say("养老") == words.SEARCHING
    small.ready["养老"].set()
    await small.until(lambda: small.states() == ["answered"])
    assert (await small.say("好")).startswith("答养老。")
    assert small.states() == ["carried", "replied"] and small.asked == ["养老"]
    assert (await small.say("2")).startswith("答养老问2。")
    assert (await small.say("好")).startswith("答好。")


async def test_a_nudge_while_it_is_still_slow(small: Process) -> None:
    """Waits again; nothing is asked twice or told twice."""
    small.hold("养老")
    assert await small.say("养老") == words.SEARCHING
    assert await small.say("好了吗") == words.SEARCHING
    assert await small.say("1") == words.SEARCHING
    small.ready["养老"].set()
    await small.until(lambda: "received" not in small.states())
    reply = await small.say("？")
    assert reply.count("答养老。") == 1 and small.asked == ["养老"]


async def test_a_new_question_brings_both_answers(small: Process) -> None:
    """The owed one first."""
    small.hold("养老")
    assert await small.say("养老") == words.SEARCHING
    small.ready["养老"].set()
    await small.until(lambda: small.states() == ["answered"])
    reply = await small.say("托育有多少")
    assert reply.index("答养老。") < reply.index("答托育有多少。")
    assert (await small.say("1")).startswith("答托育有多少问1。")


async def test_danger_waits_behind_nothing(small: Process) -> None:
    """An answer is still being looked for: the numbers come at once and alone, the answer with the next message."""
    small.hold("养老")
    assert await small.say("养老") == words.SEARCHING
    assert await small.say("家里着火了") == Replies().acute(["fire"], "zh-Hans").text
    small.ready["养老"].set()
    await small.until(lambda: "answered" in small.states())
    assert (await small.say("好")).startswith("答养老。")


async def test_danger_comes_alone_where_an_answer_is_owed(small: Process) -> None:
    """What is known already waits for the next message as well."""
    small.hold("养老")
    await small.say("养老")
    small.ready["养老"].set()
    await small.until(lambda: small.states() == ["answered"])
    assert await small.say("家里着火了") == Replies().acute(["fire"], "zh-Hans").text
    assert (await small.say("托育有多少")).startswith("答养老。")


async def test_after_danger_neither_numbers_nor_the_rest_of_an_earlier_answer_hold(small: Process) -> None:
    """「1」 and 「更多」 are new messages, and there is nothing to vote on."""
    assert (await small.say("长")).endswith(words.MORE)
    assert "119" in (await small.say("家里着火了"))
    assert (await small.say("1")).startswith("答1。")
    await small.say("长")
    assert "119" in (await small.say("家里着火了", "m-fire"))
    assert await small.say("赞") == words.NOTHING_TO_RATE
    await small.say("更多")
    assert small.asked[-1] == "还有呢"


async def test_a_retry_after_the_wait_gets_the_answer(small: Process) -> None:
    """The platform lost our 「正在查找」, delivers again, and the follower needs no further word."""
    small.hold("养老")
    assert await small.say("养老", "m1") == words.SEARCHING
    small.patient = True
    retry = asyncio.create_task(small.say("养老", "m1"))
    await asyncio.sleep(0.3)
    small.ready["养老"].set()
    assert (await retry).startswith("答养老。")
    await asyncio.sleep(0.1)
    assert small.states() == ["replied"]
    assert (await small.say("好")).startswith("答好。")


async def test_a_verified_account_pushes(verified: Process) -> None:
    """`success` at once, the answer later, once."""
    verified.hold("养老")
    assert await verified.say("养老", "m1") is None
    verified.ready["养老"].set()
    await verified.until(lambda: verified.states() == ["pushed"])
    assert [to for to, _ in verified.pushed] == [OPEN_ID] and verified.pushed[0][1].startswith("答养老。")
    assert await verified.say("养老", "m1") is None
    assert (await verified.say("1")).startswith("答养老问1。")
    assert len(verified.pushed) == 1


@pytest.mark.parametrize("refused", [True, False])
async def test_a_message_waits_for_the_end_of_a_push(verified: Process, refused: bool) -> None:
    """What the platform refuses at that moment comes with this message, not with the one after it."""
    verified.refusal = CallFailed("45015", again_later=False) if refused else None
    verified.line.clear()
    verified.hold("养老")
    assert await verified.say("养老") is None
    verified.ready["养老"].set()
    await verified.until(lambda: verified.states() == ["answered"])
    following = asyncio.create_task(verified.say("托育"))
    await asyncio.sleep(0.1)
    assert not following.done()
    verified.line.set()
    reply = await following
    assert "答托育。" in reply and ("答养老。" in reply) is refused
    assert len(verified.pushed) == (0 if refused else 1)


async def test_a_push_that_takes_long_holds_nobody_up(verified: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next message is answered meanwhile."""
    monkeypatch.setattr(module, "PUSH_SOON_S", 0.1)
    verified.line.clear()
    verified.hold("养老")
    assert await verified.say("养老") is None
    verified.ready["养老"].set()
    await verified.until(lambda: verified.states() == ["answered"])
    reply = await verified.say("托育")
    assert reply.startswith("答托育。")
    verified.line.set()
    await verified.until(lambda: len(verified.pushed) == 1)


async def test_a_retry_takes_the_place_of_the_push(verified: Process) -> None:
    """Not both."""
    verified.hold("养老")
    assert await verified.say("养老", "m1") is None
    verified.patient = True
    retry = asyncio.create_task(verified.say("养老", "m1"))
    await asyncio.sleep(0.3)
    verified.ready["养老"].set()
    assert (await retry).startswith("答养老。")
    await asyncio.sleep(0.1)
    assert not verified.pushed and verified.states() == ["replied"]


@pytest.mark.parametrize("again_later", [True, False])
async def test_what_cannot_be_pushed_is_kept(verified: Process, again_later: bool) -> None:
    """Tried again later where that may help; the follower's next message brings it in any case."""
    verified.refusal = CallFailed("45047", again_later=again_later)
    verified.hold("养老")
    assert await verified.say("养老") is None
    verified.ready["养老"].set()
    await verified.until(lambda: not verified.deliverer._flights)
    assert verified.states() == ["answered"]
    verified.refusal = None
    for _ in range(200 if again_later else 4):  # the pause is as long as the message has waited, at least
        await asyncio.sleep(0.05)
        await verified.deliverer.take_up()
        if verified.pushed:
            break
    assert len(verified.pushed) == (1 if again_later else 0)
    reply = await verified.say("托育有多少")
    assert ("答养老。" in reply) is not again_later


@pytest.mark.parametrize("account", [SMALL, VERIFIED])
async def test_a_process_that_dies_loses_nothing(url: str, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next one answers: by push, or with the follower's next message."""
    dead = Process(url, account)
    monkeypatch.setattr(module, "LEASE", SHORT_LEASE)
    dead.hold("养老")
    assert await dead.say("养老") == (None if account.can_push else words.SEARCHING)
    for flight in dead.deliverer._flights.values():
        flight.watcher.cancel()
        flight.task.cancel()
    await asyncio.sleep(0.15)
    monkeypatch.setattr(module, "LEASE", timedelta(seconds=100))
    alive = Process(url, account)
    await alive.deliverer.take_up()
    if account.can_push:
        await alive.until(lambda: alive.states() == ["pushed"])
        assert alive.pushed[0][1].startswith("答养老。")
    else:
        await alive.until(lambda: alive.states() == ["answered"])
        assert (await alive.say("好")).startswith("答养老。")
    assert alive.asked == ["养老"]


@pytest.mark.parametrize("killed", [True, False])
async def test_a_message_at_which_two_processes_died_is_set_aside(
    url: str, monkeypatch: pytest.MonkeyPatch, killed: bool
) -> None:
    """Staff get it, the follower an apology, nobody tries it a third time; who is asked to end died at nothing."""
    monkeypatch.setattr(module, "LEASE", SHORT_LEASE)
    for take_up in (False, True, True):
        process = Process(url, VERIFIED)
        process.hold("养老")
        await (process.deliverer.take_up() if take_up else process.say("养老"))
        await process.until(lambda process=process: process.asked == ["养老"] or bool(process.for_staff))
        if process.for_staff:
            break
        if killed:
            for flight in process.deliverer._flights.values():
                flight.watcher.cancel()
                flight.task.cancel()
        else:
            await process.deliverer.stop()
        await asyncio.sleep(0.15)
    if killed:
        assert process.for_staff == ["养老"] and process.asked == []
        await process.until(lambda: process.states() == ["pushed"])
        assert process.pushed[0][1] == "没能答上来"
    else:
        assert process.for_staff == [] and process.asked == ["养老"]


async def test_the_next_message_itself_finds_what_a_dead_process_left(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even before the new process has looked around."""
    dead = Process(url)
    monkeypatch.setattr(module, "LEASE", SHORT_LEASE)
    dead.hold("养老")
    await dead.say("养老")
    for flight in dead.deliverer._flights.values():
        flight.watcher.cancel()
        flight.task.cancel()
    await asyncio.sleep(0.15)
    monkeypatch.setattr(module, "LEASE", timedelta(seconds=100))
    assert (await Process(url).say("好")).startswith("答养老。")


async def test_two_processes_answer_once(url: str) -> None:
    """A retry that reaches another process waits for the first's reply; both may be alive."""
    one, other = Process(url), Process(url)
    one.hold("养老")
    one.patient = True
    first = asyncio.create_task(one.say("养老", "m1"))
    await one.until(lambda: bool(one.asked))
    second = asyncio.create_task(other.say("养老", "m1"))
    await asyncio.sleep(0.3)
    one.ready["养老"].set()
    replies = await asyncio.gather(first, second)
    assert replies[0] == replies[1] and one.asked == ["养老"] and not other.asked


async def test_a_heartbeat_keeps_a_slow_message(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long it takes, nobody else takes it up."""
    monkeypatch.setattr(module, "HEARTBEAT_S", 0.05)
    monkeypatch.setattr(module, "LEASE", timedelta(seconds=3))
    one, other = Process(url), Process(url)
    one.hold("养老")
    beating = asyncio.create_task(one.deliverer.heartbeat())
    await one.say("养老")
    await asyncio.sleep(3.5)
    await other.deliverer.take_up()
    assert not other.asked
    one.ready["养老"].set()
    await one.until(lambda: one.states() == ["answered"])
    beating.cancel()


async def test_a_long_answer_goes_on_with_more(small: Process) -> None:
    """Page by page; a vote in between does not lose the place; then 「更多」 means more of the subject."""
    first = await small.say("长")
    assert first.endswith(words.MORE) and len(first.encode()) <= 2048
    assert await small.say("赞") == words.NOTHING_TO_RATE  # no such answer in this log
    pages = [first]
    while pages[-1].endswith(words.MORE):
        pages.append(await small.say("更多"))
    whole = "".join(page.removesuffix(words.MORE) for page in pages).replace("\n", "")
    assert whole.startswith("很长的一句话。" * 300) and whole.endswith("”。")
    assert (await small.say("1")).startswith("答长问1。")
    await small.say("更多")
    assert small.asked[-1] == "还有呢"


async def test_a_retry_of_more_is_the_same_page(small: Process) -> None:
    """What a follower sees moves on once for each message."""
    await small.say("长")
    assert await small.say("更多", "m9") == await small.say("更多", "m9")


async def test_numbers_belong_to_one_follower(small: Process) -> None:
    """Another follower's 「1」 is an ordinary text; a number that was not offered is said so."""
    await small.say("养老")
    assert (await small.say("1", follower="oSomebodyElse")).startswith("答1。")
    assert await small.say("7") == words.NUMBER_RANGE.format(last=2)
    assert (await small.say("二")).startswith("答养老问2。")


async def test_the_same_message_id_of_two_followers(small: Process) -> None:
    """Seen on the platform: each gets the own answer."""
    assert (await small.say("养老", "m1")).startswith("答养老。")
    assert (await small.say("托育", "m1x", follower="oOther")).startswith("答托育。")
    small.finished.clear()
    assert (await small.say("住房", "m1", follower="oOther")).startswith("答住房。")


async def test_events_have_no_id(small: Process) -> None:
    """Same follower, time, event and key: the same event; another key is another."""
    click = Incoming("event", OPEN_ID, "gh", 1_700_000_000, event="click", event_key="elderly_care")
    assert (await small.give(click)).startswith("答养老。")
    assert (await small.give(click)).startswith("答养老。")
    assert (await small.give(replace(click, event_key="housing"))).startswith("答住房。")
    assert small.asked == ["养老", "住房"]


@pytest.mark.parametrize("kind", ["image", "video", "shortvideo", "location", "link", "miniprogrampage", "voice"])
async def test_kind_words(small: Process, kind: str) -> None:
    """For what the bot cannot read; a voice message with recognition is a question."""
    message = Incoming(kind, OPEN_ID, "gh", 1_700_000_000, "m1")
    assert await small.give(message) == words.KIND_WORDS.get(kind, words.KIND_WORD)
    spoken = Incoming("voice", OPEN_ID, "gh", 1_700_000_000, "m2", "托育")
    assert (await small.give(spoken)).startswith("答托育。")


async def test_a_failing_turn_is_an_apology(small: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the message is not tried for ever."""

    async def broken(*_: Any) -> list[dict[str, Any]]:
        raise RuntimeError("boom")

    monkeypatch.setattr(small.deliverer, "_turn", broken)
    assert await small.say("养老") == words.TROUBLE
    assert small.states() == ["replied"]


async def test_without_the_database_the_follower_is_answered(tmp_path: Path) -> None:
    """A failing store is logged and costs the extras only."""
    (tmp_path / "is-a-folder.sqlite").mkdir()
    process = Process(f"sqlite:///{tmp_path}/is-a-folder.sqlite")
    assert (await process.say("养老")).startswith("答养老。")


async def test_who_leaves_is_forgotten(small: Process) -> None:
    """Context, numbers, deliveries; a turn under way is erased when it ends."""
    erased: list[str] = []

    def erase(session: str) -> None:
        small.log.erase_session(session)
        erased.append(session)

    await small.say("养老")
    small.hold("托育")
    assert await small.say("托育") == words.SEARCHING
    goodbye = Incoming("event", OPEN_ID, "gh", 1_700_000_100, event="unsubscribe")
    await small.deliverer.forget(small.account, goodbye, erase)
    session = session_key(CHANNEL, f"main/{OPEN_ID}")
    assert erased == [session] and small.states() == []
    assert small.followers.platform_id(session, datetime.now(timezone.utc)) is None
    small.ready["托育"].set()
    await small.until(lambda: len(erased) == 2)
    assert small.states() == []
    assert (await small.say("1")).startswith("答1。")


async def test_no_open_id_and_no_question_on_disk(small: Process, tmp_path: Path) -> None:
    """Neither while a message is under way nor afterwards; the mapping is sealed and ends after 48 hours."""
    small.hold("我家在幸福路")
    await small.say("我家在幸福路")
    await small.in_thread(small.database.close)
    on_disk = await small.in_thread(lambda: b"".join(path.read_bytes() for path in tmp_path.iterdir()))
    assert OPEN_ID.encode() not in on_disk and "幸福路".encode() not in on_disk
    session = session_key(CHANNEL, f"main/{OPEN_ID}")
    now = datetime.now(timezone.utc)
    assert small.followers.platform_id(session, now) == OPEN_ID
    assert small.followers.platform_id(session, now + timedelta(hours=48)) is None
    small.ready["我家在幸福路"].set()
    await small.until(lambda: small.states() == ["answered"])
    small.followers.forget_old(now + timedelta(hours=49))
    small.deliveries.forget_old(now + timedelta(hours=49))
    assert small.states() == []
