"""`make demo-data`: a few thousand varied questions through the running bot, so that every page of the console has something to show."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
import urllib.error
import urllib.request

from demo.asking import ask_all
from demo.questions import Material, conversations
from settings.bot import BOT_HOST, BOT_PORT

TURNS = 3000
SEED = 2026


def main(arguments: list[str] | None = None) -> int:
    """Ask; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m demo", description="用真实提问填满记录 / fill the log by asking")
    parser.add_argument("--turns", type=int, default=TURNS, help=f"问多少句 / turns (default {TURNS})")
    parser.add_argument(
        "--seed", type=int, default=SEED, help="同一个数给同样的问题 / the same number, the same questions"
    )
    chosen = parser.parse_args(arguments)
    address = f"http://{BOT_HOST.read()}:{BOT_PORT.read()}"
    if not _is_ready(address):
        print(f"{address} 还没有就绪，先另开一个终端运行 make run / run make run first", file=sys.stderr)
        return 1
    held = list(conversations(Material.load(), chosen.turns, chosen.seed))
    started = time.monotonic()
    tally = asyncio.run(ask_all(address, held, chosen.seed))
    seconds = time.monotonic() - started
    turns = sum(tally.outcomes.values())
    print(f"{turns} 句 turns, {len(held)} 段会话 conversations, {seconds:.0f} s, {turns / seconds:.1f}/s")
    print("答复 outcomes:", dict(tally.outcomes.most_common()), " 评价 votes:", dict(tally.votes))
    if tally.refused_votes:
        print(f"{tally.refused_votes} 个评价没有被接受 / votes were not taken", file=sys.stderr)
    if tally.failures:
        print(f"{tally.failures} 句没有答复 / turns without a reply", file=sys.stderr)
    return 1 if tally.failures else 0


def _is_ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/webhooks/web/ready", timeout=5) as reply:  # noqa: S310 - http, ours
            return bool(reply.status == 200)
    except (urllib.error.URLError, TimeoutError):
        return False


if __name__ == "__main__":
    sys.exit(main())
