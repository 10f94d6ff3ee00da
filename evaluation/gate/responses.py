"""What a release said to a question, as far as it is compared, judged and shown."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

Conversation = tuple[str, ...]  # a resident's messages, the question last


@dataclass(frozen=True)
class Cited:
    """A passage that an answer cites."""

    commitment_id: str
    quote: str


@dataclass(frozen=True)
class Response:
    """The reply to the last message of a conversation, and what the turn's log says of it.

    `outcome` is one of answer/1's; `error` also where no proper reply came, and `headline` then says what came.
    `citations` are most relevant first, `choices` what a clarification offers. `intent` and `understood` are the log's.
    """

    outcome: str
    topic: str = ""
    headline: str = ""
    citations: tuple[Cited, ...] = ()
    intent: str = ""
    understood: str = ""
    text: str = ""
    choices: tuple[str, ...] = ()

    @property
    def first(self) -> str:
        """The first citation's commitment, "" without one."""
        return self.citations[0].commitment_id if self.citations else ""

    @property
    def custom(self) -> dict[str, Any]:
        """As far as `evaluation.scoring.judge` reads answer/1, and how it is shown."""
        cited = [asdict(each) for each in self.citations]
        return {"outcome": self.outcome, "topic": self.topic, "citations": cited, "shown": self.shown()}

    def shown(self) -> dict[str, str]:
        """For a report: no word of a resident."""
        return {
            "outcome": self.outcome,
            "topic": self.topic,
            "headline": self.headline,
            "commitment_id": self.first,
            "intent": self.intent,
        }

    @classmethod
    def of(cls, custom: Mapping[str, Any], intent: str, understood: str, text: str = "") -> Response:
        """From answer/1, the log's row and the text that came with it."""
        cited = tuple(Cited(str(c["commitment_id"]), str(c["quote"])) for c in custom["citations"])
        outcome, topic = str(custom["outcome"]), str(custom["topic"] or "")
        offers = custom.get("related") or () if outcome == "clarify" else ()
        choices = tuple(str(offer["payload"]) for offer in offers)
        return cls(outcome, topic, str(custom["headline"]), cited, intent, understood, text, choices)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Response:
        """From what `asdict` made of one."""
        cited = tuple(Cited(**each) for each in data["citations"])
        return cls(**{**data, "citations": cited, "choices": tuple(data["choices"])})


def key_of(conversation: Sequence[str]) -> str:
    """Names a conversation without its words: SHA-256 of its messages."""
    return hashlib.sha256(json.dumps(list(conversation), ensure_ascii=False).encode()).hexdigest()[:32]
