"""One turn as data: what was asked, what was made of it, what was answered."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

MAX_CANDIDATES = 10  # kept of a finding: enough to see why the first one won


@dataclass(frozen=True)
class TurnCandidate:
    """A commitment that was considered: its probability among the candidates, and each signal that spoke for it."""

    commitment_id: str
    probability: float
    signals: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Turn:
    """One question and its reply (一问一答), masked.

    `id` is the answer's id; `session` a `session_key`; `message_id` unique within the session; `asked_at` has
    a time zone. `question` has placeholders for personal data, `masked` says which kinds. `understood` is the
    normalised question, `guesses` are (typed, taken for). `intents` is NLU's whole view. `candidates` are best
    first, `answerable`, `silence` and `aspect` as in `knowledge.search.finding.Finding`; None and empty where nothing was
    searched. `danger` is the kind of danger that was noticed, "" for none. `step` names the step of the dialogue that
    spoke, None where none did. `citations` are commitments' ids, most relevant first. `reply` holds the messages as
    sent, without recipient. `latency_ms` has a number for each stage that could be measured: `normalise`, `encode`, `nlu`,
    `find`, `compose`, `total`. `model` and `knowledge` name the versions that answered.
    """

    id: str
    session: str
    channel: str
    message_id: str
    asked_at: datetime
    question: str
    outcome: str
    reply: Sequence[Mapping[str, Any]] = ()
    masked: Sequence[str] = ()
    understood: str = ""
    guesses: Sequence[Sequence[str]] = ()
    intents: Mapping[str, float] = field(default_factory=dict)
    entities: Sequence[Mapping[str, Any]] = ()
    candidates: Sequence[TurnCandidate] = ()
    answerable: float | None = None
    silence: float | None = None
    aspect: str = ""
    danger: str = ""
    step: str | None = None
    topic: str | None = None
    headline: str = ""
    citations: Sequence[str] = ()
    latency_ms: Mapping[str, float] = field(default_factory=dict)
    model: str = ""
    knowledge: str = ""
    feedback: str | None = None
    feedback_comment: str = ""
    feedback_at: datetime | None = None

    @property
    def intent(self) -> str:
        """The likeliest intent, "" if NLU was not asked."""
        return max(self.intents, key=lambda name: self.intents[name], default="")

    @property
    def confidence(self) -> float | None:
        """The likeliest intent's probability."""
        return max(self.intents.values(), default=None)

    @property
    def margin(self) -> float | None:
        """How far the first candidate is ahead of the second, in probability."""
        if not self.candidates:
            return None
        second = self.candidates[1].probability if len(self.candidates) > 1 else 0.0
        return self.candidates[0].probability - second


def failed_turn_id(session: str, message_id: str) -> str:
    """The answer id of a turn that got no answer: the same for whoever notices first, the channel or the broker."""
    return f"a-{hashlib.sha256(f'{session} {message_id}'.encode()).hexdigest()[:32]}"


def sendable(messages: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A reply's messages without their recipient: what may be stored and sent again."""
    return [{key: value for key, value in message.items() if key != "recipient_id"} for message in messages]
