"""Turns as the bot would log them, for tests that need many kinds at once. The bot's own are made in `tests/journeys/`."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from conversations.turns import Turn
from wire.trace import TurnCandidate

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=timezone.utc)  # noon in Qingpu, a Monday


def turn(number: int, question: str = "养老床位有多少", outcome: str = "answered", **changes: Any) -> Turn:
    """Turn `number`, a minute after the one before, each in a session of its own unless `session` is given."""
    values: dict[str, Any] = {
        "id": f"a-{number:032d}",
        "session": f"s-{number:032d}",
        "channel": "web",
        "message_id": f"m-{number}",
        "asked_at": NOON + timedelta(minutes=number),
        "question": question,
        "outcome": outcome,
        "understood": question,
        "reply": [{"text": f"答复 {number}"}],
        "intents": {"ask_elderly_care": 0.9, "out_of_scope": 0.1},
        "candidates": [TurnCandidate("c-702f53f084", 0.8, {"curated": 1.0}), TurnCandidate("c-other", 0.1)],
        "answerable": 0.9,
        "silence": 0.05,
        "topic": "elderly_care",
        "headline": "养老机构床位总数增加到9500张",
        "citations": ["c-702f53f084"] if outcome == "answered" else [],
        "latency_ms": {"total": 42.0},
    }
    return Turn(**{**values, **changes})
