"""Years and amounts of an English question: no measure word and no 年 tells them apart, so a number from 1990 to 2059 is a year."""

from __future__ import annotations

import re

FIRST_YEAR, LAST_YEAR = 1990, 2059
_NUMBER = re.compile(r"(?<![\d.])(\d{1,3}(?:[,，]\d{3})+|\d+(?:\.\d+)?)(?:\s?(thousand|million|billion))?\b")
_TIMES = {"thousand": 1e3, "million": 1e6, "billion": 1e9}


def english_numbers(text: str) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """The years, and the other numbers: 「9,500 beds by 2025」 → (2025,), (9500,)."""
    years, amounts = [], []
    for digits, times in _NUMBER.findall(text):
        value = float(re.sub("[,，]", "", digits)) * _TIMES.get(times, 1.0)
        if digits.isdigit() and len(digits) == 4 and FIRST_YEAR <= value <= LAST_YEAR:
            years.append(int(value))
        else:
            amounts.append(value)
    return tuple(years), tuple(amounts)
