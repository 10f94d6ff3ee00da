"""How each field of a turn is kept in the log: said once, beside the field, for the table and for the exports.

A field is annotated with `Kept`, and so is what a property gives that has a column of its own. `models.TurnRow` gets its
columns from here, `turn_log` what it writes, `export` the cells of a line.
"""

from __future__ import annotations

import typing
from dataclasses import dataclass
from types import NoneType
from typing import Any


@dataclass(frozen=True)
class Kept:
    """How a field is kept.

    `characters` is the most that a text may have, None for any number. `cell` is its place in a line of the CSV,
    counted from 1, None if it is not there: a new one goes to the end, spreadsheets know the others by their place.
    `before` is what rows have that were written before there was the column (then the migration says it, too).
    """

    characters: int | None = None
    cell: int | None = None
    before: str | None = None


@dataclass(frozen=True)
class KeptField:
    """A field with its type (without None), whether it may be None, and how it is kept."""

    name: str
    type: Any
    optional: bool
    kept: Kept


def kept_fields(of: type) -> tuple[KeptField, ...]:
    """What a dataclass keeps: its annotated fields in their order, then its annotated properties."""
    hints = typing.get_type_hints(of, include_extras=True)
    properties = {k: v for base in reversed(of.__mro__) for k, v in vars(base).items() if isinstance(v, property)}
    for name, each in properties.items():
        hints[name] = typing.get_type_hints(each.fget, include_extras=True)["return"]
    return tuple(_field(name, hint) for name, hint in hints.items() if typing.get_origin(hint) is typing.Annotated)


def _field(name: str, hint: Any) -> KeptField:
    whole, kept = typing.get_args(hint)
    alternatives = typing.get_args(whole) if NoneType in typing.get_args(whole) else (whole,)
    (only,) = (each for each in alternatives if each is not NoneType)
    return KeptField(name, only, len(alternatives) > 1, kept)
