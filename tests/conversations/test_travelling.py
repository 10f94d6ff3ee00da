"""What travels from the bot's events to the row and to the exports: every field, and the same bytes as ever."""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import field, fields, make_dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pytest

from conversations import turn_events
from conversations.export import cells_of, write_csv, write_jsonl
from conversations.kept import Kept, kept_fields
from conversations.models import TurnRow, columns_of
from conversations.turn_events import TurnAssembler
from conversations.turn_log import TurnLog, values_of
from conversations.turns import Turn
from wire.trace import Trace

EXPECTED = Path(__file__).parent / "travelled"  # written by the code that spelled out every field at every station
SESSION = "s-" + "0" * 32
# As the action server sends it (tests/actions/test_trace.py holds it to these bytes).
TRACE = json.loads(
    '{"knowledge": "k-1", "stages_ms": {"find": 12.35, "compose": 7.65}, "answerable": 0.912, "silence": 0.05, '
    '"aspect": "phone", "candidates": [{"commitment_id": "c-1", "probability": 0.703, "signals": {"keywords": 3.2}}, '
    '{"commitment_id": "c-2", "probability": 0.2, "signals": {}}]}'
)
ASKED: dict[str, Any] = {
    "event": "user",
    "text": "养老院床位有多少，打13800001234",
    "message_id": "m-1",
    "input_channel": "rest",
    "timestamp": 1795188600.25,
    "metadata": {
        "received_at": 1795188600.0,
        "handed_over_at": 1795188600.125,
        "stages_ms": {"normalise": 1.5},
        "masked": ["name"],
        "model_id": "model-1",
    },
    "parse_data": {
        "understood": {"text": "养老院床位有多少", "guesses": [["yanglao", "养老"]]},
        "intent_ranking": [
            {"name": "ask_elderly_care", "confidence": 0.91239},
            {"name": "ask_housing", "confidence": 0.1},
        ],
        "entities": [{"entity": "audience", "value": "老人", "start": 0, "end": 2, "extractor": "x"}],
    },
}
CUSTOM = {
    "answer_id": "a-1",
    "outcome": "answered",
    "danger": "fire",
    "topic": "elderly_care",
    "headline": "=9500张",
    "citations": [{"commitment_id": "c-1"}, {"commitment_id": "c-2"}],
}
ANSWERED = {
    "event": "bot",
    "text": "一\n\n二",
    "data": {"custom": CUSTOM},
    "metadata": {"trace": TRACE},
}
REFUSED = {
    "event": "bot",
    "text": "好",
    "data": {"custom": {"answer_id": "a-2", "outcome": "chat", "citations": [], "topic": None, "danger": None}},
    "metadata": {"trace": {"knowledge": "k-1", "stages_ms": {"find": 0.0, "compose": 1.0}}},
}
LISTEN = {"event": "action", "name": "action_listen"}


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> list[Turn]:
    """A turn that was answered, one in which nothing was searched, and one that failed, as the broker makes them."""
    monkeypatch.setattr(turn_events.time, "time", lambda: 1795188600.5)
    assembler, made = TurnAssembler(), []
    plain = {**ASKED, "parse_data": None, "metadata": None, "text": "你好"}
    for event in (ASKED, ANSWERED, LISTEN, {**plain, "message_id": "m-2"}, REFUSED, LISTEN):
        turn, _ = assembler.feed({"sender_id": SESSION, **event})
        made += [turn] if turn else []
    assembler.feed({"sender_id": SESSION, **plain, "message_id": "m-3"})
    failed, _ = assembler.feed({"sender_id": SESSION, **LISTEN})
    return [*made, failed]


def _rows(turns: list[Turn], log: TurnLog, path: Path) -> str:
    """The rows as SQLite holds them, one JSON object a line."""
    for turn in turns:
        assert log.record(turn)
    with sqlite3.connect(path) as connection:
        connection.row_factory = sqlite3.Row
        rows = [dict(row) for row in connection.execute("SELECT * FROM turn ORDER BY message_id")]
    connection.close()
    return "".join(f"{json.dumps(row, ensure_ascii=False, sort_keys=True)}\n" for row in rows)


def _exported(write: Any, turns: list[Turn]) -> str:
    out = io.StringIO(newline="")
    assert write(iter(turns), out) == len(turns)
    return out.getvalue()


def _json_of(line: str, names: list[str]) -> str:
    """A line with these fields only, in its own order."""
    return json.dumps({k: v for k, v in json.loads(line).items() if k in names}, ensure_ascii=False)


def _assert_as_ever(name: str, text: str) -> None:
    """Each line has what the kept one has, with the same bytes in the same order; it may have more."""
    for line, kept in zip(text.splitlines(), (EXPECTED / name).read_text(encoding="utf-8").splitlines(), strict=True):
        assert _json_of(line, list(json.loads(kept))) == kept


def test_rows_and_json_lines_are_the_same_bytes_as_ever(turns: list[Turn], log: TurnLog, tmp_path: Path) -> None:
    """The columns as SQLite holds them and the lines of the export, of turns as made and as read back."""
    _assert_as_ever("rows.jsonl", _rows(turns, log, tmp_path / "conversations.sqlite"))
    _assert_as_ever("turns.jsonl", _exported(write_jsonl, turns))
    _assert_as_ever("turns.jsonl", _exported(write_jsonl, [kept for turn in turns if (kept := log.turn(turn.id))]))


def test_csv_is_the_same_bytes_as_ever(turns: list[Turn]) -> None:
    """Byte order mark, places of the cells, ends of the lines; a new cell may only follow them."""
    kept = (EXPECTED / "turns.csv").read_bytes().decode("utf-8")
    first = [
        line.split(",")[: kept.splitlines()[0].count(",") + 1] for line in _exported(write_csv, turns).split("\r\n")
    ]
    assert "\r\n".join(",".join(cells) for cells in first) == kept


def test_every_field_of_a_turn_is_kept_and_documented(turns: list[Turn]) -> None:
    """None is defined and then forgotten: each is a column, written, read back, exported, and explained in the docs."""
    names = {field.name for field in fields(Turn)}
    kept = {field.name for field in kept_fields(Turn)}
    assert names <= kept == {column.name for column in TurnRow.__table__.columns} == set(values_of(turns[0]))
    assert names <= json.loads(_exported(write_jsonl, turns).splitlines()[0]).keys()
    documented = Path("docs/conversations.md").read_text(encoding="utf-8")
    assert [name for name in sorted(kept) if f"`{name}`" not in documented] == []


def test_places_in_the_csv_are_given_once_and_without_gaps() -> None:
    """Two fields at one place would hide one of them."""
    places = sorted(field.kept.cell for field in kept_fields(Turn) if field.kept.cell is not None)
    assert places == list(range(1, len(places) + 1))


def test_a_field_that_is_added_arrives_in_row_and_export() -> None:
    """One line in the definition is enough: type, length and nullability of the column, and the place in a line."""
    added = [
        ("new", Annotated[str | None, Kept(16, cell=99)], field(default=None)),
        ("seen", Annotated[Sequence[str], Kept(before="[]")], field(default=())),
    ]
    wider = make_dataclass("Wider", added, bases=(Turn,), frozen=True)
    columns = {column.name: column for column in columns_of(wider)}
    assert (str(columns["new"].type), columns["new"].nullable) == ("VARCHAR(16)", True)
    assert (str(columns["seen"].type), columns["seen"].nullable) == ("JSON", False)
    assert columns["seen"].server_default.arg == "[]"
    assert cells_of(wider) == (*cells_of(Turn), "new")


def test_a_library_s_own_text_and_numbers_are_logged_as_plain_ones(turns: list[Turn]) -> None:
    """NLU names intents in NumPy's texts; what is neither text nor number is refused by its type."""
    named = replace(
        turns[0], intents={np.str_("ask_housing"): 0.5}, understood=np.str_("公租房"), silence=np.float64(0.25)
    )
    values = values_of(named)
    assert (values["intents"], values["understood"], values["silence"]) == ({"ask_housing": 0.5}, "公租房", 0.25)
    assert [type(values[name]) for name in ("understood", "silence")] == [str, float]
    with pytest.raises(TypeError, match="object"):
        values_of(replace(named, aspect=object()))


def test_nlu_s_names_reach_the_log_as_plain_text() -> None:
    """As Rasa hands its ranking over in the same process."""
    ranking = [{"name": np.str_("ask_housing"), "confidence": np.float64(0.9)}]
    asked = {**ASKED, "parse_data": {**ASKED["parse_data"], "intent_ranking": ranking}}
    assembler, made = TurnAssembler(), []
    for event in (asked, ANSWERED, LISTEN):
        turn, _ = assembler.feed({"sender_id": SESSION, **event})
        made += [turn] if turn else []
    assert values_of(made[0])["intents"] == {"ask_housing": 0.9}


def test_what_the_trace_tells_is_logged_by_its_name(turns: list[Turn]) -> None:
    """Every field of a trace but the stages, which join the others' milliseconds, is a field of a turn and arrives."""
    told = Trace.of_metadata(TRACE).known()  # of an action server that named no step yet; test_turn_events.py has one
    assert {field.name for field in fields(Trace)} == {*told, "step"}
    stages = told.pop("stages_ms")
    assert {name: getattr(turns[0], name) for name in told} == told
    assert stages.items() <= turns[0].latency_ms.items()


def test_a_trace_of_another_version_is_read_as_far_as_it_goes() -> None:
    """Bot and action server may be of two versions while one is being replaced."""
    assert Trace.of_metadata({"knowledge": "k", "of_tomorrow": 1}) == Trace("k")


def test_a_trace_that_cannot_be_read_costs_no_turn(caplog: pytest.LogCaptureFixture) -> None:
    """The words and the answer are logged without it, and the failure is reported with the field that was wrong."""
    assembler = TurnAssembler()
    strange = {**ANSWERED, "metadata": {"trace": {"answerable": "很可能"}}}
    turn = [assembler.feed({"sender_id": SESSION, **event})[0] for event in (ASKED, strange, LISTEN)][-1]
    assert turn and (turn.id, turn.answerable, turn.knowledge) == ("a-1", None, "")
    assert "answerable" in caplog.text
