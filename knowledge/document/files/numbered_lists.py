"""The numbers that Word writes by itself before the paragraphs of a list: 一、, （一）, 1."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from knowledge.document.outline import chinese_number

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_CHINESE = (
    "chineseCounting",
    "chineseCountingThousand",
    "ideographDigital",
    "japaneseCounting",
    "taiwaneseCountingThousand",
)


class ListNumbers:
    """Counts as Word does; what it cannot count (letters, bullets) stands without a number."""

    def __init__(self, document: Any) -> None:
        self._counts: dict[tuple[str, int], int] = defaultdict(int)
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            root = None
        self._formats = _formats(root) if root is not None else {}
        self._styles = document.styles.element

    def number_of(self, paragraph: Any, style: str) -> str:
        """What Word prints before a paragraph."""
        numbered = paragraph.find(f"{_W}pPr/{_W}numPr")
        if numbered is None and style:
            numbered = self._styles.find(f"{_W}style/{_W}name[@{_W}val='{style}']/../{_W}pPr/{_W}numPr")
        if numbered is None:
            return ""
        name, depth = _value(numbered.find(f"{_W}numId")), int(_value(numbered.find(f"{_W}ilvl")) or 0)
        if (name, depth) not in self._formats:
            return ""
        form, text, start = self._formats[(name, depth)]
        self._counts[(name, depth)] = max(self._counts[(name, depth)] + 1, start)
        for deeper in [key for key in self._counts if key[0] == name and key[1] > depth]:
            del self._counts[deeper]
        if form in ("bullet", "none"):
            return ""
        return re.sub(r"%(\d)", lambda m: self._written(name, int(m[1]) - 1), text)

    def _written(self, name: str, depth: int) -> str:
        form, _, start = self._formats.get((name, depth), ("decimal", "", 1))
        number = self._counts[(name, depth)] or start
        if form in _CHINESE and number < 100:
            return chinese_number(number)
        if form == "decimalEnclosedCircle" and number <= len(_CIRCLED):
            return _CIRCLED[number - 1]
        return str(number)


def _value(element: Any) -> str:
    return str(element.get(f"{_W}val")) if element is not None else ""


def _formats(root: Any) -> dict[tuple[str, int], tuple[str, str, int]]:
    """(list, depth) → how its numbers are written, the text around them, the first of them."""
    kinds: dict[str, list[tuple[int, str, str, int]]] = {}
    for kind in root.iterchildren(f"{_W}abstractNum"):
        kinds[kind.get(f"{_W}abstractNumId")] = [
            (
                int(level.get(f"{_W}ilvl")),
                _value(level.find(f"{_W}numFmt")),
                _value(level.find(f"{_W}lvlText")),
                int(_value(level.find(f"{_W}start")) or 1),
            )
            for level in kind.iterchildren(f"{_W}lvl")
        ]
    found = {}
    for each in root.iterchildren(f"{_W}num"):
        for depth, form, text, start in kinds.get(_value(each.find(f"{_W}abstractNumId")), []):
            found[(str(each.get(f"{_W}numId")), depth)] = (form, text, start)
    return found
