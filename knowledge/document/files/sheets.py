"""A PDF's pages as lines with their places, and the tables between them."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Any

from knowledge.document.plan_text import tidy

MIN_TABLE = 2  # rows and columns of a table; a frame around text has one of either
COLUMN_GAP = 1.5  # characters of white space between two pieces of one printed line
HANGING_GAP = 0.4  # the same over a gutter into which a full stop hangs
MIN_COLUMN_LINES = 5  # on each side of a gutter
MAX_CROSSING = 0.3  # lines over the gutter, of those beside it
RAISED = 0.75  # a digit smaller than this, against its line, is the mark of a note
_MARK = re.compile(r"[\d①-⑳\[\]［］*]")


@dataclass(frozen=True)
class PrintedLine:
    """A run of characters on one height. `size` is that of most of them."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool = False


@dataclass(frozen=True)
class SheetTable:
    """A ruled table: each grid position has the text of the cell that covers it, and the number of that cell."""

    top: float
    bottom: float
    texts: tuple[tuple[str, ...], ...]
    cells: tuple[tuple[int, ...], ...]

    @property
    def merged(self) -> int:
        """Positions that the cell of another one covers."""
        every = [number for row in self.cells for number in row]
        return len(every) - len(set(every))


@dataclass(frozen=True)
class Sheet:
    """One page of the file in reading order."""

    number: int
    width: float
    height: float
    lines: tuple[PrintedLine, ...]
    tables: tuple[SheetTable, ...] = ()
    columns: int = 1
    characters: int = 0
    garbled: int = 0
    slanted: int = 0
    picture_share: float = 0.0
    gaps: int = 0  # printed lines with a wide gap, where no columns were found
    split: tuple[float, ...] = field(default=())  # where the second column begins
    recognised: bool = False  # its characters were found in a picture


def read_sheet(page: Any, number: int, recognised: Sequence[Mapping[str, Any]] | None = None) -> Sheet:
    """A page of pdfplumber's; of a picture the characters that were recognised in it."""
    characters = _characters(page) if recognised is None else recognised
    tables, boxes = _tables(page) if recognised is None else ([], [])
    outside = [c for c in characters if not any(_within(c, box) for box in boxes)]
    level = [c for c in outside if c.get("upright", True)]
    rows = _rows(level)
    split = _gutter([line for row in rows for line in row])
    if split:
        rows = _rows(level, split)
    lines = _in_columns(rows, split) if split else [line for row in rows for line in row]
    gaps = 0 if split else sum(len(row) > 1 for row in rows)
    if not split:
        lines = [_joined(row) for row in rows]
    return Sheet(
        number=number,
        width=float(page.width),
        height=float(page.height),
        lines=tuple(lines),
        tables=tuple(tables),
        columns=2 if split else 1,
        characters=len(characters),
        garbled=sum(_is_garbled(c["text"]) for c in characters),
        slanted=sum(not c.get("upright", True) for c in characters),
        picture_share=_picture_share(page),
        gaps=gaps,
        split=(split,) if split else (),
        recognised=recognised is not None,
    )


def _characters(page: Any) -> list[Mapping[str, Any]]:
    found = [c for c in page.dedupe_chars(tolerance=1).chars if c["text"].strip()]
    return [c for c in found if c["x1"] > 0 and c["top"] < page.height and c["x0"] < page.width and c["bottom"] > 0]


def _is_garbled(text: str) -> bool:
    return text.startswith("(cid:") or any(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" for c in text)


def _within(character: Mapping[str, Any], box: tuple[float, float, float, float]) -> bool:
    x, y = (character["x0"] + character["x1"]) / 2, (character["top"] + character["bottom"]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _picture_share(page: Any) -> float:
    area = float(page.width) * float(page.height) or 1.0
    return max((abs((i["x1"] - i["x0"]) * (i["bottom"] - i["top"])) / area for i in page.images), default=0.0)


def _rows(characters: Iterable[Mapping[str, Any]], split: float = 0.0) -> list[list[PrintedLine]]:
    """Characters on one height, from top to bottom; wide gaps part them, and smaller ones where the second column begins."""
    rows: list[list[Mapping[str, Any]]] = []
    middle = 0.0
    for character in sorted(characters, key=lambda c: ((c["top"] + c["bottom"]) / 2, c["x0"])):
        own = (character["top"] + character["bottom"]) / 2
        if rows and own - middle <= 0.5 * max(character["size"], rows[-1][0]["size"]):
            rows[-1].append(character)
        else:
            rows.append([character])
            middle = own
    return [_parts(sorted(row, key=lambda c: c["x0"]), split) for row in rows]


def _parts(row: Sequence[Mapping[str, Any]], split: float) -> list[PrintedLine]:
    size = median(c["size"] for c in row)
    runs: list[list[Mapping[str, Any]]] = [[row[0]]]
    for before, character in itertools.pairwise(row):
        gap = character["x0"] - before["x1"]
        turns = split and before["x0"] < split - 1 <= character["x0"] and gap > HANGING_GAP * size
        if gap > COLUMN_GAP * size or turns:
            runs.append([])
        runs[-1].append(character)
    return [_line(run) for run in runs]


def _line(run: Sequence[Mapping[str, Any]]) -> PrintedLine:
    size = median(c["size"] for c in run)
    text, end = "", run[0]["x0"]
    for character in run:
        if character["size"] < RAISED * size and _MARK.fullmatch(character["text"]):
            continue
        if text and character["x0"] - end > 0.25 * size:
            text += " "
        text, end = text + character["text"], character["x1"]
    bold = sum("bold" in str(c.get("fontname", "")).lower() or "hei" in str(c.get("fontname", "")).lower() for c in run)
    return PrintedLine(
        text=tidy(text.strip()),
        x0=min(c["x0"] for c in run),
        x1=max(c["x1"] for c in run),
        top=min(c["top"] for c in run),
        bottom=max(c["bottom"] for c in run),
        size=round(size, 1),
        bold=bold > 0.7 * len(run),
    )


def _joined(row: Sequence[PrintedLine]) -> PrintedLine:
    """A printed line that is one in spite of its gaps."""
    if len(row) == 1:
        return row[0]
    widest = max(row, key=lambda line: line.x1 - line.x0)
    return replace(
        widest,
        text=tidy(" ".join(line.text for line in row)),
        x0=row[0].x0,
        x1=row[-1].x1,
        top=min(line.top for line in row),
        bottom=max(line.bottom for line in row),
    )


def _gutter(lines: Sequence[PrintedLine]) -> float:
    """Where the second column begins, 0 on a page of one column."""
    if not lines:
        return 0.0
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    best, fewest = 0.0, 1e9
    for step in range(35, 66):
        x = left + (right - left) * step / 100
        crossing = sum(line.x0 < x - 1 and line.x1 > x + 1 for line in lines)
        before, after = [line for line in lines if line.x1 <= x + 1], [line for line in lines if line.x0 >= x - 1]
        if min(len(before), len(after)) < MIN_COLUMN_LINES or crossing > MAX_CROSSING * (len(before) + len(after)):
            continue
        wide = [line for line in after if line.x1 - line.x0 > 0.25 * (right - left)]
        if crossing < fewest and len(wide) >= MIN_COLUMN_LINES:
            best, fewest = min(line.x0 for line in wide), crossing
    return best


def _in_columns(rows: Sequence[Sequence[PrintedLine]], split: float) -> list[PrintedLine]:
    """Down the left column, then down the right one; a line over both parts what is above from what is below."""
    ordered: list[PrintedLine] = []
    left: list[PrintedLine] = []
    right: list[PrintedLine] = []
    for row in rows:
        if any(line.x0 < split - 1 and line.x1 > split + 1 for line in row):
            ordered += [*left, *right, _joined(row)]
            left, right = [], []
            continue
        left += [line for line in row if line.x0 < split - 1]
        right += [line for line in row if line.x0 >= split - 1]
    return [*ordered, *left, *right]


def _tables(page: Any) -> tuple[list[SheetTable], list[tuple[float, float, float, float]]]:
    if not page.edges:
        return [], []
    found, boxes = [], []
    for table in page.find_tables():
        read = _table(table)
        if read is not None:
            found.append(read)
            boxes.append(table.bbox)
    return found, boxes


def _table(table: Any) -> SheetTable | None:
    """The grid of a ruled table, None for a frame around text."""
    boxes = sorted({cell for cell in table.cells if cell}, key=lambda b: (b[1], b[0]))
    across, down = _edges(b[i] for b in boxes for i in (0, 2)), _edges(b[i] for b in boxes for i in (1, 3))
    if len(across) - 1 < MIN_TABLE or len(down) - 1 < MIN_TABLE:
        return None
    inside = [c for c in table.page.chars if c["text"].strip() and _within(c, table.bbox)]
    texts = {box: _cell_text(inside, box) for box in boxes}
    grid: list[tuple[str, ...]] = []
    numbers: list[tuple[int, ...]] = []
    for top, bottom in itertools.pairwise(down):
        row: list[str] = []
        own: list[int] = []
        for left, right in itertools.pairwise(across):
            at = _covering(boxes, (left + right) / 2, (top + bottom) / 2)
            row.append(texts[boxes[at]] if at >= 0 else "")
            own.append(at if at >= 0 else -1 - len(own) - 1000 * len(grid))
        grid.append(tuple(row))
        numbers.append(tuple(own))
    return SheetTable(table.bbox[1], table.bbox[3], tuple(grid), tuple(numbers))


def _edges(values: Iterable[float]) -> list[float]:
    """Positions of the rules, those within two points of each other as one."""
    groups: dict[int, list[float]] = defaultdict(list)
    last, group = -1e9, 0
    for value in sorted(values):
        group += value - last > 2
        groups[group].append(value)
        last = value
    return [sum(each) / len(each) for each in groups.values()]


def _covering(boxes: Sequence[tuple[float, float, float, float]], x: float, y: float) -> int:
    return next((i for i, box in enumerate(boxes) if box[0] <= x <= box[2] and box[1] <= y <= box[3]), -1)


def _cell_text(characters: Sequence[Mapping[str, Any]], box: tuple[float, float, float, float]) -> str:
    lines = [_joined(row).text for row in _rows([c for c in characters if _within(c, box)])]
    text = ""
    for line in lines:
        glue = " " if text and text[-1].isascii() and line[:1].isascii() and text[-1].isalnum() else ""
        text += glue + line
    return text
