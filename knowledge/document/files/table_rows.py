"""A table's grid into rows that can be quoted, each cell under the name of its column."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge.document.files.pieces import FilePiece
from knowledge.document.plan_text import squash

MAX_HEAD_ROWS = 3


@dataclass(frozen=True)
class Grid:
    """A whole table: the text of the cell that covers each position, and that cell's number."""

    texts: tuple[tuple[str, ...], ...]
    cells: tuple[tuple[int, ...], ...]
    page: int
    sheet: int
    last_sheet: int
    merged: int = 0
    sheets: int = 1
    row_pages: tuple[int, ...] = ()


def head_rows(texts: Sequence[Sequence[str]], cells: Sequence[Sequence[int]]) -> int:
    """How many rows are the table's head: the first, and those that a cell of it reaches into or spreads over."""
    if not texts:
        return 0
    count = 1
    while count < min(MAX_HEAD_ROWS, len(texts) - 1):
        above, below = cells[count - 1], cells[count]
        spread = any(a == b and above[i] != below[i] for i, (a, b) in enumerate(itertools.pairwise(above)))
        if not spread:
            break
        count += 1
    return count


def continued(
    table: Grid, texts: Sequence[Sequence[str]], cells: Sequence[Sequence[int]], sheet: int, page: int
) -> Grid | None:
    """The table with its part on the next page, None where that is another one.

    A head that is printed again is left out; a first row that begins with an empty cell ends the row before it.
    """
    if len(texts[0]) != len(table.texts[0]):
        return None
    heads = head_rows(table.texts, table.cells)
    again = [tuple(map(squash, row)) for row in texts[:heads]] == [tuple(map(squash, r)) for r in table.texts[:heads]]
    new_head = not again and head_rows(texts, cells) > 1
    if new_head:
        return None
    rows, numbers = list(texts[heads:] if again else texts), list(cells[heads:] if again else cells)
    all_texts, all_cells = list(table.texts), list(table.cells)
    if rows and not rows[0][0].strip() and any(cell.strip() for cell in rows[0]) and not again:
        all_texts[-1] = tuple(a + b for a, b in zip(all_texts[-1], rows[0]))
        rows, numbers = rows[1:], numbers[1:]
    base = 1 + max(max(row) for row in all_cells)
    merged = table.merged + sum(len(row) - len(set(row)) for row in numbers)
    return replace(
        table,
        texts=(*all_texts, *(tuple(row) for row in rows)),
        cells=(*all_cells, *(tuple(base + n if n >= 0 else n for n in row) for row in numbers)),
        last_sheet=sheet,
        merged=merged,
        sheets=table.sheets + 1,
        row_pages=(*_row_pages(table), *([page] * len(rows))),
    )


def _row_pages(table: Grid) -> tuple[int, ...]:
    return table.row_pages or (table.page,) * len(table.texts)


def rows_of(table: Grid, number: int) -> Iterator[FilePiece]:
    """Each row below the head as a piece; a cell over several columns stands once, one over several rows in each."""
    heads = head_rows(table.texts, table.cells)
    names = [_name([row[i] for row in table.texts[:heads]]) for i in range(len(table.texts[0]))]
    pages = _row_pages(table)
    for at in range(heads, len(table.texts)):
        cells, seen = [], set()
        for name, text, cell in zip(names, table.texts[at], table.cells[at]):
            if cell in seen or not text.strip():
                continue
            seen.add(cell)
            cells.append((name, text.strip()))
        if cells:
            yield FilePiece(
                "row",
                " ".join(text for _, text in cells),
                pages[at],
                table.sheet + pages[at] - table.page,
                cells=tuple(cells),
                table=number,
            )


def _name(parts: Sequence[str]) -> str:
    return "/".join(dict.fromkeys(squash(part) for part in parts if part.strip()))
