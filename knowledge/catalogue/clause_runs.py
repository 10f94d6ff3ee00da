"""The runs of a sentence that each promise one thing: what an uncurated commitment has for a headline.

A person who curates takes the clause that says the thing; here it is cut where something else is done or counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from knowledge.document.figures import read_figures
from knowledge.language.dictionary import WordCutter, tagger

_ADVERBIAL = re.compile(
    r"(?:(?:到|至|截至)?(?:20\d\d年(?:\d+月)?(?:底|末)?(?:之?前)?|“?十[一二三四五]五”?(?:期间|期末|末|时期)?|规划期内|每年)"
    r"|力争|同时|此外|其中|进一步|逐步|继续|积极|稳步|大力|全面|着力|切实|不断|重点|持续|有序|深入|加快|[，、：\s])+"
)
_BRACKETS = {"“": "”", "（": "）", "《": "》", "「": "」", "(": ")"}
MIN_CHARS = 8  # a shorter run says too little by itself
FIRST_WORDS = 8  # characters in which a run's verb stands
MAX_ADVERB_CHARS = 2
_BEFORE_A_VERB = "da"  # adverbs and adjectives, as jieba tags them
_ENDS = "，；。：、 "


def clause_runs(text: str) -> list[str]:
    """The runs, verbatim and in order, without the punctuation at their ends; the whole where there is nothing to cut."""
    runs: list[str] = []
    for part in _parts(text):
        if runs and not (_is_whole(runs[-1]) and (_is_whole(part) if runs[-1].endswith("；") else _says_a_thing(part))):
            runs[-1] += part
        else:
            runs.append(part)
    found = [run.strip().strip(_ENDS) for run in runs]
    return [run for run in found if run] or [text]


def without_adverbial(run: str) -> str:
    """A run without what only says when or how: 「到2025年，新增床位」 → 「新增床位」."""
    match = _ADVERBIAL.match(run)
    rest = run[match.end() :] if match else run
    return rest or run


def _is_whole(part: str) -> bool:
    return len(without_adverbial(part).strip(_ENDS)) >= MIN_CHARS


def _says_a_thing(part: str) -> bool:
    """Whether it begins with what is done, or has a figure: else it goes on with what was said before it."""
    plain = without_adverbial(part).strip(_ENDS)
    return _is_whole(part) and (bool(read_figures(plain)) or _begins_with_a_verb(plain))


@lru_cache(maxsize=1)
def _tagger() -> Any:
    """jieba's own words and no others; a process that cuts nothing does not load them."""
    return tagger(WordCutter())


def _begins_with_a_verb(plain: str) -> bool:
    for word, flag in _tagger().lcut(plain[:FIRST_WORDS]):
        if flag.startswith("v"):
            return True
        if flag[0] not in _BEFORE_A_VERB or len(word) > MAX_ADVERB_CHARS:
            return False
    return False


def _parts(text: str) -> Iterator[str]:
    """Between commas and semicolons that stand in no brackets; each keeps its punctuation."""
    closing: list[str] = []
    start = 0
    for at, character in enumerate(text):
        if closing and character == closing[-1]:
            closing.pop()
        elif character in _BRACKETS:
            closing.append(_BRACKETS[character])
        elif character in "，；" and not closing:
            yield text[start : at + 1]
            start = at + 1
    if start < len(text):
        yield text[start:]
