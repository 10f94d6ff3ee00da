"""A message in parts: its clauses, which of them ask, and the questions that it is made of."""

from __future__ import annotations

import re

MIN_CHARS = 4  # of a question among several, marks apart; less is an echo of the one before (「有吗」「是伐」)
CLAUSE_END = re.compile(r"[，。！？；,.!?;…~～\s]")
_MARKS = "，。！；,.!;…~～ \n"
MARKS = f"{_MARKS}？?"  # all that may stand around a clause
_ASKING = re.compile(
    r"吗|什么|怎么|哪|几[^乎年位次]|多少|多久|多大|多长|多高|有没有|能不能|会不会|是不是|可不可以|要不要|肯不肯|行不行|能否|是否"
    r"|([\u4e00-\u9fff])[不没]\1|谁|为啥|咋|啥|何时|[呢么伐哇不没]$|[？?]$"
)
_MAY_ASK = re.compile(r"吧$|没有$|几[年位次天]?$|([\u4e00-\u9fff]{2})[不没]\1")  # also what is to be confirmed
_LONGEST = 5  # characters in which a clause is seen to ask
_NEXT = re.compile(
    r"还有(?!没有|[吗哪什多])|再问|另外|顺便|再就是|还想问"
)  # where somebody who dictates begins another question


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
    for clause in (part for each in clauses_of(text) for part in _dictated(each)):
        told += clause
        if _may_ask(clause) and len(told.strip(MARKS)) >= MIN_CHARS:
            found.append(told.rstrip(_MARKS))
            told = ""
    if told and found:
        found[-1] += f"，{told.rstrip(_MARKS)}"
    return found


def _dictated(clause: str) -> list[str]:
    """A clause in two where it goes on with another question after one: 「床位加到几张还有中医进不进社区」."""
    before = 0
    for found in _NEXT.finditer(clause):
        at = found.start()
        if _may_ask(clause[max(0, before - _LONGEST) : at]):  # what stands further back has been looked at
            return [clause[:at], clause[at:]] if at >= MIN_CHARS else [clause]
        before = at
    return [clause]


def _may_ask(clause: str) -> bool:
    return asks(clause) or bool(_MAY_ASK.search(clause.rstrip(MARKS)))
