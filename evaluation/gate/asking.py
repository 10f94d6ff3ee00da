"""Asking one release everything, as residents would: its processes are started for it and end with it."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bench.bots import OurBot
from bench.load import ask, client
from bench.running import running
from conversations.database import Database
from conversations.models import TurnRow
from evaluation.gate.responses import Conversation, Response
from releases.release import Release

IN_FLIGHT = 8  # conversations at once; 32 answer no more a second on two cores (docs/performance.md: 64 at 8, 66 at 32)
READY_WITHIN_S = 900.0  # 15 s on two idle cores; a gate yields to what answers residents and may wait long
SHOWN_CHARS = 200  # of a reply that was none


def responses_of(
    release: Release, conversations: Sequence[Conversation], on_answer: Callable[[], object]
) -> dict[Conversation, Response]:
    """Each conversation's last answer, in new databases and without live corrections.

    Raises `bench.errors.BenchError` if the release does not start.
    """
    with tempfile.TemporaryDirectory(prefix="ask-qingpu-gate-") as folder:
        return asyncio.run(_responses(release, conversations, Path(folder) / "bot", on_answer))


async def _responses(
    release: Release, conversations: Sequence[Conversation], folder: Path, on_answer: Callable[[], object]
) -> dict[Conversation, Response]:
    bot = OurBot(name=release.id, knowledge=release.knowledge.resolve(), archive=release.model.resolve())
    customs: dict[Conversation, dict[str, Any]] = {}
    texts: dict[Conversation, str] = {}
    async with running(bot, folder, READY_WITHIN_S) as started, client() as session:
        waiting = iter(enumerate(conversations))

        async def ask_on() -> None:
            for number, conversation in waiting:
                for message in conversation:
                    reply = await ask(session, started.address, message, f"gate-{number}")
                customs[conversation] = _custom(reply.body, reply.status)
                texts[conversation] = _text(reply.body)
                on_answer()

        await asyncio.gather(*(ask_on() for _ in range(IN_FLIGHT)))
    logged = _logged(folder, [custom["answer_id"] for custom in customs.values()])
    return {
        conversation: Response.of(custom, *logged.get(custom["answer_id"], ("", "")), text=texts[conversation])
        for conversation, custom in customs.items()
    }


def _custom(body: bytes, status: int) -> dict[str, Any]:
    """The answer/1 in a reply; an `error` that says what came where there is none."""
    try:
        return next(part["custom"] for part in json.loads(body) if "custom" in part)
    except (ValueError, StopIteration, TypeError):
        came = f"HTTP {status} {body.decode(errors='replace')[:SHOWN_CHARS]}"
        return {"outcome": "error", "topic": None, "headline": came, "citations": [], "answer_id": ""}


def _text(body: bytes) -> str:
    """The text of a reply, "" where none came."""
    try:
        return "\n".join(str(part["text"]) for part in json.loads(body) if "text" in part)
    except (ValueError, TypeError):
        return ""


def _logged(folder: Path, answer_ids: Sequence[str]) -> Mapping[str, tuple[str, str]]:
    """Answer id → (intent, understood) of the turn's log."""
    database = Database(f"sqlite:///{folder}/conversations.sqlite")
    found: dict[str, tuple[str, str]] = {}
    with database.session() as session:
        for ids in _parts(answer_ids):
            columns = select(TurnRow.id, TurnRow.intent, TurnRow.understood).where(TurnRow.id.in_(ids))
            found |= {row.id: (row.intent, row.understood) for row in session.execute(columns)}
    database.close()
    return found


def _parts(items: Sequence[str], size: int = 500) -> Iterator[Sequence[str]]:
    yield from (items[start : start + size] for start in range(0, len(items), size))
