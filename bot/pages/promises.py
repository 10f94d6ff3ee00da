"""The list of commitments: by topic, with target, baseline and page, filtered, and the chart of its numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from bot.pages.library import Library
from bot.pages.looked_for import all_stand, words_of
from bot.pages.reader import NO_PLAIN_WORDS, plain_of
from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.topics import AREA_NAMES, FOUR_TOPICS
from knowledge.document.figures import Figure
from knowledge.document.plan_text import squash, tidy
from knowledge.reply.headline import amount_of, headline_for
from knowledge.reply.shown import shown_headline

KIND_NAMES = {
    "target": "目标",
    "indicator": "主要指标",
    "action": "举措",
    "baseline": "2020 年现状",
    "definition": "名词解释",
}
CONDITIONS = {  # of the filter, by the field of its form: what it is called, and the value that leaves it open
    "q": ("包含的字", ""),
    "place": ("街镇", ""),
    "numbers": ("只看有数字的", ""),
    "kind": ("种类", ""),
    "topic": ("主题", "all"),
}
PROMISES = ("target", "indicator", "action")  # what is shown unless another kind is asked for


@dataclass(frozen=True)
class Wanted:
    """The filter. Empty strings leave a field open; `topic` `all` shows every topic, empty the four."""

    topic: str = ""
    kind: str = ""
    place: str = ""
    words: tuple[str, ...] = ()
    numbers_only: bool = False
    near: bool = False  # words count also where they are written out

    @classmethod
    def read(cls, arguments: Mapping[str, str], places: Iterable[str]) -> Wanted:
        """From a query string; what is not on offer is left out."""
        topic, kind, place = (arguments.get(name, "") for name in ("topic", "kind", "place"))
        return cls(
            topic=topic if topic == "all" or topic in AREA_NAMES else "",
            kind=kind if kind in KIND_NAMES else "",
            place=place if place in places else "",
            words=words_of(arguments.get("q", "")),
            numbers_only=arguments.get("numbers") == "1",
        )

    def lets_through(self, commitment: Commitment) -> bool:
        """Whether a commitment is shown."""
        text = f"{commitment.title} {' '.join(commitment.terms)} {tidy(commitment.quote)}"
        return (
            (self.topic == "all" or commitment.area in ((self.topic,) if self.topic else FOUR_TOPICS))
            and (commitment.kind == self.kind if self.kind else commitment.kind in PROMISES)
            and (not self.place or self.place in commitment.places)
            and all_stand(text, self.words, near=self.near)
            and (not self.numbers_only or bool(_own(commitment)))
        )


@dataclass(frozen=True)
class Looser:
    """The filter without one of its conditions: which, the arguments that are left, and how many commitments that shows."""

    name: str
    arguments: Mapping[str, str]
    count: int


def as_found(library: Library, wanted: Wanted) -> tuple[Wanted, int]:
    """The filter by which something is found, and how much: its words as they are, else also where they are written out."""
    for tried in (wanted, replace(wanted, near=True)):
        count = sum(map(tried.lets_through, library.stored.commitments))
        if count or not wanted.words:
            return tried, count
    return wanted, 0


def looser(library: Library, arguments: Mapping[str, str], places: Iterable[str]) -> list[Looser]:
    """Which single condition to drop so that something is shown, most first; empty where no single one helps.

    Words that nothing holds are worth dropping only where something else was asked for: without them all is shown.
    """
    found = []
    for field, (name, open_value) in CONDITIONS.items():
        if arguments.get(field, "") != open_value:
            left = {**arguments, field: open_value}
            if field == "q" and not any(
                left.get(each, "") not in ("", value) for each, (_, value) in CONDITIONS.items()
            ):
                continue
            _, count = as_found(library, Wanted.read(left, places))
            found.append(Looser(name, {key: value for key, value in left.items() if value}, count))
    return sorted((one for one in found if one.count), key=lambda one: -one.count)


@dataclass(frozen=True)
class Number:
    """A figure as printed, with its baseline, and the lengths of both bars in percent (None where no scale is fair)."""

    label: str
    text: str
    year: int | None
    old_text: str
    old_year: int | None
    bar: float | None
    old_bar: float | None


@dataclass(frozen=True)
class ListedCommitment:
    """One commitment of the list; `plain` is staff's line in plain words, or ""."""

    identity: str
    title: str
    headline: str
    plain: str
    kind: str
    numbers: tuple[Number, ...]
    page: int


@dataclass(frozen=True)
class Topic:
    """The commitments of one topic."""

    area: str
    name: str
    rows: tuple[ListedCommitment, ...]


def topics_of(library: Library, wanted: Wanted, plain: Mapping[str, str] = NO_PLAIN_WORDS) -> list[Topic]:
    """What the filter lets through, topic by topic, each in the plan's order. `plain`: as `reader.plain_of`."""
    order, period = list(AREA_NAMES), library.stored.meta.get("period")
    first_year = period[0] if period else None
    shown = sorted(
        filter(wanted.lets_through, library.stored.commitments),
        key=lambda c: order.index(c.area) if c.area in order else len(order),
    )
    return [
        Topic(area, AREA_NAMES.get(area, area), tuple(_row(commitment, first_year, plain) for commitment in group))
        for area, group in groupby(shown, key=lambda c: c.area)
    ]


def chart_of(topics: Sequence[Topic]) -> list[Number]:
    """The numbers of the list that can be drawn: those with a baseline, and shares of a hundred; each once."""
    drawn: dict[tuple[str, str], Number] = {}
    for topic in topics:
        for row in topic.rows:
            for number in row.numbers:
                if number.bar is not None:
                    drawn.setdefault((number.label, number.text), number)
    return list(drawn.values())


def _row(commitment: Commitment, first_year: int | None, plain: Mapping[str, str]) -> ListedCommitment:
    numbers = tuple(_number(commitment, position) for position in _own(commitment))
    title = commitment.title or tidy(commitment.headline)[:16]
    headline = shown_headline(commitment, headline_for(commitment, ""), first_year)
    return ListedCommitment(
        commitment.id,
        title,
        headline,
        plain_of(commitment, plain),
        KIND_NAMES[commitment.kind],
        numbers,
        commitment.passage.page,
    )


def _own(commitment: Commitment) -> list[int]:
    """Which figures of the sentence stand in the commitment's own run of it; the others belong to its neighbours."""
    run = squash(commitment.headline)
    return [position for position, figure in enumerate(commitment.figures) if figure.printed_value in run]


def _number(commitment: Commitment, position: int) -> Number:
    figure = commitment.figures[position]
    old = next((old for at, _, old in commitment.baselines if at == position), None)
    bar, old_bar = _bars(figure, old)
    return Number(
        label=figure.label or commitment.title,
        text=_printed(figure),
        year=figure.year,
        old_text=_printed(old) if old else "",
        old_year=old.year if old else None,
        bar=bar,
        old_bar=old_bar,
    )


def _printed(figure: Figure) -> str:
    qualifier = figure.qualifier if figure.qualifier not in ("占比",) else ""
    after = qualifier in ("左右", "以上", "以下", "以内", "余", "多")
    value = amount_of(figure)
    return f"{value}{qualifier}" if after else f"{qualifier}{value}"


def _bars(figure: Figure, old: Figure | None) -> tuple[float | None, float | None]:
    """Percent of the full length. Shares fill a hundred; other units are drawn only against their own baseline."""
    new = figure.value
    if isinstance(new, str) or new < 0:
        return None, None
    past = old.value if old and not isinstance(old.value, str) else None
    if figure.unit in ("%", "％") and new <= 100:
        return float(new), float(past) if past is not None else None
    if past is None:
        return None, None
    whole = max(new, past) or 1
    return round(100 * new / whole, 1), round(100 * past / whole, 1)
