"""Printed page numbers of every usual kind, and the running headers and footers around the text."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.document.files.pieces import Remark
from knowledge.document.files.sheets import PrintedLine, Sheet
from knowledge.document.plan_text import squash

EDGE_LINES = 3  # at the top and at the bottom of a page, where headers and footers are looked for
EDGE_SHARE = 0.14  # of the page's height, likewise
MIN_REPEATS, REPEAT_SHARE = 3, 0.3  # pages on which a running line stands; even and odd pages may have two of them
NUMBERED_SHARE = 0.5  # of the pages: fewer bare numbers are no page numbers
_DASH = r"[-—–－‐―·•]*"
_NUMBER = re.compile(
    rf"^{_DASH}(?P<word>第)?(?P<number>\d{{1,4}})(?P<page>页)?(?:[/／,，]?(?:共)?(?P<all>\d{{1,4}})页?)?{_DASH}$"
)
_STYLES = ((re.compile(r"^第\d+页"), "第 1 页"), (re.compile(r"^[-－‐]"), "- 1 -"), (re.compile(r"^[—–―]"), "— 1 —"))


@dataclass(frozen=True)
class Numbering:
    """The page of each sheet, how pages are numbered, what was taken out, and what looks wrong."""

    pages: Mapping[int, int]
    style: str
    body: Mapping[int, tuple[PrintedLine, ...]]
    removed: tuple[tuple[str, int], ...]
    remarks: tuple[Remark, ...]


def number_sheets(sheets: Sequence[Sheet]) -> Numbering:
    """Printed numbers where there are any, else the count of the file's pages; lines without headers and footers."""
    running, removed = _running(sheets)
    marks = _marks(sheets, running)
    body = {
        sheet.number: tuple(
            line
            for line in sheet.lines
            if id(line) not in running and id(line) not in {id(mark) for mark, _ in marks.get(sheet.number, ())}
        )
        for sheet in sheets
    }
    printed = {number: found[0][1] for number, found in marks.items()}
    if not printed:
        pages = {sheet.number: sheet.number for sheet in sheets}
        remark = Remark("fine", "没有印页码：页码按文件的第几页来数", "全文")
        return Numbering(pages, "没有印页码", body, removed, (remark,) if len(sheets) > 1 else ())
    style = next((name for pattern, name in _STYLES if pattern.match(_first_mark(marks))), "1")
    return Numbering(_pages(sheets, printed), style, body, removed, tuple(_broken(sheets, printed)))


def _first_mark(marks: Mapping[int, Sequence[tuple[PrintedLine, int]]]) -> str:
    return squash(next(iter(marks.values()))[0][0].text)


def _edge(sheet: Sheet) -> list[PrintedLine]:
    """The outermost lines of a page, bottom first."""
    ordered = sorted(sheet.lines, key=lambda line: line.top)
    low = [line for line in reversed(ordered[-EDGE_LINES:]) if line.bottom > (1 - EDGE_SHARE) * sheet.height]
    high = [line for line in ordered[:EDGE_LINES] if line.top < EDGE_SHARE * sheet.height]
    return low + [line for line in high if line not in low]


def _running(sheets: Sequence[Sheet]) -> tuple[set[int], tuple[tuple[str, int], ...]]:
    places: dict[str, list[tuple[int, PrintedLine]]] = defaultdict(list)
    for sheet in sheets:
        for line in _edge(sheet):
            text = squash(line.text)
            if not _NUMBER.match(text):
                places[re.sub(r"\d+", "#", text)].append((sheet.number, line))
    least = max(MIN_REPEATS, REPEAT_SHARE * len(sheets))
    found, removed = set(), []
    for text, every in places.items():
        usual = sorted(line.size for _, line in every)[len(every) // 2]
        lines = [(number, line) for number, line in every if line.size <= 1.2 * usual]  # not the title that it repeats
        if len({number for number, _ in lines}) >= least and _at_one_height([line for _, line in lines]):
            found |= {id(line) for _, line in lines}
            removed.append((lines[0][1].text if "#" not in text else text.replace("#", "1"), len(lines)))
    return found, tuple(removed)


def _at_one_height(lines: Sequence[PrintedLine]) -> bool:
    tops = sorted(line.top for line in lines)
    return tops[-1] - tops[0] < 4 * max(line.size for line in lines)


def _marks(sheets: Sequence[Sheet], running: set[int]) -> dict[int, list[tuple[PrintedLine, int]]]:
    """The lines that are page numbers: all of one offset against the file's pages, or of a run that begins anew."""
    found: dict[int, list[tuple[PrintedLine, int]]] = {}
    for sheet in sheets:
        for line in _edge(sheet):
            match = _NUMBER.match(squash(line.text))
            if match and id(line) not in running:
                found.setdefault(sheet.number, []).append((line, int(match["number"])))
    offsets = Counter(number - sheet for sheet, each in found.items() for _, number in each)
    likely = {offset for offset, count in offsets.items() if count >= 2}
    kept = {
        sheet: [(line, number) for line, number in each if number - sheet in likely or _is_dressed(line)]
        for sheet, each in found.items()
    }
    kept = {sheet: each for sheet, each in kept.items() if each}
    bare = not any(_is_dressed(line) for each in kept.values() for line, _ in each)
    return {} if bare and len(kept) < max(2, NUMBERED_SHARE * len(sheets)) else kept


def _is_dressed(line: PrintedLine) -> bool:
    """A number that is nothing but a page number: 「- 1 -」, 「第 1 页」."""
    return not squash(line.text).isdecimal()


def _pages(sheets: Sequence[Sheet], printed: Mapping[int, int]) -> dict[int, int]:
    first = min(printed)
    pages: dict[int, int] = {}
    for sheet in sheets:
        if sheet.number in printed:
            pages[sheet.number] = printed[sheet.number]
        elif sheet.number < first:
            pages[sheet.number] = max(1, printed[first] - (first - sheet.number))
        else:
            pages[sheet.number] = pages[sheet.number - 1] + 1
    return pages


def _broken(sheets: Sequence[Sheet], printed: Mapping[int, int]) -> list[Remark]:
    remarks = []
    known = sorted(printed)
    for before, after in itertools.pairwise(known):
        a, b, between = printed[before], printed[after], after - before
        if b - a > between:
            lost = b - a - between
            remarks.append(Remark("broken", f"第 {a} 页之后是第 {b} 页：少了 {lost} 页", f"文件的第 {after} 页"))
        elif b - a < between and b != 1:
            remarks.append(Remark("look", f"第 {a} 页之后又是第 {b} 页：页码重复或倒了", f"文件的第 {after} 页"))
    unnumbered = [sheet.number for sheet in sheets if sheet.number not in printed and sheet.number > known[0]]
    if unnumbered:
        remarks.append(
            Remark("fine", "没有印页码，照前后页推算", "文件的第 " + "、".join(map(str, unnumbered[:20])) + " 页")
        )
    if known and printed[known[0]] > 1 and known[0] == 1:
        remarks.append(Remark("look", f"从第 {printed[known[0]]} 页开始：前面的页不在文件里", "文件的第 1 页"))
    return remarks
