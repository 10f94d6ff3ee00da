"""The stock bot's one action: a fixed answer for each intent, sent as our bot sends its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

ANSWERS = Path(__file__).with_name("answers.json")


class ActionStaticAnswer(Action):
    """Looks the intent up in `answers.json`, which is read once, at start."""

    def __init__(self) -> None:
        self._answers: dict[str, dict[str, Any]] = json.loads(ANSWERS.read_text(encoding="utf-8"))

    def name(self) -> str:
        """As in the domain."""
        return "action_static_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Send one text with one custom object; an unknown intent gets the answer for out of scope."""
        intent = (tracker.latest_message or {}).get("intent", {}).get("name") or "out_of_scope"
        answer = self._answers[intent]
        dispatcher.utter_message(text=answer["text"], json_message=answer["custom"])
        return []
