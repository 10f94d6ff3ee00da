"""The platform's API with its faults: one token for all, retried when busy, never printed."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from bot.channels.wechat import breaker, platform_calls
from bot.channels.wechat.accounts import Account, Kind
from bot.channels.wechat.breaker import CircuitBreaker
from bot.channels.wechat.error_codes import Remedy, explain, remedy_for
from bot.channels.wechat.platform_calls import CallFailed, PlatformCalls
from bot.channels.wechat.shared_store import SharedTokens
from conversations.access_tokens import AccessTokens
from conversations.database import Database
from conversations.vault import Vault
from wechat_sim.envelope import PlatformAccount
from wechat_sim.platform import FakePlatform

SECRET = "s3cretOfTheApp"
TO = "oFollower0000000000000000001"
SEND, TOKEN = "/cgi-bin/message/custom/send", "/cgi-bin/stable_token"


@pytest.fixture
def platform() -> Iterator[FakePlatform]:
    """The fake platform, which has just heard from the follower."""
    fake = FakePlatform(PlatformAccount("wx1", "tok3n", secret=SECRET)).start()
    fake.heard_from(TO)
    yield fake
    fake.stop()


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The store that the processes share."""
    monkeypatch.setenv("CONVERSATIONS_SECRET", "only-for-this-test")
    shared = Database(f"sqlite:///{tmp_path}/c.sqlite")
    yield shared
    shared.close()


class Process:
    """One process's calls; waiting between attempts takes no time, and is counted."""

    def __init__(self, platform: FakePlatform, database: Database, **changes: Any) -> None:
        fields = {"app_secret": SECRET, "verified": True, "api_url": platform.url, **changes}
        self.waited: list[float] = []
        self.clock_s = 0.0
        shelf = SharedTokens(AccessTokens(database, Vault(), self._date), self._in_thread)
        self.calls = PlatformCalls(Account("main", "wx1", "tok3n", **fields), shelf, self._now, self._sleep)

    def run(self, *texts: str) -> None:
        """Push texts one after the other."""

        async def push() -> None:
            try:
                for text in texts:
                    await self.calls.send_text(TO, text)
            finally:
                await self.calls.close()
                self.calls._session = None

        asyncio.run(push())

    async def _in_thread(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.to_thread(function, *arguments)

    async def _sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        await asyncio.sleep(0.01)

    def _now(self) -> float:
        return time.time() + self.clock_s

    def _date(self) -> datetime:
        return datetime.fromtimestamp(self._now(), timezone.utc)


def test_a_text_is_pushed_with_one_token_for_all_processes(platform: FakePlatform, database: Database) -> None:
    """The second process finds the token of the first."""
    Process(platform, database).run("一", "二")
    Process(platform, database).run("三")
    assert [p.text for p in platform.pushed] == ["一", "二", "三"]
    assert platform.calls[TOKEN] == 1


def test_many_processes_at_once_fetch_one_token(platform: FakePlatform, database: Database) -> None:
    """The others wait for what the first writes."""
    database.ensure_ready()
    platform.most_pushed = 100
    platform.token_faults.append(0.3)  # seconds: all are waiting by then
    processes = [Process(platform, database) for _ in range(6)]

    async def together() -> None:
        await asyncio.gather(*(process.calls.send_text(TO, "x") for process in processes))
        await asyncio.gather(*(process.calls.close() for process in processes))

    asyncio.run(together())
    assert len(platform.pushed) == 6 and platform.calls[TOKEN] == 1


def test_the_token_is_sealed_on_disk(platform: FakePlatform, database: Database, tmp_path: Path) -> None:
    """Nobody who reads the file can call the platform."""
    Process(platform, database).run("一")
    stored = AccessTokens(database, Vault(), lambda: datetime.now(timezone.utc)).read("main")
    database.close()
    assert stored and stored[0].startswith("token-1")
    assert all(b"token-1" not in path.read_bytes() for path in tmp_path.iterdir())


def test_a_token_is_renewed_before_it_ends(platform: FakePlatform, database: Database) -> None:
    """Within five minutes of its end, while the platform still takes it."""
    process = Process(platform, database)
    process.run("一")
    process.clock_s = 7200 - 400
    process.run("二")
    assert platform.calls[TOKEN] == 1
    process.clock_s = 7200 - 200
    process.run("三")
    assert platform.calls[TOKEN] == 2


@pytest.mark.parametrize("code", [40001, 40014, 42001])
def test_a_refused_token_is_replaced_once(platform: FakePlatform, database: Database, code: int) -> None:
    """The call is made again with another; by force when the platform gave the same."""
    process = Process(platform, database)
    process.run("一")
    platform.faults.append(code)
    process.run("二")
    assert [p.text for p in platform.pushed] == ["一", "二"]
    platform.expire_tokens()
    process.run("三")
    assert platform.pushed[-1].text == "三"
    platform.faults.extend([code, code])
    with pytest.raises(CallFailed):
        process.run("四")


@pytest.mark.parametrize("fault", [-1, "500", "502", "drop"])
def test_a_busy_or_silent_platform_is_asked_again(platform: FakePlatform, database: Database, fault: int | str) -> None:
    """With growing pauses, three times in all."""
    process = Process(platform, database)
    platform.faults.extend([fault, fault])
    process.run("一")
    assert [p.text for p in platform.pushed] == ["一"] and platform.calls[SEND] == 3
    assert len(process.waited) == 2 and 0.25 <= process.waited[0] <= 0.75 and 0.5 <= process.waited[1] <= 1.5
    platform.faults.extend([fault] * 3)
    with pytest.raises(CallFailed) as caught:
        process.run("二")
    assert caught.value.again_later


def test_a_platform_that_hangs_is_given_up(
    platform: FakePlatform, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A delay beyond the time-out counts as no answer."""
    import aiohttp

    monkeypatch.setattr(platform_calls, "TIMEOUT", aiohttp.ClientTimeout(total=0.2))
    process = Process(platform, database)
    platform.faults.append(0.6)
    process.run("一")
    assert platform.calls[SEND] == 2 and platform.pushed[-1].text == "一"


@pytest.mark.parametrize(
    ("code", "again_later"),
    [(45015, False), (48001, False), (40003, False), (45047, True), (45009, True), (99999, True)],
)
def test_a_refusal_is_not_repeated_at_once(
    platform: FakePlatform, database: Database, code: int, again_later: bool
) -> None:
    """It says whether later is worth a try, and the log line says why."""
    platform.faults.append(code)
    with pytest.raises(CallFailed, match=str(code)) as caught:
        Process(platform, database).run("一")
    assert caught.value.again_later is again_later and platform.calls[SEND] == 1


def test_the_platforms_own_limits(platform: FakePlatform, database: Database) -> None:
    """Five messages after a follower's message; none to someone who has not written for 48 hours."""
    process = Process(platform, database)
    with pytest.raises(CallFailed, match="45047"):
        process.run("一", "二", "三", "四", "五", "六")
    platform.last_message_at.clear()
    with pytest.raises(CallFailed, match="45015"):
        process.run("七")
    platform.verified = False
    with pytest.raises(CallFailed, match="48001"):
        process.run("八")


def test_wrong_credentials_are_named(platform: FakePlatform, database: Database) -> None:
    """In words that say where to look."""
    with pytest.raises(CallFailed, match="AppSecret 不对"):
        Process(platform, database, app_secret="another").run("一")


def test_neither_token_nor_secret_nor_follower_is_logged(
    platform: FakePlatform, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever fails, at any level."""
    caplog.set_level(logging.DEBUG)
    process = Process(platform, database)
    for faults in ([-1, "drop", "500"], [42001, 45015], [48001], ["drop"] * 3):
        platform.faults.clear()
        platform.faults.extend(faults)
        with pytest.raises(CallFailed) as caught:
            process.run("文字")
        assert not any(word in str(caught.value) for word in (SECRET, "token-", TO))
    logged = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("bot."))
    assert logged and not any(word in logged for word in (SECRET, "token-", TO, "文字"))


def test_the_breaker_opens_and_probes(platform: FakePlatform, database: Database) -> None:
    """After five failures in a row nothing is called; half a minute later one call finds out."""
    process = Process(platform, database)
    process.run("一")
    platform.faults.extend(["500"] * 6)
    for text in ("二", "三"):
        with pytest.raises(CallFailed):
            process.run(text)
    called = platform.calls[SEND]
    platform.faults.clear()
    with pytest.raises(CallFailed, match="暂停调用"):
        process.run("四")
    assert platform.calls[SEND] == called
    process.clock_s = breaker.OPEN_S + 1
    process.run("五")
    assert platform.pushed[-1].text == "五"


def test_a_half_open_breaker_lets_one_through() -> None:
    """And opens again if that one fails."""
    now = [0.0]
    circuit = CircuitBreaker(lambda: now[0])
    for _ in range(breaker.FAILURES):
        assert circuit.allows()
        circuit.failed()
    assert not circuit.allows()
    now[0] = breaker.OPEN_S
    assert circuit.allows() and not circuit.allows()
    circuit.failed()
    assert not circuit.allows()
    now[0] *= 2
    assert circuit.allows()
    circuit.succeeded()
    assert circuit.allows() and circuit.allows()


def test_wecom_has_its_own_addresses(database: Database) -> None:
    """Token by GET, messages with the application's id."""
    fake = FakePlatform(PlatformAccount("wx1", "tok3n", secret=SECRET, wecom=True)).start()
    try:
        Process(fake, database, kind=Kind.WECOM, agent_id=7).run("一")
        assert [p.text for p in fake.pushed] == ["一"] and fake.calls["/cgi-bin/gettoken"] == 1
    finally:
        fake.stop()


def test_every_code_has_words_and_a_remedy() -> None:
    """Those of wechat.md as it says; unknown ones too."""
    assert [remedy_for(c) for c in (40001, 42001)] == [Remedy.NEW_TOKEN] * 2
    assert remedy_for(-1) is Remedy.AGAIN and remedy_for(45015) is Remedy.NEVER and remedy_for(1) is Remedy.LATER
    assert "48 小时" in explain(45015) and "未知" in explain(1)
