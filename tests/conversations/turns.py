"""Turns to test with."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from conversations.turns import Turn
from wire.trace import TurnCandidate

_numbers = itertools.count(1)
EXAMPLE = Turn(
    id="a-0",
    session="s-0",
    channel="rest",
    message_id="m-0",
    asked_at=datetime(2026, 11, 20, 15, 30, tzinfo=timezone.utc),
    question="养老院床位有多少，我是〔姓名〕",
    outcome="answered",
    reply=[{"text": "到2025年……"}, {"custom": {"answer_id": "a-0", "outcome": "answered"}}],
    masked=["name"],
    understood="养老院床位有多少",
    guesses=[["yanglao", "养老"]],
    intents={"ask_elderly_care": 0.9, "ask_housing": 0.1},
    entities=[{"entity": "audience", "value": "老人", "start": 0, "end": 2}],
    candidates=[TurnCandidate("c-1", 0.7, {"keywords": 3.2}), TurnCandidate("c-2", 0.2, {})],
    answerable=0.93,
    silence=0.05,
    topic="elderly_care",
    headline="到2025年养老机构床位达到9500张",
    citations=["c-1", "c-2"],
    latency_ms={"nlu": 12.5, "total": 40.0},
    model="m",
    knowledge="k",
)


def turn(**changes: Any) -> Turn:
    """A new turn, like the example but for what is given."""
    number = next(_numbers)
    return replace(EXAMPLE, **{"id": f"a-{number}", "message_id": f"m-{number}", **changes})
