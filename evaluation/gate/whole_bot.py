"""One release, whole, in one process: the bot and its action, without what carries a message between programs.

What a resident's message passes is all here, in order: masking, the watch for danger, Rasa with the release's own model,
rules and slots, the action. Only REST, the action server and the broker are not. The environment names the release, as
`bench.bots.OurBot` sets it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

from actions.answering import ActionAnswer
from bot import rasa_patches
from bot.channels.turns import TurnTaker
from evaluation.gate.responses import Conversation, Response
from settings.bot import BOT_MODEL


class ActionsHere(EndpointConfig):  # type: ignore[misc]
    """The action server's place in Rasa: runs the action in this process, and knows what NLU made of the message."""

    def __init__(self) -> None:
        super().__init__()
        self._executor = ActionExecutor()
        self._executor.register_action(ActionAnswer)
        self.parsed: Mapping[str, Any] = {}

    async def request(self, *_: Any, json: Mapping[str, Any], **__: Any) -> Any:
        """As the action server's answer to this body."""
        self.parsed = json["tracker"]["latest_message"]
        return await self._executor.run(json)


class WholeBot:
    """Answers conversations one after the other."""

    def __init__(self, model: str) -> None:
        self._actions = ActionsHere()
        self._agent = Agent.load(
            model,
            tracker_store=InMemoryTrackerStore(Domain.empty()),
            lock_store=InMemoryLockStore(),
            action_endpoint=self._actions,
        )
        self._taker = TurnTaker()

    async def last_response(self, name: str, conversation: Conversation) -> Response:
        """To the last of its messages; `name` is its session's."""
        for message in conversation:
            self._actions.parsed = {}
            sent = await self._taker.take(self._agent.handle_message, message, name, "rest")
        custom = next(part["custom"] for part in sent if "custom" in part)
        intent, understood = ((self._actions.parsed.get(key) or {}) for key in ("intent", "understood"))
        text = "\n".join(str(part["text"]) for part in sent if "text" in part)
        return Response.of(custom, str(intent.get("name") or ""), str(understood.get("text") or ""), text=text)


async def answer_all(conversations: Path, answers: Path) -> None:
    """A line of `answers` for each of `conversations`, in order."""
    rasa_patches.apply()
    bot = WholeBot(BOT_MODEL.read())
    with conversations.open(encoding="utf-8") as lines, answers.open("w", encoding="utf-8") as told:
        for number, line in enumerate(lines):
            response = await bot.last_response(f"gate-{number}", tuple(json.loads(line)))
            print(json.dumps(asdict(response), ensure_ascii=False), file=told, flush=True)
