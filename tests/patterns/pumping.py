"""Texts made from a pattern's own parts, on which a matcher that tries again and again has the most to try."""

from __future__ import annotations

import re
import sre_parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

SUFFIXES = ("\0", "\n\0", "")  # `.` takes the first, and neither a class nor `.` the second
MAX_UNITS, MAX_PAIRS, MAX_MEMBERS = 30, 20, 3  # of one loop; of a class: what is tried of thousands of characters
_OF_CATEGORY = {
    "CATEGORY_DIGIT": "5", "CATEGORY_NOT_DIGIT": "字", "CATEGORY_SPACE": " ", "CATEGORY_NOT_SPACE": "字",
    "CATEGORY_WORD": "字", "CATEGORY_NOT_WORD": "，",
}  # fmt: skip
_ANYTHING = "字a5 ，-\0"
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT")


@dataclass(frozen=True)
class Pump:
    """A text of any length: `prefix`, `unit` as often as fits, `suffix`."""

    prefix: str
    unit: str
    suffix: str

    def text(self, length: int) -> str:
        """At least `length` characters between prefix and suffix, whole units."""
        return self.prefix + self.unit * -(-length // len(self.unit)) + self.suffix

    def __str__(self) -> str:
        return f"{self.prefix!r} + {self.unit!r} × n + {self.suffix!r}"


@dataclass(frozen=True)
class _Loop:
    """What may stand at one place of a pattern, and what leads to that place."""

    prefix: str
    units: list[str]


def pumps(pattern: re.Pattern[str]) -> Iterator[Pump]:
    """Every alternative of each loop over and over, and pairs of them; from the start, and where the loop stands."""
    tree = list(sre_parse.parse(pattern.pattern, pattern.flags & ~re.DEBUG))
    loops = [*_loops(tree, ""), _Loop("", _variants(tree))]
    tried: set[Pump] = set()
    for loop in loops:
        units = [unit for unit in loop.units if unit]
        spread = units[:: max(1, len(units) // MAX_UNITS)]
        again = [loop.prefix + unit for unit in spread[:2]]  # where every start is one to begin from
        for unit in [*spread, *_pairs(units), *again]:
            for prefix in dict.fromkeys(("", loop.prefix)):
                found = {Pump(prefix, unit, suffix) for suffix in SUFFIXES} - tried
                tried |= found
                yield from sorted(found, key=str)


def _pairs(units: list[str]) -> list[str]:
    """Two alternatives of a loop in turn; first those that can be read in two ways, then neighbours."""
    known = set(units)
    found = dict.fromkeys(a + b for a in units for b in units if a != b and a + b in known)
    found.update(dict.fromkeys(a + b for a, b in pairwise(units)))
    found.update(dict.fromkeys(a + b for a in units for b in units if a != b and a[0] == b[0]))
    return list(found)[:MAX_PAIRS]


def _loops(nodes: list[Any], prefix: str) -> Iterator[_Loop]:
    """Every loop, look-around and class of a pattern, however deep."""
    for operator, argument in nodes:
        name = str(operator)
        inner = _INNER[name](argument) if name in _INNER else []
        if name in _REPEATS or name in ("ASSERT", "ASSERT_NOT"):
            yield _Loop(prefix, [text for body in inner for text in _variants(body)])
        elif name == "IN":
            yield _Loop(prefix, _options(operator, argument))
        for body in inner:
            yield from _loops(body, prefix)
        prefix += _first(_options(operator, argument))


_INNER: dict[str, Callable[[Any], list[list[Any]]]] = {
    "MAX_REPEAT": lambda argument: [list(argument[2])],
    "MIN_REPEAT": lambda argument: [list(argument[2])],
    "SUBPATTERN": lambda argument: [list(argument[3])],
    "BRANCH": lambda argument: [list(branch) for branch in argument[1]],
    "ASSERT": lambda argument: [list(argument[1])],
    "ASSERT_NOT": lambda argument: [list(argument[1])],
}


def _first(options: list[str]) -> str:
    return next(iter(sorted(options[:2], key=len, reverse=True)), "")


def _variants(nodes: list[Any]) -> list[str]:
    """What a sequence matches: at each place every option once, the first of all others."""
    options = [_options(operator, argument) or [""] for operator, argument in nodes]
    usual = [_first(each) for each in options]
    found = dict.fromkeys(["".join(usual)])
    for at, each in enumerate(options):
        found.update(dict.fromkeys("".join([*usual[:at], option, *usual[at + 1 :]]) for option in each))
    return list(found)


def _options(operator: Any, argument: Any) -> list[str]:
    """What one node matches, the simplest first."""
    name = str(operator)
    return _OPTIONS[name](argument) if name in _OPTIONS else [""]


def _repeated(argument: Any) -> list[str]:
    least, most, body = argument
    found = [option * max(1, least) for option in _variants(list(body))]
    return ([""] if least == 0 else []) + found + ([found[0] * 2] if most > 1 else [])


def _members(items: list[Any]) -> list[str]:
    """Members of a class: single characters, both ends of ranges; for a negated one whatever is no member."""
    negated, pattern = str(items[0][0]) == "NEGATE", []
    for operator, argument in items:
        if str(operator) == "LITERAL":
            pattern.append(chr(argument))
        elif str(operator) == "RANGE":
            pattern += [chr(argument[0]), chr(argument[1])]
        elif str(operator) == "CATEGORY":
            pattern.append(_OF_CATEGORY[str(argument)])
    if negated:
        return [c for c in _ANYTHING if c not in pattern][:2]
    return pattern[:: max(1, len(pattern) // MAX_MEMBERS)]


_OPTIONS: dict[str, Callable[[Any], list[str]]] = {
    "LITERAL": lambda code: [chr(code)],
    "NOT_LITERAL": lambda code: [c for c in _ANYTHING if c != chr(code)][:1],
    "ANY": lambda _: ["字"],
    "IN": _members,
    "BRANCH": lambda argument: [text for branch in argument[1] for text in _variants(list(branch))],
    "SUBPATTERN": lambda argument: _variants(list(argument[3])),
    "MAX_REPEAT": _repeated,
    "MIN_REPEAT": _repeated,
}
