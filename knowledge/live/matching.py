"""Which published question a resident's question is: the same words, or nearly the same, asking for the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass




from knowledge.live.corrections import Link, LiveCorrections, Pointer, today
from knowledge.normalise import Normalizer
from knowledge.question import Question, read_question

CLOSE = 0.97
_ASKING_WHETHER = re.compile(r"有没有|是不是|会不会|能不能|可不可以|要不要|好不好|行不行|是否|不少于|不低于")
_NEGATED = re.compile(r"[不没未无非别勿]")


def same_demands(one: Question, other: Question) -> bool:
    """Whether two questions ask for the same of their subject: aspects, places, years, numbers, and whether negated."""
    return (
        one.asks == other.asks
        and set(one.places) == set(other.places)
        and set(one.years) == set(other.years)
        and set(one.numbers) == set(other.numbers)
        and _is_negated(one.text) == _is_negated(other.text)
    )


def _is_negated(text: str) -> bool:
    return bool(_NEGATED.search(_ASKING_WHETHER.sub("", text)))
