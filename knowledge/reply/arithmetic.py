"""Sums and differences of numbers that passages give, for residents who ask for them: never a number without its terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.catalogue.commitments import Commitment
from knowledge.document.figures import Figure, format_value
from knowledge.document.plan_text import squash
from knowledge.reply.headline import headline_for

_NOT_COUNTED = ("%", "个百分点", "倍", "岁", "次", "Mbps")  # shares, rates and ages: their sum is of nothing
_TEN_THOUSAND = "万"


@dataclass(frozen=True)
class Calculation:
    """Figures, and what becomes of them in `unit`: `9500 + 480 = 9980 张`."""

    figures: tuple[Figure, ...]
    result: float
    unit: str
    is_difference: bool

    @property
    def formula(self) -> str:
        """The terms, the result and the unit in one line."""
        values = [format_value(_in_unit(figure, self.unit)) for figure in self.figures]
        if self.is_difference:
            values.sort(key=float, reverse=True)
        return f"{(' − ' if self.is_difference else ' + ').join(values)} = {format_value(self.result)} {self.unit}"


def figure_asked_of(commitment: Commitment, question: str) -> Figure | None:
    """The number in the headline that a question is answered with, the latest year's of several; None if it has none."""
    headline = squash(headline_for(commitment, question))
    there = [f for f in commitment.figures if not isinstance(f.value, str) and f.printed_value + f.unit in headline]
    return max(there, key=lambda figure: figure.year or 0, default=None)


def calculation(figures: Sequence[Figure], *, is_difference: bool) -> Calculation | None:
    """The sum, or the difference of two; None where the numbers are not of one kind, or are no amounts."""
    written = {figure.unit for figure in figures}
    kinds = {unit.removeprefix(_TEN_THOUSAND) for unit in written}
    unit = figures[0].unit if len(written) == 1 else figures[0].unit.removeprefix(_TEN_THOUSAND)
    if len(kinds) > 1 or "/" in unit or unit in _NOT_COUNTED or (is_difference and len(figures) != 2):
        return None
    values = [_in_unit(figure, unit) for figure in figures]
    result = abs(values[0] - values[1]) if is_difference else sum(values)
    return Calculation(tuple(figures), round(result, 6), unit, is_difference)


def _in_unit(figure: Figure, unit: str) -> float:
    value = figure.value if figure.unit == unit else figure.amount
    assert not isinstance(value, str)
    return value
