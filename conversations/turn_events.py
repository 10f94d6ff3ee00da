"""From the bot's events to turns and requests.

Events are the JSON objects that Rasa hands its event brokers, in the order in which they happened in each
session. They may come from inside the bot's process or out of a queue: the same code reads both.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timezone
from typing import Any

import msgspec

from conversations.identity import is_session_key, session_key
from conversations.masking import mask
from conversations.requests import StaffRequest
from conversations.turns import Turn, failed_turn_id, sendable
from wire.trace import TRACE, Trace

logger = logging.getLogger(__name__)
RECEIVED_AT = "received_at"  # metadata of a user event: when the channel had the message, seconds since 1970
HANDED_OVER_AT = "handed_over_at"  # when it went to Rasa
STAGES = "stages_ms"  # milliseconds of what the channel did before
REQUEST_SLOT = "handoff_request"
_OF_TURNS = frozenset(each.name for each in fields(Turn))
MAX_OPEN = 10_000  # sessions whose turn has begun and not ended; more means that ends are lost


@dataclass
class _OpenTurn:
    user: Mapping[str, Any]
    bot: list[Mapping[str, Any]] = field(default_factory=list)
    request: Mapping[str, Any] | None = None


class TurnAssembler:
    """Collects each session's events until a turn is whole. Not safe to share between threads."""

    def __init__(self) -> None:
        self._open: dict[str, _OpenTurn] = {}

    def is_open(self, sender: str) -> bool:
        """Whether a turn of this sender has begun and not ended."""
        return sender in self._open

    def feed(self, event: Mapping[str, Any]) -> tuple[Turn | None, StaffRequest | None]:
        """The turn that this event completes, and the request made in it. Both are masked."""
        sender, kind = str(event.get("sender_id") or ""), event.get("event")
        if kind == "user":
            unfinished = self._open.pop(sender, None)
            if len(self._open) >= MAX_OPEN:
                self._open.pop(next(iter(self._open)))
            self._open[sender] = _OpenTurn(event)
            return _whole(unfinished) if unfinished else (None, None)
        current = self._open.get(sender)
        if current is None:
            return None, None
        if kind == "bot":
            current.bot.append(event)
        elif kind == "slot" and event.get("name") == REQUEST_SLOT and isinstance(event.get("value"), dict):
            current.request = event["value"]
        elif kind == "action" and event.get("name") == "action_listen":
            return _whole(self._open.pop(sender))
        return None, None


def _whole(events: _OpenTurn) -> tuple[Turn, StaffRequest | None]:
    turn = _turn(events)
    request = events.request
    if request is None:
        return turn, None
    return turn, StaffRequest(
        reference=str(request["reference"]),
        kind=str(request["kind"]),
        session=turn.session,
        channel=turn.channel,
        text=mask(str(request["text"])).text,
        about=str(request.get("about") or ""),
        topic=turn.topic or "",
        answer_id=turn.id,
        created_at=turn.asked_at,
    )


def _turn(events: _OpenTurn) -> Turn:
    user = events.user
    channel, sender = str(user.get("input_channel") or ""), str(user.get("sender_id") or "")
    session = sender if is_session_key(sender) else session_key(channel, sender)
    message_id = str(user.get("message_id") or "")
    parsed, metadata = user.get("parse_data") or {}, user.get("metadata") or {}
    question = mask(str(user.get("text") or ""))
    custom: Mapping[str, Any] = next((c for b in events.bot if (c := (b.get("data") or {}).get("custom"))), {})
    trace = _trace(events.bot)
    understood = parsed.get("understood") or {}
    heard_at = float(user.get("timestamp") or time.time())
    received_at = float(metadata.get(RECEIVED_AT) or heard_at)
    return Turn(
        id=str(custom.get("answer_id") or failed_turn_id(session, message_id)),
        session=session,
        channel=channel,
        message_id=message_id,
        asked_at=datetime.fromtimestamp(received_at, timezone.utc),
        question=question.text,
        masked=sorted({*question.kinds, *metadata.get("masked", ())}),
        understood=str(understood.get("text") or ""),
        guesses=[list(pair) for pair in understood.get("guesses") or ()],
        intents={i["name"]: round(float(i["confidence"]), 4) for i in parsed.get("intent_ranking") or ()},
        entities=[{k: e.get(k) for k in ("entity", "value", "start", "end")} for e in parsed.get("entities") or ()],
        outcome=str(custom.get("outcome") or "error"),
        danger=str(custom.get("danger") or ""),
        topic=custom.get("topic"),
        headline=str(custom.get("headline") or ""),
        citations=[str(c["commitment_id"]) for c in custom.get("citations") or ()],
        reply=_messages(events.bot) if custom else [],
        latency_ms=_latency(metadata, trace, received_at, heard_at),
        model=str(metadata.get("model_id") or ""),
        **told_by(trace),
    )


def told_by(trace: Trace) -> dict[str, Any]:
    """The fields of a turn that a trace tells: those of the same name."""
    return {name: value for name, value in trace.known().items() if name in _OF_TURNS}


def _trace(bot: Sequence[Mapping[str, Any]]) -> Trace:
    """The first that was told. One that cannot be read is reported and left out: the turn itself is worth more."""
    told: Mapping[str, Any] = next((trace for event in bot if (trace := (event.get("metadata") or {}).get(TRACE))), {})
    try:
        return Trace.of_metadata(told)
    except msgspec.ValidationError:
        logger.exception("the trace of an answer could not be read")
        return Trace()


def _messages(bot: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """As Rasa's collecting channel sends them: the text, in parts where it has empty lines, then the JSON."""
    messages: list[dict[str, Any]] = []
    for event in bot:
        text, data = event.get("text"), event.get("data") or {}
        messages += [{"text": part} for part in str(text).strip().split("\n\n")] if text else []
        messages += [{"custom": data["custom"]}] if data.get("custom") else []
    return sendable(messages)


def _latency(metadata: Mapping[str, Any], trace: Trace, received_at: float, heard_at: float) -> dict[str, float]:
    stages = {**(metadata.get(STAGES) or {})}
    if HANDED_OVER_AT in metadata:
        stages["nlu"] = (heard_at - float(metadata[HANDED_OVER_AT])) * 1000
    stages |= trace.stages_ms
    if RECEIVED_AT in metadata:
        stages["total"] = (time.time() - received_at) * 1000
    return {name: round(float(value), 2) for name, value in stages.items()}
