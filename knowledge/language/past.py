"""Words by which residents ask how it was before the plan: one list, and what is added where a turn is read in its own way.

A question of its own may say 本来, 基数 or 如今 of anything (「公积金基数几月调」, 「如今年纪大了」), and a turn that leans on the
last answer may name a thing that holds 基础, 已经 or 现状 (「基础教育呢」): such words are told by the other reader alone.
"""

from __future__ import annotations

import re
from functools import lru_cache

from knowledge.language.five_years import five_years_of

Period = tuple[int, int]  # the first and the last year of a plan
FOURTEENTH: Period = (2021, 2025)  # of a plan that does not say


def _times(period: Period) -> str:
    before = five_years_of(period[1]).before.name
    return (
        f"原来|原先|以前|之前|过去|{period[0] - 1}|{before}|起初|前五年|前面五年|前几年|上一个五年|上个五年|现在|目前"
    )


@lru_cache(maxsize=16)
def past_of_a_question(period: Period) -> re.Pattern[str]:
    """How it was before a plan for these years, and what was done so far."""
    return re.compile(f"{_times(period)}|已经|现状|基础|至今|截至|这几年")


@lru_cache(maxsize=16)
def past_of_a_leaning_turn(period: Period) -> re.Pattern[str]:
    """「原来呢」, 「那时候多少」, after an answer from a plan for these years."""
    return re.compile(f"{_times(period)}|本来|基数|当时|那时|眼下|如今")
