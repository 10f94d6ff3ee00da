"""From events to turns."""

from __future__ import annotations

from typing import Any

from conversations.identity import session_key
from conversations.turn_events import TurnAssembler
from conversations.turns import failed_turn_id

CUSTOM = {
    "answer_id": "a-1",
    "outcome": "answered",
    "topic": "housing",
    "headline": "要点",
    "citations": [{"commitment_id": "c-1"}],
}
LISTEN = {"event": "action", "name": "action_listen"}


def feed(assembler: TurnAssembler, *events: dict[str, Any], sender: str = "s-" + "0" * 32) -> list[Any]:
    """What the events complete."""
    return [whole for event in events if (whole := assembler.feed({"sender_id": sender, **event}))[0]]


def asked(text: str = "问", message_id: str = "m", **more: Any) -> dict[str, Any]:
    """A user event."""
    return {"event": "user", "text": text, "message_id": message_id, "input_channel": "rest", "timestamp": 1e9, **more}


def test_a_channel_that_forgets_leaves_nothing_personal() -> None:
    """A raw sender is hashed, a raw text and a raw request are masked: the broker does both again."""
    request = {"reference": "QP1", "kind": "handoff", "text": "打13800001234", "about": None}
    events = [
        asked("打13800001234"),
        {"event": "bot", "text": "好", "data": {"custom": {**CUSTOM, "outcome": "handoff"}}},
        {"event": "slot", "name": "handoff_request", "value": request},
        LISTEN,
    ]
    ((turn, made),) = feed(TurnAssembler(), *events, sender="oOPENID")
    assert turn.session == made.session == session_key("rest", "oOPENID")
    assert turn.question == made.text == "打〔手机号〕" and turn.masked == ["mobile"]
    assert (made.answer_id, made.topic, made.channel) == ("a-1", "housing", "rest")


def test_a_turn_without_an_answer_is_an_error_under_a_name_that_others_know() -> None:
    """The action server was down: no reply, and the id that the channel will use for its apology."""
    ((turn, request),) = feed(TurnAssembler(), asked(), {"event": "action", "name": "action_answer"}, LISTEN)
    assert (turn.outcome, turn.reply, request) == ("error", [], None)
    assert turn.id == failed_turn_id(turn.session, "m")


def test_a_turn_tells_which_step_of_the_dialogue_spoke() -> None:
    """As the trace names it; a turn that the dialogue never saw, or failed in, has none."""
    spoken = {"event": "bot", "text": "好", "data": {"custom": CUSTOM}, "metadata": {"trace": {"step": "next_object"}}}
    failed = {"event": "bot", "text": "好", "data": {"custom": CUSTOM}, "metadata": {"trace": {"knowledge": "k"}}}
    events = (asked(), spoken, LISTEN, asked(), failed, LISTEN, asked(), LISTEN)
    assert [turn.step for turn, _ in feed(TurnAssembler(), *events)] == ["next_object", None, None]


def test_a_turn_that_never_ended_is_written_when_the_next_begins() -> None:
    """Nothing that was asked is forgotten, and the next turn is not mixed with it."""
    bot = {"event": "bot", "text": "一\n\n二", "data": {"custom": CUSTOM}}
    first, second = feed(TurnAssembler(), asked("一", "m1"), bot, asked("二", "m2"), LISTEN)
    assert first[0].question == "一" and first[0].reply == [{"text": "一"}, {"text": "二"}, {"custom": CUSTOM}]
    assert second[0].question == "二" and second[0].outcome == "error"


def test_sessions_do_not_mix() -> None:
    """Events of two sessions that alternate make two turns."""
    assembler = TurnAssembler()
    feed(assembler, asked("甲"), sender="a")
    feed(assembler, asked("乙"), sender="b")
    ((turn, _),) = feed(assembler, LISTEN, sender="a")
    assert turn.question == "甲" and assembler.is_open("b") and not assembler.is_open("a")


def test_events_outside_a_turn_say_nothing() -> None:
    """The start of a session, slots, an answer that nobody asked for."""
    events = [
        {"event": "session_started"},
        {"event": "slot", "name": "conversation", "value": {}},
        {"event": "bot"},
        LISTEN,
    ]
    assert feed(TurnAssembler(), *events) == []


def test_strange_events_do_no_harm() -> None:
    """Missing fields and other types are read as far as they go."""
    ((turn, _),) = feed(TurnAssembler(), {"event": "user"}, {"event": "bot", "metadata": None, "data": None}, LISTEN)
    assert turn.question == "" and turn.outcome == "error"
