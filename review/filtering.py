"""What a page's address asks for, checked field by field: what cannot be is told and left out, the rest holds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from review.errors import InvalidInput
from review.language import translator
from review.typed import FIRST_YEAR, LAST_YEAR, day, month, whole_number

MAX_TOLD_CHARS, MOST_TOLD = 40, 30  # of a wrong value, and of what is allowed
SENTENCES: Mapping[str, str] = {
    "choice": "“{label}”不能是“{value}”。可以选：{allowed}。",
    "unknown": "“{label}”里没有“{value}”，请从表单里选。",
    "long": "“{label}”最多 {most} 个字，这里有 {count} 个，请缩短。",
    "day": "“{label}”的“{value}”不是一个日期，写成 2026-06-30 这样。",
    "month": "“{label}”的“{value}”不是一个月份，写成 2026-05 这样。",
    "range": "“{label}”的“{value}”要在 {first} 到 {last} 之间。",
    "order": "“{label}”（{value}）比“{other}”（{end}）晚，请换过来。",
    "period": "从 {value} 到 {end} 有 {count} 天，一次最多看 {most} 天，请缩短。",
    "number": "“{label}”不能是“{value}”，要是一个数字，请从页面上点。",
    "page": "没有第 {value} 页，只有 {most} 页，下面是第 1 页。",
    "place": "“{label}”的“{value}”不是这个列表里的一页，请从第一页翻起。",
}


@dataclass(frozen=True)
class Fault:
    """What is wrong with a field: a sentence of `SENTENCES`, what stands in its gaps, and whose names are Chinese words."""

    name: str
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)
    names: Sequence[str] = ()

    def told(self, language: str) -> str:
        """In the reader's language."""
        say = translator(language)
        values = {
            **self.values,
            **{name: say(str(self.values[name])) for name in ("label", "other") if name in self.values},
        }
        values["allowed"] = (", " if language == "en" else "、").join(map(say, self.names))
        return say(SENTENCES[self.sentence]).format(**values)

    @property
    def error(self) -> InvalidInput:
        """The same where no page can be shown beside it."""
        return InvalidInput(f"{self.told('zh')} / {self.told('en')}")


Check = Callable[[str], Fault | None]


@dataclass(frozen=True)
class Field:
    """A field of a filter; `check` says what is wrong with a value that is not empty."""

    name: str
    check: Check


@dataclass(frozen=True)
class TakenQuery:
    """What holds of an address's query, and what is wrong with the rest of it."""

    query: Mapping[str, str]
    faults: Sequence[Fault] = ()

    def without(self, *faults: Fault) -> TakenQuery:
        """Without these fields, each of which has something wrong."""
        names = {fault.name for fault in faults}
        return TakenQuery({k: v for k, v in self.query.items() if k not in names}, (*self.faults, *faults))

    def told(self, language: str) -> list[str]:
        """The faults as sentences."""
        return [fault.told(language) for fault in self.faults]


def asked(query: Mapping[str, str], fields: Iterable[Field]) -> TakenQuery:
    """A query as far as it can be taken; other names in it are left alone, empty ones left out."""
    given = {name: value.strip() for name, value in query.items() if value.strip()}
    faults = [fault for each in fields if each.name in given for fault in [each.check(given[each.name])] if fault]
    return TakenQuery(given).without(*faults)


def strictly(query: Mapping[str, str], fields: Iterable[Field]) -> Mapping[str, str]:
    """A query all of which can be taken: for files, which have no place for messages. Raises `InvalidInput`."""
    found = asked(query, fields)
    if found.faults:
        raise found.faults[0].error
    return found.query


def choice(name: str, label: str, values: Mapping[str, str]) -> Field:
    """One of some values, each with its Chinese name."""

    def check(value: str) -> Fault | None:
        told = {"label": label, "value": shortened(value)}
        return (
            None if value in values else Fault(name, "choice", told, tuple(dict.fromkeys(values.values()))[:MOST_TOLD])
        )

    return Field(name, check)


def known(name: str, label: str, is_known: Collection[str] | Callable[[str], bool]) -> Field:
    """Something that is there now: a channel, a tag, a person."""
    holds = is_known if callable(is_known) else is_known.__contains__
    return Field(
        name,
        lambda value: None if holds(value) else Fault(name, "unknown", {"label": label, "value": shortened(value)}),
    )


def text(name: str, label: str, most: int) -> Field:
    """Words to look for."""

    def check(value: str) -> Fault | None:
        return Fault(name, "long", {"label": label, "most": most, "count": len(value)}) if len(value) > most else None

    return Field(name, check)


def a_day(name: str, label: str) -> Field:
    """A day as 2026-06-30."""
    return Field(name, lambda value: _dated(name, label, value, "day", day, "-01-01", "-12-31"))


def a_month(name: str, label: str) -> Field:
    """A month as 2026-05."""
    return Field(name, lambda value: _dated(name, label, value, "month", month, "-01", "-12"))


def number(name: str, label: str) -> Field:
    """A number that a page wrote: of an entry, of a page."""

    def check(value: str) -> Fault | None:
        return (
            None
            if whole_number(value) is not None
            else Fault(name, "number", {"label": label, "value": shortened(value)})
        )

    return Field(name, check)


def in_order(found: TakenQuery, first: tuple[str, str], last: tuple[str, str]) -> TakenQuery:
    """Without both of two days, each given as (field, label), where the first is after the last."""
    start, end = found.query.get(first[0], ""), found.query.get(last[0], "")
    if not start or not end or start <= end:
        return found
    told = {"label": first[1], "value": start, "other": last[1], "end": end}
    wrong = found.without(Fault(first[0], "order", told))
    return TakenQuery({k: v for k, v in wrong.query.items() if k != last[0]}, wrong.faults)


def out_of_place(query: Mapping[str, str], name: str) -> TakenQuery:
    """A query without the key of a page that is none."""
    told = {"label": "翻页", "value": shortened(query.get(name, ""))}
    return TakenQuery(query).without(Fault(name, "place", told))


def shortened(value: str) -> str:
    """A wrong value as a message repeats it."""
    return value if len(value) <= MAX_TOLD_CHARS else value[:MAX_TOLD_CHARS] + "…"


def _dated(
    name: str, label: str, value: str, kind: str, read: Callable[[str], date | None], start: str, end: str
) -> Fault | None:
    told: dict[str, object] = {"label": label, "value": shortened(value)}
    try:
        read(value)
    except InvalidInput:
        try:
            date.fromisoformat(value if kind == "day" else f"{value}-01")
        except ValueError:
            return Fault(name, kind, told)
        return Fault(name, "range", {**told, "first": f"{FIRST_YEAR}{start}", "last": f"{LAST_YEAR}{end}"})
    return None
