"""The national count of five-year plans: in which one a plan falls, and which comes after it, by its last year."""

from __future__ import annotations

from dataclasses import dataclass

_FOURTEENTH_BEGINS, YEARS = 2021, 5
_NUMERALS = "零一二三四五六七八九"
_IN_ENGLISH = {15: "15th|fifteenth", 16: "16th|sixteenth", 17: "17th|seventeenth", 18: "18th|eighteenth"}
_FOURTEENTH = 14


@dataclass(frozen=True)
class FiveYears:
    """One five-year plan: its `number`, and its `first` and `last` year."""

    number: int

    @property
    def first(self) -> int:
        """Its first year."""
        return _FOURTEENTH_BEGINS + (self.number - _FOURTEENTH) * YEARS

    @property
    def last(self) -> int:
        """Its last year."""
        return self.first + YEARS - 1

    @property
    def count(self) -> str:
        """Its number in Chinese: 十五."""
        tens, ones = divmod(self.number, 10)
        return ("" if tens == 1 else _NUMERALS[tens]) + "十" + (_NUMERALS[ones] if ones else "")

    @property
    def name(self) -> str:
        """As everybody calls it: 十五五."""
        return f"{self.count}五"

    @property
    def before(self) -> FiveYears:
        """The one that it follows."""
        return FiveYears(self.number - 1)

    @property
    def in_english(self) -> str:
        """Its number in English, in figures and in words, with `|` between them."""
        return _IN_ENGLISH.get(self.number, f"{self.number}th")


NAMES = "|".join(FiveYears(number).name for number in range(12, 19))  # of the plans that texts of today name


def five_years_of(last_year: int | None) -> FiveYears:
    """The one in which a year falls; of an unknown year the fourteenth."""
    return FiveYears(_FOURTEENTH + ((last_year or _FOURTEENTH_BEGINS) - _FOURTEENTH_BEGINS) // YEARS)


def five_years_after(last_year: int | None) -> FiveYears:
    """The first five-year plan that begins after a year; after an unknown one, the one after the fourteenth."""
    years = (last_year or _FOURTEENTH_BEGINS + YEARS - 1) + 1 - _FOURTEENTH_BEGINS
    return FiveYears(_FOURTEENTH + max(1, -(-years // YEARS)))
