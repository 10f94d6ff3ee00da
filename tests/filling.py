"""Rows for every table of a schema, whatever the schema is: for what moves, copies or migrates databases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timezone
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, DateTime, Float, Integer, MetaData, String, Table, select
from sqlalchemy.engine import Engine

EARLY = datetime(2026, 1, 1, 8, 30, tzinfo=timezone.utc)
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def fill(engine: Engine, count: int = 3, without: Iterable[str] = ()) -> None:
    """`count` rows for each table that is empty, each column with a value of its own; foreign keys fit."""
    skipped = {"alembic_version", "alembic_version_review", *without}
    with engine.execution_options(sqlite_writes=True).begin() as connection:
        found = MetaData()
        found.reflect(connection)
        for table in found.sorted_tables:
            if table.name in skipped or connection.execute(select(table)).first():
                continue
            connection.execute(table.insert(), [_row(table, number) for number in range(1, count + 1)])


def rows_of(engine: Engine) -> Rows:
    """Table → its rows, in an order of their own."""
    with engine.connect() as connection:
        found = MetaData()
        found.reflect(connection)
        return {
            table.name: sorted(map(dict, connection.execute(select(table)).mappings()), key=repr)
            for table in found.sorted_tables
        }


def _row(table: Table, number: int) -> dict[str, Any]:
    return {column.name: _value(column, number) for column in table.columns}


def _value(column: Column[Any], number: int) -> Any:
    kind = column.type
    moment = EARLY.replace(minute=number)
    given: tuple[tuple[type, Any], ...] = (
        (Boolean, bool(number % 2)),
        (Integer, number),
        (Float, number / 8),
        (DateTime, moment if getattr(kind, "timezone", False) else moment.replace(tzinfo=None)),
        (Date, date(2026, 1, number)),
        (JSON, {"在": [column.name, number]}),
    )
    for sort, value in given:
        if isinstance(kind, sort):
            return value
    assert isinstance(kind, String), kind
    words = f"{number}·{column.name}·文字"
    return words[: kind.length] if kind.length else words
