"""What a file comes to: pieces in reading order, and remarks on how it was read. Plain data, it travels as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

PieceKind = Literal["heading", "paragraph", "row", "note"]
Weight = Literal["broken", "look", "fine"]  # what a person has to mend, has to look at, may know


@dataclass(frozen=True)
class FilePiece:
    """A heading, a paragraph, a row of a table or a note, its text as printed.

    `page` is the printed page, or counted where none is printed; `sheet` counts the file's pages from 1. `breaks` are
    the places where a paragraph runs on to another page: (offset in `text`, page). `level` is 1–4 for a heading.
    `cells` of a row are (name of the column, text), in the order of the columns.
    """

    kind: PieceKind
    text: str
    page: int
    sheet: int = 1
    level: int = 0
    breaks: tuple[tuple[int, int], ...] = ()
    cells: tuple[tuple[str, str], ...] = ()
    table: int = 0
    recognised: bool = False  # by optical character recognition


@dataclass(frozen=True)
class Remark:
    """One thing that was noticed while reading, in words for the person who gave the file, and where it is."""

    weight: Weight
    what: str
    where: str = ""


@dataclass(frozen=True)
class TableRead:
    """A table as it was read."""

    page: int
    rows: int
    columns: int
    merged: int = 0  # cells that another one covers
    pages: int = 1


@dataclass(frozen=True)
class ReadFile:
    """All that was read of one file."""

    form: str
    title: str
    sheets: int
    numbering: str
    pieces: tuple[FilePiece, ...]
    remarks: tuple[Remark, ...] = ()
    tables: tuple[TableRead, ...] = ()
    removed: tuple[tuple[str, int], ...] = ()  # running headers and footers: their text, on how many pages
    contents_lines: int = 0
    recognised_sheets: tuple[int, ...] = field(default=())


class Unfit(Exception):
    """A file that cannot be used; its text is one line: what is wrong — what to do."""
