"""Followers ask in WeChat: an independent platform on the other side of the processes that `make run` starts."""

from __future__ import annotations

import base64
import http.client
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from bot.channels.wechat import words
from bot.rasa_patches import KEEP_ALIVE_S
from conversations.identity import session_key
from tests.bot.wechat.test_envelope import KEY, sign_by_hand
from tests.bot.wechat.test_xml_fields import BOMB
from tests.journeys.processes import WITHOUT_CONSOLE, Product
from wechat_sim.envelope import Envelope, PlatformAccount
from wechat_sim.follower import Follower
from wechat_sim.platform import FakePlatform

TOKEN, SECRET = "tok3nOfTheTests", "s3cretOfTheTests"
BEDS, CLASSES, RENT = "到2025年养老院床位有多少张", "小学放学以后有课后服务吗", "公租房以后会多建一点吗"
ACCOUNTS = {
    "plain": PlatformAccount("wxPlain", TOKEN, "plain"),
    "compatible": PlatformAccount("wxCompatible", TOKEN, "compatible", KEY),
    "safe": PlatformAccount("wxSafe", TOKEN, "safe", KEY),
    "corp": PlatformAccount("wwCorp", TOKEN, "safe", KEY, wecom=True, secret=SECRET, agent_id=7),
    "verified": PlatformAccount("wxVerified", TOKEN, "plain", secret=SECRET),
}


class Stage:
    """The product with five accounts, and the platform's API for the verified one."""

    def __init__(self, folder: Path) -> None:
        self.platform = FakePlatform(ACCOUNTS["verified"]).start()
        file = folder / "accounts.yml"
        file.write_text(
            f"""accounts:
  plain: {{app_id: wxPlain, token: {TOKEN}, mode: plain}}
  compatible: {{app_id: wxCompatible, token: {TOKEN}, mode: compatible, aes_key: {KEY}}}
  safe: {{app_id: wxSafe, token: {TOKEN}, mode: safe, aes_key: {KEY}}}
  corp: {{kind: wecom, app_id: wwCorp, token: {TOKEN}, aes_key: {KEY}, agent_id: 7}}
  verified: {{app_id: wxVerified, token: {TOKEN}, mode: plain, verified: true, app_secret: {SECRET},
              api_url: "{self.platform.url}"}}
"""
        )
        file.chmod(0o600)
        self.secret = folder / "conversations.secret"
        self.product = Product(
            folder,
            procfile=WITHOUT_CONSOLE,
            settings={
                "WECHAT_ACCOUNTS_FILE": str(file),
                "CONVERSATIONS_SECRET_FILE": str(self.secret),
                "PLAN_READER_URL": "https://ask.example.cn/plan",
            },
        )
        self.start()

    def start(self) -> None:
        """Start, and ask a first question, which loads what later ones find loaded."""
        self.product.start()
        self.product.ask(RENT)

    def follower(self, account: str = "plain", open_id: str = "") -> Follower:
        """Somebody nobody was before."""
        callback = f"http://127.0.0.1:{self.product.bot_port}/webhooks/wechat/callback/{account}"
        follower = Follower(callback, Envelope(ACCOUNTS[account]), open_id or f"o{random.getrandbits(128):032x}")
        self.platform.heard_from(follower.open_id)
        return follower

    def close(self) -> None:
        """End everything."""
        self.product.stop()
        self.platform.stop()

    @contextmanager
    def slow(self) -> Iterator[None]:
        """Answers take as long as the block: the action server stands still.

        Not on a kept connection: when it goes on, it would first see that such a one was silent for too long.
        """
        actions = self.product.pid_of("actions")
        time.sleep(KEEP_ALIVE_S + 0.5)
        os.kill(actions, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(actions, signal.SIGCONT)

    def turns(self, follower: Follower, account: str = "plain") -> list[str]:
        """What the log has of a follower's questions."""
        rows = self._rows("select question from turn where session = ? order by asked_at", follower, account)
        return [question for (question,) in rows]

    def owed(self, follower: Follower, account: str) -> list[tuple[str, str | None]]:
        """The state of each of a follower's messages, and when its answer is pushed again."""
        return self._rows(
            "select state, push_at from delivery where session = ? order by received_at", follower, account
        )

    def _rows(self, query: str, follower: Follower, account: str) -> list[Any]:
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("CONVERSATIONS_SECRET_FILE", str(self.secret))
            session = session_key("wechat", f"{account}/{follower.open_id}")
        with sqlite3.connect(self.product.folder / "conversations.sqlite") as log:
            return log.execute(query, (session,)).fetchall()

    def until(self, condition: Callable[[], bool], within_s: float = 60) -> None:
        """Wait for what another process does."""
        end = time.monotonic() + within_s
        while not condition():
            assert time.monotonic() < end, self.product.log()[-3000:]
            time.sleep(0.1)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One for the stories of this file."""
    running = Stage(tmp_path_factory.mktemp("wechat"))
    yield running
    running.close()


def test_verification(stage: Stage) -> None:
    """The bare echo for an official account, the opened one for WeCom; 403 for another token."""
    for account in ACCOUNTS:
        assert stage.follower(account).verify("8617123456") == (200, "8617123456")
    stranger = Follower(stage.follower().callback, Envelope(PlatformAccount("wxPlain", "an0therToken")))
    assert stranger.verify("8617123456")[0] == 403


def next_questions(text: str) -> bool:
    """Whether two next questions or more stand under an answer, and the line below names the number of each."""
    numbers = re.findall(r"(?m)^(\d)\. ", text)
    return len(numbers) >= 2 and f"回复 {'、'.join(numbers)} 接着问" in text


@pytest.mark.parametrize("account", list(ACCOUNTS))
def test_a_question_in_every_mode(stage: Stage, account: str) -> None:
    """Headline, quote, source, link, numbers; sealed where the account is safe."""
    shown = stage.follower(account).say(BEDS)
    assert shown.attempts == 1 and shown.text is not None
    assert shown.text.startswith("到2025年，养老机构床位总数增加到9500张。")
    assert "第九章第四节" in shown.text and "第55页" in shown.text
    assert '<a href="https://ask.example.cn/plan#c-' in shown.text and next_questions(shown.text)


def test_a_request_made_by_hand(stage: Stage) -> None:
    """From the published algorithm alone, without any library, at the address without a name."""
    timestamp, nonce = str(int(time.time())), str(random.getrandbits(40))
    query = {"signature": sign_by_hand(TOKEN, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
    body = (
        "<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[oByHand]]></FromUserName>"
        f"<CreateTime>{timestamp}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[{RENT}]]></Content><MsgId>{random.getrandbits(60)}</MsgId></xml>"
    )
    status, reply = stage.product.post(f"/webhooks/wechat/callback?{urlencode(query)}", body.encode())
    assert status == 200 and "<ToUserName><![CDATA[oByHand]]></ToUserName>" in reply and "第56页" in reply


def test_a_conversation(stage: Stage) -> None:
    """A number chooses, a vote is recorded, 「更多」 goes on, a slash is only text, a long message is refused."""
    follower = stage.follower()
    first = follower.say(BEDS).text
    chosen = follower.say("2").text
    assert re.search(r"\n2\. \S", first) and "出处：" in chosen and chosen.split("\n")[0] != first.split("\n")[0]
    assert "谢谢" in follower.say("赞").text
    with sqlite3.connect(stage.product.folder / "conversations.sqlite") as log:
        assert log.execute("select count(*) from turn where feedback = 'up'").fetchone()[0] >= 1
    assert "出处：" in follower.say("更多").text
    assert follower.say("/restart").text and "1000" in follower.say("养" * 1001).text


def test_events_and_other_messages(stage: Stage) -> None:
    """Welcome with hot questions, the menu's topics, kind words; silence where nothing is asked."""
    follower = stage.follower()
    welcome = follower.event("subscribe").text
    assert "《青浦区“十四五”规划纲要》" in welcome and "养老、托育、上学、住房" in welcome and "1. " in welcome
    assert "出处：" in follower.say("1").text
    for key in ("elderly_care", "childcare", "schooling", "housing"):
        assert "回复 1" in follower.event("CLICK", key).text
    assert "1. " in follower.event("CLICK", "hot").text
    assert "1. " in follower.event("CLICK", "a-key-of-an-old-menu").text
    for silent in ("VIEW", "LOCATION", "TEMPLATESENDJOBFINISH"):
        assert follower.event(silent, "x").text is None
    assert "课后服务" in follower.speak(CLASSES + "。").text
    assert follower.speak().text == words.KIND_WORDS["voice"]
    for kind in ("image", "video", "shortvideo", "location", "link"):
        assert follower.send(kind, MediaId="m").text == words.KIND_WORDS[kind]
    assert follower.send("miniprogrampage").text == words.KIND_WORD


def test_who_leaves_is_forgotten(stage: Stage) -> None:
    """Log, tracker and numbers; the platform gets `success` and no second event is sent."""
    follower = stage.follower()
    follower.say(BEDS)
    assert stage.turns(follower) == [BEDS]
    left = follower.event("unsubscribe")
    assert (left.text, left.attempts) == (None, 1) and stage.turns(follower) == []
    assert "出处：" not in follower.say("出处在哪里").text
    with sqlite3.connect(stage.product.folder / "tracker.sqlite") as tracker:
        assert not tracker.execute(
            "select 1 from events where data like ?", (f"%{BEDS}%{follower.open_id}%",)
        ).fetchone()


def test_three_deliveries_of_one_message(stage: Stage) -> None:
    """The platform hangs up twice; the third gets the first's answer; one turn was asked and logged.

    In half the time that the platform takes: a turn has to end within its 8 s, also on a busy machine.
    """
    follower = stage.follower()
    xml = follower.xml("text", Content=BEDS)
    replies: list[tuple[int, str]] = []
    with stage.slow():
        hasty = [threading.Thread(target=hang_up, args=(follower, xml, 1.5)) for _ in range(2)]
        for delivery in hasty:
            delivery.start()
            time.sleep(2)
        third = threading.Thread(target=lambda: replies.append(follower.post(xml)))
        third.start()
        time.sleep(0.5)
    for thread in (*hasty, third):
        thread.join()
    assert replies[0][0] == 200 and "9500" in follower.envelope.open_reply(replies[0][1])
    assert stage.turns(follower) == [BEDS]
    assert "9500" in follower.envelope.open_reply(follower.post(xml)[1])
    assert stage.turns(follower) == [BEDS]
    assert "谢谢" not in follower.say(CLASSES).text and stage.turns(follower) == [BEDS, CLASSES]


def hang_up(follower: Follower, xml: str, after_s: float) -> None:
    """A delivery whose connection the platform drops before any reply."""
    query, body = follower.envelope.message(xml)
    address = follower.callback.removeprefix("http://").split("/", 1)
    connection = http.client.HTTPConnection(address[0], timeout=after_s)
    connection.request("POST", f"/{address[1]}?{query}", body)
    with pytest.raises(TimeoutError):
        connection.getresponse()
    connection.close()


def test_slow_answers_of_an_unverified_account(stage: Stage) -> None:
    """Told within five seconds; the next message brings both answers, page by page, in order."""
    follower = stage.follower()
    with stage.slow():
        shown = follower.say("交通方面有哪些安排")
        assert shown.text == words.SEARCHING and shown.attempts == 1
    stage.until(lambda: len(stage.turns(follower)) == 1)
    pages = [follower.say("文化方面有哪些安排").text]
    assert pages[0].endswith(words.MORE)
    while pages[-1].endswith(words.MORE):
        pages.append(follower.say("更多").text)
    assert all(len(page.encode()) <= 2048 for page in pages)
    whole = "\n".join(page.removesuffix(words.MORE) for page in pages)
    assert 0 <= whole.index("“交通”方面写了这些") < whole.index("“文化”方面写了这些")
    assert stage.turns(follower) == ["交通方面有哪些安排", "文化方面有哪些安排"]


@pytest.mark.parametrize("account", list(ACCOUNTS))
def test_in_danger_the_numbers_come_alone(stage: Stage, account: str) -> None:
    """In every mode, official account and WeCom; an old answer's numbers no longer choose."""
    follower = stage.follower(account)
    assert next_questions(follower.say(BEDS).text)
    shown = follower.say("我家着火了")
    assert shown.attempts == 1 and shown.text.startswith("请马上拨打 119（消防救援）。\n")
    assert len(shown.text.encode()) <= 2048 and "<a" not in shown.text and "赞" not in shown.text
    assert "出处：" not in follower.say("1").text and "119" in follower.say("谢谢").text


@pytest.mark.parametrize(("account", "told"), [("plain", words.SEARCHING), ("verified", None)])
def test_danger_waits_behind_nothing(stage: Stage, account: str, told: str | None) -> None:
    """An answer is being looked for, and the action server stands still: the numbers come on the first connection, alone."""
    follower = stage.follower(account)
    with stage.slow():
        assert follower.say(BEDS).text == told
        shown = follower.say("我家着火了")
        assert shown.attempts == 1 and shown.text.startswith("请马上拨打 119") and "9500" not in shown.text
    stage.until(lambda: len(stage.turns(follower, account)) == 2)
    if account == "plain":
        assert "9500" in follower.say("好").text
    else:
        stage.until(lambda: any("9500" in p.text for p in stage.platform.pushed if p.to == follower.open_id))


def test_slow_answers_of_a_verified_account(stage: Stage) -> None:
    """`success` within five seconds, then pushed, even when the token was withdrawn and the platform is busy."""
    follower = stage.follower("verified")
    stage.platform.expire_tokens()
    stage.platform.faults.extend([-1])
    with stage.slow():
        shown = follower.say(BEDS)
        assert shown.text is None and shown.attempts == 1
    stage.until(lambda: any(p.to == follower.open_id for p in stage.platform.pushed))
    assert ["9500" in p.text for p in stage.platform.pushed if p.to == follower.open_id] == [True]
    assert "出处：" in follower.say("1").text and len(stage.turns(follower, "verified")) == 2


def test_what_the_platform_refuses_comes_with_the_next_message(stage: Stage) -> None:
    """The window is closed (45015): the answer is kept."""
    follower = stage.follower("verified")
    with stage.slow():
        stage.platform.last_message_at.pop(follower.open_id)
        assert follower.say(BEDS).text is None
    stage.until(lambda: "45015" in stage.product.log() and stage.owed(follower, "verified") == [("answered", None)])
    stage.platform.heard_from(follower.open_id)
    shown = follower.say(CLASSES).text
    assert shown.index("9500") < shown.index("课后服务")


def test_killed_between_receipt_and_push(stage: Stage) -> None:
    """After a power cut and a new start: pushed, or there with the follower's next message."""
    small, verified = stage.follower(), stage.follower("verified")
    time.sleep(KEEP_ALIVE_S + 0.5)
    os.kill(stage.product.pid_of("actions"), signal.SIGSTOP)
    with ThreadPoolExecutor(2) as both:  # killed before a turn's 8 s are over
        told = both.submit(small.say, BEDS), both.submit(verified.say, RENT)
    assert [each.result().text for each in told] == [words.SEARCHING, None]
    stage.product.kill()
    stage.start()
    stage.until(lambda: any(p.to == verified.open_id for p in stage.platform.pushed))
    assert "第56页" in stage.platform.pushed[-1].text and "课后服务" in verified.say(CLASSES).text
    assert "9500" in small.say("好").text
    assert stage.turns(small) == [BEDS] and stage.turns(verified, "verified") == [RENT, CLASSES]


def test_wrong_signatures_are_refused(stage: Stage) -> None:
    """403, nothing processed; a safe account refuses a plain body."""
    follower = stage.follower()
    query, body = follower.envelope.message(follower.xml("text", Content=BEDS))
    forged = {**dict(parse_qsl(query)), "signature": "0" * 40}
    assert follower.post_raw(urlencode(forged), body)[0] == 403
    assert follower.post_raw("", body)[0] == 403
    old = Follower(follower.callback, Envelope(ACCOUNTS["plain"], clock_s=-400), follower.open_id)
    assert old.post(old.xml("text", Content=BEDS))[0] == 403
    safe = stage.follower("safe")
    plain = Follower(safe.callback, Envelope(PlatformAccount("wxSafe", TOKEN, "plain")), follower.open_id)
    assert plain.post(plain.xml("text", Content=BEDS))[0] == 403
    assert stage.turns(follower) == [] and stage.turns(follower, "safe") == []


@pytest.mark.parametrize("account", ["plain", "safe", "corp"])
def test_a_captured_request_is_refused(stage: Stage, account: str) -> None:
    """The same bytes again, also after the account's other messages."""
    follower = stage.follower(account)
    query, body = follower.envelope.message(follower.xml("text", Content=RENT))
    assert follower.post_raw(query, body)[0] == 200
    assert follower.post_raw(query, body) == (403, "")
    assert stage.turns(follower, account) == [RENT]


def test_bombs_and_oversized_bodies(stage: Stage) -> None:
    """Entities, external entities, and 64 KB: refused at once, and the bot goes on."""
    follower = stage.follower()
    good = follower.xml("text", Content=BEDS)
    outside = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><xml><Content>&f;</Content></xml>'
    for body, status in ((BOMB, 400), (outside, 400), (good[:-1].encode(), 400), (b"<xml>" + b"x" * 70_000, 413)):
        query, _ = follower.envelope.message(good)
        assert follower.post_raw(query, body)[0] == status
    assert "9500" in follower.deliver(good).text


def test_unknown_accounts_and_methods(stage: Stage) -> None:
    """404 and 405; the health check counts accounts."""
    assert stage.product.get("/webhooks/wechat/callback/nobody")[0] == 404
    assert stage.product.get("/webhooks/wechat/") == (200, '{"status":"ok","accounts":5}')


def test_ten_thousand_fuzzed_bodies(stage: Stage) -> None:
    """All signed, all broken another way: no 5xx, no crash, and memory stays flat."""
    chance = random.Random(20260701)
    bot = stage.product.pid_of("bot")
    connection = http.client.HTTPConnection("127.0.0.1", stage.product.bot_port, timeout=30)
    followers = {name: stage.follower(name) for name in ("plain", "safe", "corp")}
    statuses: dict[int, int] = {}
    memory_kb = []
    for number in range(10_000):
        follower = followers[("plain", "safe", "corp")[number % 3]]
        query, body = follower.envelope.message(follower.xml("image", MediaId="m", PicUrl="http://x/y"))
        if number % 10 == 0:
            query = urlencode({k: mutated(v.encode(), chance).decode("utf-8", "replace") for k, v in parse_qsl(query)})
        elif number % 3 and number % 2:
            query, body = resealed(follower, mutated(follower.xml("image", MediaId="m").encode(), chance))
        else:
            body = mutated(body, chance)
        connection.request(
            "POST", follower.callback.removeprefix(f"http://127.0.0.1:{stage.product.bot_port}") + "?" + query, body
        )
        reply = connection.getresponse()
        reply.read()
        statuses[reply.status] = statuses.get(reply.status, 0) + 1
        if number % 1000 == 999:
            memory_kb.append(resident_kb(bot))
    assert set(statuses) <= {200, 400, 403, 413}, statuses
    assert statuses[400] > 1000 and statuses[403] > 1000, statuses
    assert max(memory_kb[4:]) - memory_kb[3] < 20_000, memory_kb
    assert stage.product.pid_of("bot") == bot and "9500" in stage.follower().say(BEDS).text


def mutated(body: bytes, chance: random.Random) -> bytes:
    """With a few bytes changed, a piece cut out, doubled or moved, or replaced altogether."""
    data = bytearray(body)
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice((1, 1, 2, 8, 64)))
        kind = chance.randrange(6)
        if kind == 0:
            data[start:end] = chance.randbytes(end - start)
        elif kind == 1:
            del data[start:end]
        elif kind == 2:
            data[start:start] = data[start:end] * chance.choice((1, 3, 50))
        elif kind == 3:
            data[start:start] = chance.choice(
                (b"<!DOCTYPE x>", b"&a;", b"<![CDATA[", b"]]>", b"<a>", b"\x00", "😀".encode())
            )
        elif kind == 4:
            data = data[::-1]
        else:
            data[start:end] = str(chance.randint(-(2**70), 2**70)).encode()
    return bytes(data)


def resealed(follower: Follower, inner: bytes) -> tuple[str, bytes]:
    """Broken XML in a perfect envelope: what only a holder of token and key could send."""
    from tests.bot.wechat.test_envelope import seal_by_hand

    text = inner.decode("utf-8", "replace")
    sealed = seal_by_hand(text, follower.envelope.account.app_id)
    timestamp, nonce = str(int(time.time())), str(random.getrandbits(60))
    query = {"timestamp": timestamp, "nonce": nonce, "msg_signature": sign_by_hand(TOKEN, timestamp, nonce, sealed)}
    return urlencode(query), f"<xml><Encrypt>{sealed}</Encrypt></xml>".encode()


def resident_kb(pid: int) -> int:
    """A process's resident memory."""
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1])


def test_no_open_id_token_or_secret_outside_memory(stage: Stage) -> None:
    """Neither in the logs nor in any file but the operator's own."""
    follower = stage.follower("verified")
    with stage.slow():
        hang_up(follower, follower.xml("text", Content=RENT), after_s=3.0)
        follower.say(BEDS)
        follower.post_raw(f"signature=wrong&openid={follower.open_id}", b"")
    stage.until(lambda: sum(p.to == follower.open_id for p in stage.platform.pushed) == 2)
    files = [path for path in stage.product.folder.rglob("*") if path.is_file() and path.name != "accounts.yml"]
    assert len(files) >= 3
    for path in files:
        content = path.read_bytes()
        for word in (
            follower.open_id,
            TOKEN,
            SECRET,
            KEY,
            base64.b64encode(KEY.encode()).decode(),
            "token-1-wxVerified",
        ):
            assert word.encode() not in content, (path.name, word)


def test_the_simulator_talks_to_a_running_bot(stage: Stage) -> None:
    """As a follower of a safe account in the bot's own file."""
    accounts = str(stage.product.folder / "accounts.yml")
    command = [sys.executable, "-m", "wechat_sim", "--bot", f"http://127.0.0.1:{stage.product.bot_port}"]
    done = subprocess.run(
        [*command, "--accounts", accounts, "--account", "safe"],
        input=f":核对\n:关注\n{BEDS}\n:重发\n1\n:菜单 housing\n:语音\n:图片\n:菜单\n:什么\n:取关\n:退出\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "HTTP 200 通过" in done.stdout and "大家常问" in done.stdout
    assert done.stdout.count("到2025年，养老机构床位总数增加到9500张。") >= 2
    assert words.KIND_WORDS["voice"] in done.stdout and words.KIND_WORDS["image"] in done.stdout
    assert "elderly_care" in done.stdout and "没有当场回复" in done.stdout


def test_the_simulator_starts_the_bot_by_itself(tmp_path: Path) -> None:
    """`make wechat-sim` on a machine where nothing runs: question, answer, and no process left."""
    done = subprocess.run(
        [sys.executable, "-m", "wechat_sim", "--folder", str(tmp_path)],
        input=f"{BEDS}\n:退出\n",
        capture_output=True,
        text=True,
        timeout=240,
        check=True,
    )
    assert "第55页" in done.stdout
    assert "9500" not in (tmp_path / "accounts.yml").read_text()
