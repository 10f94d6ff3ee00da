"""What stands in an address or a form, as numbers, days and text that every database takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timezone
from pathlib import Path
from typing import TypeVar

from multidict import MultiDict, MultiMapping

from review.errors import InvalidInput

T = TypeVar("T")


@dataclass(frozen=True)
class Uploaded:
    """A file as it came with a form: what its sender calls it, where it lies for the moment, its size in bytes."""

    name: str
    path: Path
    size: int


MAX_NUMBER = 2**31 - 1  # of PostgreSQL's INTEGER, and so of every id
FIRST_YEAR, LAST_YEAR = 2000, 2200  # the console's days; beyond them, time zones and weeks leave the calendar


def plain(text: str) -> str:
    """Without halves of characters (lone surrogates) and NUL."""
    return text.encode("utf-8", "ignore").decode().replace("\0", "")


def plain_query(query: MultiMapping[str]) -> MultiDict[str]:
    """An address's query, each value `plain`."""
    return MultiDict((name, plain(value)) for name, value in query.items())


def whole_number(text: str) -> int | None:
    """A number that an id, a version or a page may have; None for everything else."""
    if not text.isdecimal() or len(text) > len(str(MAX_NUMBER)):
        return None
    number = int(text)
    return number if number <= MAX_NUMBER else None


def day(text: str) -> date | None:
    """A day as 2026-06-30, None for "". Raises `InvalidInput`."""
    return _read(text, date.fromisoformat, "日期 {text!r} 写成 2026-06-30 这样 / write a date like 2026-06-30")


def month(text: str) -> date | None:
    """The first day of a month as 2026-06, None for "". Raises `InvalidInput`."""
    words = "月份 {text!r} 写成 2026-05 这样 / write a month like 2026-05"
    return _read(text, lambda given: date.fromisoformat(f"{given}-01"), words)


def moment(text: str) -> datetime | None:
    """A moment as 2026-06-30T18:00, with its time zone if one is written. None for "". Raises `InvalidInput`."""
    words = "时间 {text!r} 写成 2026-06-30T18:00 这样 / write a time like 2026-06-30T18:00"
    return _read(text, datetime.fromisoformat, words)


def key_moment(text: str) -> datetime:
    """The moment in an address that a page of ours wrote, so with its time zone. Raises `ValueError`."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None or not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValueError(text)
    return at.astimezone(timezone.utc)


def _read(text: str, read: Callable[[str], T], words: str) -> T | None:
    if not text:
        return None
    try:
        given = read(text)
    except ValueError as error:
        raise InvalidInput(words.format(text=text)) from error
    if isinstance(given, date) and not FIRST_YEAR <= given.year <= LAST_YEAR:
        raise InvalidInput(words.format(text=text))
    return given
