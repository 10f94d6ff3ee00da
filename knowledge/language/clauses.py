"""A message in parts: its clauses, which of them ask, and the questions that it is made of."""

from __future__ import annotations

import re

MIN_CHARS = 5  # of a question among several; less is an echo of the one before (「有吗」「是伐」)
CLAUSE_END = re.compile(r"[，。！？；,.!?;…~～\s]")
_MARKS = "，。！；,.!;…~～ \n"
MARKS = f"{_MARKS}？?"  # all that may stand around a clause
_ASKING = re.compile(
    r"吗|什么|怎么|哪|几[^乎年位次]|多少|多久|多大|多长|多高|有没有|能不能|会不会|是不是|可不可以|要不要|肯不肯|行不行|能否|是否"
    r"|([\u4e00-\u9fff])[不没]\1|谁|为啥|咋|啥|何时|[呢么伐哇不没]$|[？?]$"
)


def clauses_of(text: str) -> list[str]:
    """The parts between punctuation marks and blanks, each with the mark that ends it."""
    found, start = [], 0
    for end in (*(match.end() for match in CLAUSE_END.finditer(text)), len(text)):
        if text[start:end].strip(MARKS):
            found.append(text[start:end])
            start = end
    return found


def asks(clause: str) -> bool:
    """Whether a clause sounds like a question."""
    return bool(_ASKING.search(clause.rstrip(_MARKS)))


def questions_in(text: str) -> list[str]:
    """The questions that a message is made of, in order, each with what is told before it; less than two: it asks but once.

    What is told after the last question belongs to it.
    """
    found: list[str] = []
    told = ""
    for clause in clauses_of(text):
        told += clause
        if asks(clause) and len(told) >= MIN_CHARS:
            found.append(told.rstrip(_MARKS))
            told = ""
    if told and found:
        found[-1] += f"，{told.rstrip(_MARKS)}"
    return found
