"""`python -m bench.kills`: kills processes of the product at random moments while residents ask, and counts what is lost.

`--scaled` does so to the scaled form, whose services are those of the environment (docs/deploying.md).

Askers do as the widget does: a message that got no reply is sent again, under the same id, until it gets one. Afterwards
every turn that was acknowledged is looked for in the log: there once, with the reply that was given.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import secrets
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from bench.load import client
from bench.machine import this_machine
from bench.processes import Command, Started, free_port, started
from bench.questions import WARM_UP
from conversations.database import Database
from conversations.identity import message_key, session_key
from conversations.models import TurnRow
from settings.conversations import CONVERSATIONS_URL

EMBEDDED = ("bot", "actions", "review")  # modules, as Procfile runs them
SCALED = ("bot", "actions", "conversations")  # as deploy/Procfile-scaled does
PORTS = {"bot": "BOT_PORT", "actions": "BOT_PORT", "review": "REVIEW_PORT", "conversations": "CONSUMER_PORT"}
ANSWERS_AT = {
    "review": "/health",
    "conversations": "/health",
}  # the others: the bot says whether residents are answered
ASKERS = 4
READY_WITHIN_S = 600.0  # also on a machine that is busy with other things
CALM_S = (1.0, 6.0)  # from the return of one to the death of the next
POLL_S = 0.1
RESULT = Path(__file__).resolve().parent / "results" / "kills.json"


@dataclass(frozen=True)
class Acknowledged:
    """A message that got its reply."""

    sender: str
    message_id: str
    text: str
    answer_id: str
    outcome: str


@dataclass
class Kill:
    """One death: which process, and after how many seconds its service was back, without a hand."""

    process: str
    back_after_s: float


@dataclass
class KillTally:
    """What came of it. `lost` were acknowledged and are not in the log, `changed` are there with another answer."""

    kills: list[Kill] = field(default_factory=list)
    acknowledged: int = 0
    sent_again: int = 0
    lost: int = 0
    twice: int = 0
    changed: int = 0
    unfinished: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)


class Askers:
    """Residents who ask one after the other until `over` is set."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.over = asyncio.Event()
        self.replies: list[Acknowledged] = []
        self.sent_again = 0

    async def run(self) -> None:
        """All of them."""
        async with client() as session:
            await asyncio.gather(*(self._ask_on(session) for _ in range(ASKERS)))

    async def _ask_on(self, session: aiohttp.ClientSession) -> None:
        while not self.over.is_set():
            message = {
                "sender": secrets.token_hex(8),
                "message_id": secrets.token_hex(8),
                "message": random.choice(WARM_UP),
            }
            while (custom := await self._reply(session, message)) is None:
                self.sent_again += 1
                await asyncio.sleep(0.5)
            about = (message["sender"], message["message_id"], message["message"])
            self.replies.append(Acknowledged(*about, custom["answer_id"], custom["outcome"]))

    async def _reply(self, session: aiohttp.ClientSession, message: dict[str, str]) -> dict[str, Any] | None:
        try:
            async with session.post(f"{self._address}/webhooks/rest/webhook", json=message) as response:
                parts = await response.json() if response.status == 200 else []
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError):
            return None
        return next((part["custom"] for part in parts if "custom" in part), None)


def environment_in(folder: Path, *, scaled: bool = False) -> dict[str, str]:
    """Ports and files of their own; limits that one address with many residents does not meet."""
    ports = {name: str(free_port()) for name in ("BOT_PORT", "ACTIONS_PORT", "REVIEW_PORT", "CONSUMER_PORT")}
    inherited = {**os.environ}
    log = {"BOT_ENDPOINTS": "deploy/endpoints-scaled.yml", "CONVERSATIONS_SPOOL": str(folder / "conversations.spool")}
    return {
        **ports,
        "PATH": f"{Path(sys.executable).parent}:{inherited['PATH']}",  # the Procfile says `python`
        "TRACKER_DB": str(folder / "tracker.sqlite"),
        **(log if scaled else {"CONVERSATIONS_URL": f"sqlite:///{folder}/conversations.sqlite"}),
        "CONVERSATIONS_SECRET": secrets.token_urlsafe(32),
        "UNDERWAY_DIR": str(folder / "underway"),
        "REST_MESSAGES_PER_MINUTE_PER_ADDRESS": "1000000",
    }


def pid_of(top: int, module: str) -> int | None:
    """The process below `top` that runs `python -m module`."""
    for tasks in Path(f"/proc/{top}/task").glob("*/children"):
        for child in map(int, tasks.read_text().split()):
            with contextlib.suppress(OSError):
                if Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")[1:3] == [b"-m", module.encode()]:
                    return child
            with contextlib.suppress(OSError):
                if found := pid_of(child, module):
                    return found
    return None


async def is_served(session: aiohttp.ClientSession, process: str, settings: dict[str, str]) -> bool:
    """Whether residents are answered; of the console, whether it answers."""
    path = f"{settings[PORTS[process]]}{ANSWERS_AT.get(process, '/webhooks/web/ready')}"
    try:
        async with session.get(f"http://127.0.0.1:{path}") as response:
            return response.status == 200
    except (aiohttp.ClientError, asyncio.TimeoutError):
        return False


async def until_served(top: Started, process: str, settings: dict[str, str], other_than: int | None = None) -> float:
    """Seconds until the process, another than the one that died, serves. Raises `asyncio.TimeoutError`."""
    begin = time.monotonic()

    async def wait() -> None:
        async with client() as session:
            while True:
                top.check_alive()
                pid = pid_of(top.pid, process)
                if pid not in (None, other_than) and await is_served(session, process, settings):
                    return
                await asyncio.sleep(POLL_S)

    await asyncio.wait_for(wait(), READY_WITHIN_S)
    return time.monotonic() - begin


async def kill_them(
    top: Started, settings: dict[str, str], processes: Sequence[str], times: int, until: float
) -> list[Kill]:
    """Each process so many times, in turn, at random moments, as far as the time allows."""
    kills: list[Kill] = []
    for process in [each for _ in range(times) for each in processes]:
        await asyncio.sleep(random.uniform(*CALM_S))
        if time.monotonic() > until:
            break
        pid = pid_of(top.pid, process)
        assert pid is not None, f"{process} does not run"
        os.kill(pid, signal.SIGKILL)
        kills.append(Kill(process, round(await until_served(top, process, settings, pid), 1)))
        print(f"{len(kills)}: {process} killed, back after {kills[-1].back_after_s} s", flush=True)
    return kills


def judge(replies: Sequence[Acknowledged], url: str) -> Counter[str]:
    """How many acknowledged turns are lost, there twice or with another answer; and which in the log are not whole."""
    database, found = Database(url), Counter[str]()
    with database.session() as transaction:
        rows = transaction.query(TurnRow.session, TurnRow.message_id, TurnRow.id, TurnRow.outcome, TurnRow.reply).all()
    database.close()
    logged: dict[tuple[str, str], list[Any]] = {}
    turns_of = Counter[str]()  # each asker's session asks once
    for row in rows:
        logged.setdefault((row.session, row.message_id), []).append(row)
        turns_of[row.session] += 1
        found["unfinished"] += not row.reply
    for reply in replies:
        session = session_key("rest", reply.sender)
        there = logged.get((session, message_key("rest", reply.sender, reply.message_id, reply.text)), [])
        found["lost"] += not there
        found["twice"] += turns_of[session] > 1
        found["changed"] += bool(there) and there[0].id != reply.answer_id
    return found


async def measure(
    folder: Path, processes: Sequence[str], times: int, minutes: float, *, scaled: bool = False
) -> KillTally:
    """Start the product, let residents ask, kill, judge."""
    settings = environment_in(folder, scaled=scaled)
    os.environ["CONVERSATIONS_SECRET"] = settings["CONVERSATIONS_SECRET"]  # whose names the log has
    procfile = "deploy/Procfile-scaled" if scaled else "Procfile"
    command = Command((sys.executable, "-m", "supervision", "-f", procfile), Path.cwd(), settings)
    url = settings.get("CONVERSATIONS_URL") or CONVERSATIONS_URL.read()
    async with started(command, folder / "product.log") as top:
        for process in SCALED if scaled else EMBEDDED:
            await until_served(top, process, settings)
        askers = Askers(f"http://127.0.0.1:{settings['BOT_PORT']}")
        asking = asyncio.create_task(askers.run())
        kills = await kill_them(top, settings, processes, times, time.monotonic() + minutes * 60)
        askers.over.set()
        await asyncio.wait_for(asking, READY_WITHIN_S)
        await until_nothing_waits(settings)
        await until_all_logged(askers.replies, url)
    found = judge(askers.replies, url)
    outcomes = Counter(reply.outcome for reply in askers.replies)
    figures = {name: found[name] for name in ("lost", "twice", "changed", "unfinished")}
    return KillTally(kills, len(askers.replies), askers.sent_again, **figures, outcomes=dict(outcomes))


async def until_nothing_waits(settings: dict[str, str]) -> None:
    """What was spooled is in the log."""
    async with client() as session:
        for _ in range(100):
            async with session.get(f"http://127.0.0.1:{settings['BOT_PORT']}/webhooks/web/ready") as response:
                if not (await response.json())["warnings"]:
                    return
            await asyncio.sleep(0.2)


async def until_all_logged(replies: Sequence[Acknowledged], url: str) -> None:
    """What was in the queue is in the log, or is not coming."""
    for _ in range(30):
        if not judge(replies, url)["lost"]:
            return
        await asyncio.sleep(2)


def report(tally: KillTally) -> str:
    """A table, and a sentence."""
    lines = ["| killed | kills | back after, s: median | most |", "|---|---|---|---|"]
    for process in dict.fromkeys((*EMBEDDED, *SCALED)):
        seconds = [kill.back_after_s for kill in tally.kills if kill.process == process]
        if seconds:
            lines.append(f"| {process} | {len(seconds)} | {statistics.median(seconds):.1f} | {max(seconds):.1f} |")
    lines.append(
        f"\nacknowledged turns: {tally.acknowledged} ({tally.outcomes}), sent again {tally.sent_again} times; "
        f"not in the log {tally.lost}, twice {tally.twice}, with another answer {tally.changed}; "
        f"rows without a reply {tally.unfinished}"
    )
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Exit code 1 if an acknowledged turn is lost, doubled or changed."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.kills", description="随机杀进程，数丢了什么 / kill and count"
    )
    parser.add_argument("--kills", type=int, default=20, help="每个进程杀几次 / of each process")
    parser.add_argument("--minutes", type=float, default=600, help="至多多久 / no longer than")
    parser.add_argument("--process", choices=list(PORTS), action="append", help="只杀这个 / this one only")
    parser.add_argument(
        "--scaled", action="store_true", help="多进程部署 / the scaled form, its services in the environment"
    )
    options, machine = parser.parse_args(arguments), this_machine()
    processes = options.process or (SCALED if options.scaled else EMBEDDED)
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        work = measure(Path(folder), processes, options.kills, options.minutes, scaled=options.scaled)
        tally = asyncio.run(work)
    print(f"{machine.line}\n{report(tally)}")
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps({"schema": "kills/1", "machine": asdict(machine), **asdict(tally)}, indent=1))
    return int(bool(tally.lost or tally.twice or tally.changed))


if __name__ == "__main__":
    sys.exit(main())
