"""Staff hear of acute danger at an address of theirs, through a real server; the resident never waits for it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from bot.channels.notifying import SETTING, Notifier, refused_with
from bot.channels.turns import TurnTaker
from conversations.notices import NoticeBoard
from conversations.requests import RequestBook
from conversations.turn_log import TurnLog
from tests.journeys.processes import free_port

PATIENCE_S = 30.0
AT_ONCE = (0.0, 0.0, 0.0, 0.0)
WORDS = "我家着火了，我叫张三，电话13812345678"


@dataclass
class Receiver:
    """What a department would run: notes what is posted, answers with `statuses` in turn (200 after the last)."""

    port: int
    statuses: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    got: list[str] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)
    runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hook?key=k"

    async def start(self) -> None:
        """Listen."""
        app = web.Application()
        app.router.add_post("/hook", self._take)
        self.runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", self.port).start()

    async def _take(self, request: web.Request) -> web.Response:
        self.got.append(await request.text())
        self.arrived.set()
        await self.may_answer.wait()
        status = self.statuses.pop(0) if self.statuses else 200
        return web.Response(status=status, text=self.texts.pop(0) if self.texts else "")

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """What was posted, read as JSON."""
        return [json.loads(body) for body in self.got]


class FirstWarning(logging.Handler):
    """Says when the first warning was logged."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.seen = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        """One is enough."""
        self.seen.set()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A receiver that is not running yet and answers at once when it is."""
    made = Receiver(free_port())
    made.may_answer.set()
    yield made
    if made.runner:
        await made.runner.cleanup()


@pytest.fixture
def taker(tmp_path, watch_loaded: None) -> Callable[[Notifier], TurnTaker]:
    """Makes the part of a channel that a message goes through, with databases of its own."""
    url = f"sqlite:///{tmp_path}/c.sqlite"
    return lambda notifier: TurnTaker(TurnLog(url), RequestBook(url), NoticeBoard(url), notifier=notifier)


async def never(_message: object) -> None:
    """Rasa, where it must not be asked."""
    raise AssertionError("Rasa was called")


async def settled(notifier: Notifier) -> None:
    """Until nothing is under way."""
    await asyncio.wait_for(asyncio.gather(*notifier._under_way), PATIENCE_S)


async def test_staff_are_told_without_the_resident_s_words(
    receiver: Receiver, taker: Callable[[Notifier], TurnTaker]
) -> None:
    """Which danger, where, and the number of the answer to look it up; nothing that was said and nobody who said it."""
    await receiver.start()
    notifier = Notifier(receiver.url, AT_ONCE)
    messages = await taker(notifier).take(never, WORDS, "o-张三-OPENID", "wechat", "m-1")
    await settled(notifier)
    (body,) = receiver.bodies
    answer_id = messages[1]["custom"]["answer_id"]
    assert {k: body[k] for k in ("msgtype", "event", "kind", "answer_id", "channel")} == {
        "msgtype": "text", "event": "danger", "kind": "fire", "answer_id": answer_id, "channel": "wechat",
    }  # fmt: skip
    assert "火灾" in body["text"]["content"] and answer_id in body["text"]["content"]
    assert set(body) == {"msgtype", "text", "event", "kind", "answer_id", "channel", "at"}
    for said in ("我家", "着火了", "张三", "138", "OPENID", "m-1"):
        assert said not in json.dumps(body, ensure_ascii=False), said


async def test_a_resident_does_not_wait_for_the_receiver(
    receiver: Receiver, taker: Callable[[Notifier], TurnTaker]
) -> None:
    """The numbers are told while the receiver still holds its request: it answers only when the resident has them."""
    receiver.may_answer.clear()
    await receiver.start()
    notifier = Notifier(receiver.url, AT_ONCE)
    messages = await asyncio.wait_for(taker(notifier).take(never, WORDS, "s", "web", "m-1"), PATIENCE_S)
    assert "119" in messages[0]["text"]
    await asyncio.wait_for(receiver.arrived.wait(), PATIENCE_S)
    assert len(notifier._under_way) == 1
    receiver.may_answer.set()
    await settled(notifier)
    assert len(receiver.got) == 1


async def test_it_is_sent_again_until_the_receiver_takes_it(receiver: Receiver) -> None:
    """After a failure of its own, and after WeCom's refusal, which comes with 200; what was taken is not sent twice."""
    receiver.statuses, receiver.texts = [500, 200, 200], ["", '{"errcode": 45009}', '{"errcode": 0}']
    await receiver.start()
    notifier = Notifier(receiver.url, AT_ONCE)
    notifier.tell("fire", "a-1", "web")
    await settled(notifier)
    bodies = receiver.bodies
    assert [body["answer_id"] for body in bodies] == ["a-1"] * 3 and bodies[0] == bodies[2]


async def test_a_receiver_that_is_down_at_first_hears_of_it(receiver: Receiver) -> None:
    """The first try finds nobody there; it is running before the last."""
    warning, log = FirstWarning(), logging.getLogger("bot.channels.notifying")
    log.addHandler(warning)
    notifier = Notifier(receiver.url, (0.0, *[0.3] * 20))
    notifier.tell("gas", "a-2", "web")
    await asyncio.wait_for(warning.seen.wait(), PATIENCE_S)
    log.removeHandler(warning)
    assert receiver.got == []
    await receiver.start()
    await settled(notifier)
    assert [body["kind"] for body in receiver.bodies] == ["gas"]


async def test_a_receiver_that_stays_down_costs_nobody_an_answer(
    receiver: Receiver, taker: Callable[[Notifier], TurnTaker], caplog
) -> None:
    """The resident has the numbers, the log says which answer staff were not told of, and no secret of the address."""
    notifier = Notifier(receiver.url, AT_ONCE)
    messages = await taker(notifier).take(never, WORDS, "s", "web", "m-1")
    await settled(notifier)
    assert "119" in messages[0]["text"]
    assert f"staff were not told of danger in {messages[1]['custom']['answer_id']}" in caplog.text
    assert "key=k" not in caplog.text and "着火" not in caplog.text


async def test_without_an_address_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unset or empty."""
    for value in (None, "", "  "):
        monkeypatch.delenv(SETTING, raising=False)
        if value is not None:
            monkeypatch.setenv(SETTING, value)
        notifier = Notifier.from_environment()
        notifier.tell("fire", "a-1", "web")
        assert not notifier._under_way


@pytest.mark.parametrize("value", ["qyapi.weixin.qq.com/hook", "ftp://a.cn", "http://", "https:///hook", "http://[::1"])
def test_an_address_that_cannot_be_is_refused_at_the_start(
    value: str, monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    """Before a message is taken: which setting, what stands there, and how to mend it."""
    monkeypatch.setenv(SETTING, value)
    url = f"sqlite:///{tmp_path}/c.sqlite"
    with pytest.raises(ValueError, match=SETTING) as refused:
        TurnTaker(TurnLog(url), RequestBook(url), NoticeBoard(url))
    assert value in str(refused.value) and "http:// 或 https://" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "code"),
    [('{"errcode": 93000}', 93000), ('{"errcode": 0}', 0), ("ok", 0), ("[]", 0), ('{"errcode": "x"}', 0)],
)
def test_what_a_receiver_answers_is_read_as_far_as_it_can_be(text: str, code: int) -> None:
    """Only a number under `errcode` speaks of a refusal."""
    assert refused_with(text) == code
