"""One turn as data: what was asked, what was made of it, what was answered."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from conversations.kept import Kept
from wire.trace import TurnCandidate

PAUSED = "paused"  # in place of a step of the dialogue: staff had turned answering off, and the notice spoke
LOOKED_UP = "looked_up"  # the same: how a request for staff stands was told, without the dialogue


@dataclass(frozen=True)
class Turn:
    """One question and its reply (一问一答), masked: the one definition of the log's row and of what is exported.

    `id` is the answer's id; `session` a `session_key`; `message_id` unique within the session; `asked_at` has
    a time zone. `question` has placeholders for personal data, `masked` says which kinds. `understood` is the
    normalised question, `guesses` are (typed, taken for). `intents` is NLU's whole view. `candidates` are best
    first, `answerable`, `silence` and `aspect` as in `knowledge.search.finding.Finding`; None and empty where nothing was
    searched. `danger` is the kind of danger that was noticed, "" for none. `step` names the step of the dialogue that
    spoke, `PAUSED` where a notice and `LOOKED_UP` where the book of requests spoke instead, None where neither did. `citations` are commitments' ids, most relevant first. `reply` holds the messages as
    sent, without recipient. `latency_ms` has a number for each stage that could be measured: `normalise`, `encode`, `nlu`,
    `find`, `compose`, `total`. `model` and `knowledge` name the versions that answered.
    """

    id: Annotated[str, Kept(40, cell=1)]
    session: Annotated[str, Kept(64, cell=4)]
    channel: Annotated[str, Kept(32, cell=3)]
    message_id: Annotated[str, Kept(64)]
    asked_at: Annotated[datetime, Kept(cell=2)]
    question: Annotated[str, Kept(cell=5)]
    outcome: Annotated[str, Kept(16, cell=9)]
    reply: Annotated[Sequence[Mapping[str, Any]], Kept()] = ()
    masked: Annotated[Sequence[str], Kept()] = ()
    understood: Annotated[str, Kept(cell=6)] = ""
    guesses: Annotated[Sequence[Sequence[str]], Kept()] = ()
    intents: Annotated[Mapping[str, float], Kept()] = field(default_factory=dict)
    entities: Annotated[Sequence[Mapping[str, Any]], Kept()] = ()
    candidates: Annotated[Sequence[TurnCandidate], Kept()] = ()
    answerable: Annotated[float | None, Kept(cell=14)] = None
    silence: Annotated[float | None, Kept(cell=15)] = None
    aspect: Annotated[str, Kept(32)] = ""
    danger: Annotated[str, Kept(32, cell=10, before="")] = ""
    step: Annotated[str | None, Kept(32, cell=22)] = None
    topic: Annotated[str | None, Kept(32, cell=11)] = None
    headline: Annotated[str, Kept(cell=12)] = ""
    citations: Annotated[Sequence[str], Kept(cell=13)] = ()
    latency_ms: Annotated[Mapping[str, float], Kept()] = field(default_factory=dict)
    model: Annotated[str, Kept(64, cell=20)] = ""
    knowledge: Annotated[str, Kept(64, cell=21)] = ""
    feedback: Annotated[str | None, Kept(8, cell=17)] = None
    feedback_comment: Annotated[str, Kept(cell=18)] = ""
    feedback_at: Annotated[datetime | None, Kept()] = None

    @property
    def intent(self) -> Annotated[str, Kept(64, cell=7)]:
        """The likeliest intent, "" if NLU was not asked."""
        return max(self.intents, key=lambda name: self.intents[name], default="")

    @property
    def confidence(self) -> Annotated[float | None, Kept(cell=8)]:
        """The likeliest intent's probability."""
        return max(self.intents.values(), default=None)

    @property
    def margin(self) -> Annotated[float | None, Kept(cell=16)]:
        """How far the first candidate is ahead of the second, in probability."""
        if not self.candidates:
            return None
        second = self.candidates[1].probability if len(self.candidates) > 1 else 0.0
        return self.candidates[0].probability - second

    @property
    def commitment_id(self) -> Annotated[str | None, Kept(32)]:
        """The commitment that was cited first."""
        return self.citations[0] if self.citations else None

    @property
    def total_ms(self) -> Annotated[float | None, Kept(cell=19)]:
        """From the message's arrival to the row."""
        return self.latency_ms.get("total")


def failed_turn_id(session: str, message_id: str) -> str:
    """The answer id of a turn that got no answer: the same for whoever notices first, the channel or the broker."""
    return f"a-{hashlib.sha256(f'{session} {message_id}'.encode()).hexdigest()[:32]}"


def sendable(messages: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A reply's messages without their recipient: what may be stored and sent again."""
    return [{key: value for key, value in message.items() if key != "recipient_id"} for message in messages]
