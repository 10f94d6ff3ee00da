"""Asking the bot over HTTP, voting on some answers, and counting what came back."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from conversations.identity import installation_token

TIMEOUT_S = 60.0
IN_FLIGHT = 4  # residents at the same time: the two cores of the reference machine are busy, and nothing waits long
VOTES = {"answered": (0.14, 0.8), "not_in_plan": (0.12, 0.2), "out_of_scope": (0.05, 0.3), "clarify": (0.05, 0.5)}
COMMENTS = ("", "", "", "答非所问", "不是我问的", "看不懂", "要的是电话", "太长了")


@dataclass
class Tally:
    """What came back: outcomes, votes, and votes that the bot did not take."""

    outcomes: Counter[str] = field(default_factory=Counter)
    votes: Counter[str] = field(default_factory=Counter)
    refused_votes: int = 0
    failures: int = 0


async def ask_all(address: str, conversations: Sequence[Sequence[str]], seed: int) -> Tally:
    """Hold all conversations, `IN_FLIGHT` at a time, each turn after the reply to the one before."""
    tally, waiting = Tally(), asyncio.Queue[tuple[int, Sequence[str]]]()
    for number, said in enumerate(conversations):
        waiting.put_nowait((number, said))
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    headers = {"Authorization": f"Bearer {installation_token('rest tools')}"}  # asks for many: no address is counted
    async with aiohttp.ClientSession(timeout=timeout, headers=headers) as session:

        async def resident() -> None:
            while not waiting.empty():
                number, said = waiting.get_nowait()
                chance = random.Random(f"{seed}-{number}")
                await _hold(session, address, f"demo-{seed}-{number}", said, chance, tally)
                if number % 200 == 0:
                    print(f"  {number}/{len(conversations)} 段会话 conversations", flush=True)

        await asyncio.gather(*(resident() for _ in range(IN_FLIGHT)))
    return tally


async def _hold(
    session: aiohttp.ClientSession, address: str, sender: str, said: Sequence[str], chance: random.Random, tally: Tally
) -> None:
    for message in said:
        body = {"sender": sender, "message": message}
        try:
            async with session.post(f"{address}/webhooks/rest/webhook", json=body) as reply:
                messages: list[dict[str, Any]] = await reply.json()
        except (aiohttp.ClientError, asyncio.TimeoutError):  # no kin of the builtin one before Python 3.11
            tally.failures += 1
            continue
        custom = next((m["custom"] for m in messages if "custom" in m), None)
        if custom is None:
            tally.failures += 1
            continue
        tally.outcomes[custom["outcome"]] += 1
        often, up = VOTES.get(custom["outcome"], (0.0, 0.0))
        if chance.random() < often:
            vote = {
                "sender": sender,
                "answer_id": custom["answer_id"],
                "value": "up" if chance.random() < up else "down",
            }
            await _vote(session, address, vote, chance, tally)


async def _vote(
    session: aiohttp.ClientSession, address: str, vote: dict[str, str], chance: random.Random, tally: Tally
) -> None:
    comment = chance.choice(COMMENTS) if vote["value"] == "down" else ""
    async with session.post(f"{address}/webhooks/rest/feedback", json={**vote, "comment": comment}) as reply:
        if reply.status == 204:
            tally.votes[vote["value"]] += 1
        else:
            tally.refused_votes += 1
