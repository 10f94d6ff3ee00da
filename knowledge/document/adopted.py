"""The text that adopting a file leaves: one piece a line, to be read and mended by people, and built from.

The first line is `规划文本/1`; lines that begin with `%` are remarks. A line is a paragraph, or begins with a mark:

    【第 5 页】         from here on printed page 5; 【第 5 页，文字识别】 where the text was recognised from a picture
    # 第一章 总则        a heading, # to ####
    + 接着上一页的半句    the rest of the paragraph that the last page ended with
    | 指标=床位 | 目标=9  a row of a table: name of the column = text; a line |表 1 opens a table
    ^ 喘息服务：指…      a note
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from knowledge.document.files.headings import lead_of, run_in
from knowledge.document.files.pieces import FilePiece, ReadFile
from knowledge.document.passage import Passage, PassageKind
from knowledge.document.plan_text import squash
from knowledge.groundwork.errors import PlanUnreadable

FIRST_LINE = "规划文本/1"
RECOGNISED = "（文字识别，未核对）"  # stands with the place of every quote that was recognised
MAX_PLACE_CHARS = 120  # of a chapter, a section and a heading, as the store keeps them
_PAGE = re.compile(r"^【第\s*(\d+)\s*页(，文字识别)?】$")
_HEADING = re.compile(r"^(#{1,4})\s*(\S.*)$")
_SENTENCE = re.compile(r"[^。！？]*[。！？][”’）》]*|[^。！？]+$")
_MARKS = ("#", "+", "|", "^", "%", "【第", "\\")
_NUMBER_ALONE = re.compile(r"^(第[^\s]{1,6}?(?:部分|[章篇编节]))(?=[^\s、：:])")
_OF_LEADS = re.compile(r"(?:牵头|责任|主管|负责|主办|实施)(?:单位|部门|主体|处室)")
_MEASURE = re.compile(r"目标|指标值|规划值|20\d\d年")
_EXPLAINS = (
    "% 一行一段，可以改：改错字、把断开的一句接起来、删掉不是规划的行。改完再运行一次，文件换成这个文本。",
    "% 【第 5 页】换页；# 到 #### 标题；+ 接着上一页的半句；| 列名=文字 表的一行；^ 注释。",
)


@dataclass(frozen=True)
class AdoptedLine:
    """A piece and the line of the text on which it stands."""

    piece: FilePiece
    line: int


def is_adopted(text: str) -> bool:
    """Whether a text is one of these."""
    return text.lstrip("\ufeff").startswith(FIRST_LINE)


def written(read: ReadFile) -> str:
    """The text of a file that was read."""
    lines = [FIRST_LINE, *_EXPLAINS]
    at: tuple[int, bool] = (0, False)
    table = 0
    for piece in read.pieces:
        if (piece.page, piece.recognised) != at:
            at = (piece.page, piece.recognised)
            lines.append(_page_line(*at))
        if piece.table and piece.table != table:
            lines.append(f"|表 {piece.table}")
        table = piece.table
        if piece.breaks:
            for number, (text, page) in enumerate(_parts(piece)):
                if number:
                    at = (page, piece.recognised)
                    lines += [_page_line(*at), f"+ {text}"]
                else:
                    lines.append(_safe(text))
        else:
            lines.append(_written(piece))
    return "\n".join(lines) + "\n"


def _page_line(page: int, recognised: bool) -> str:
    return f"【第 {page} 页{'，文字识别' if recognised else ''}】"


def _parts(piece: FilePiece) -> Iterator[tuple[str, int]]:
    cuts = [(0, piece.page), *piece.breaks, (len(piece.text), 0)]
    for (start, page), (end, _) in itertools.pairwise(cuts):
        yield piece.text[start:end].strip(), page


def _written(piece: FilePiece) -> str:
    if piece.kind == "heading":
        return "#" * max(1, piece.level) + " " + _NUMBER_ALONE.sub(r"\1 ", piece.text)
    if piece.kind == "row":
        return " ".join(f"| {_cell(name)}={_cell(text)}" for name, text in piece.cells)
    return f"^ {piece.text}" if piece.kind == "note" else _safe(piece.text)


def _safe(text: str) -> str:
    line = " ".join(text.split("\n")).strip()
    return f"\\{line}" if line.startswith(_MARKS) else line


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "｜").replace("=", "＝")


def lines_of(text: str) -> list[AdoptedLine]:
    """All pieces. Raises `PlanUnreadable` naming the line of a mark that is none."""
    found: list[AdoptedLine] = []
    page, recognised, table = 1, False, 0
    for number, raw in enumerate(text.lstrip("\ufeff").splitlines()[1:], start=2):
        line = raw.strip()
        if not line or line.startswith("%"):
            continue
        if line.startswith("【第"):
            match = _PAGE.match(line)
            if not match:
                raise PlanUnreadable(f"第 {number} 行：换页写成【第 5 页】，这里是 {line[:20]} — 改好再运行")
            page, recognised = int(match[1]), bool(match[2])
        elif line.startswith("|表"):
            table += 1
        elif line.startswith("+"):
            _go_on(found, line[1:].strip(), page, number)
        else:
            found.append(AdoptedLine(replace(_piece(line, page, table, number), recognised=recognised), number))
    return found


def _go_on(found: list[AdoptedLine], text: str, page: int, number: int) -> None:
    if not found or found[-1].piece.kind != "paragraph":
        raise PlanUnreadable(f"第 {number} 行：+ 前面没有段落可接 — 去掉 +，或补上前半句")
    before = found[-1].piece
    glue = " " if before.text[-1:].isascii() and text[:1].isascii() and before.text[-1:].isalnum() else ""
    breaks = (*before.breaks, (len(before.text), page))
    found[-1] = replace(found[-1], piece=replace(before, text=before.text + glue + text, breaks=breaks))


def _piece(line: str, page: int, table: int, number: int) -> FilePiece:
    heading = _HEADING.match(line)
    if heading:
        return FilePiece("heading", heading[2].strip(), page, level=len(heading[1]))
    if line.startswith("^"):
        return FilePiece("note", line[1:].strip(), page)
    if line.startswith("|"):
        cells = tuple(_read_cell(cell, number) for cell in line.strip("|").split("|") if cell.strip())
        return FilePiece("row", " ".join(text for _, text in cells), page, cells=cells, table=table)
    return FilePiece("paragraph", line.removeprefix("\\"), page)


def _read_cell(cell: str, number: int) -> tuple[str, str]:
    name, equals, text = cell.partition("=")
    if not equals:
        raise PlanUnreadable(f"第 {number} 行：表的一格写成 列名=文字，这里是 {cell.strip()[:20]} — 改好再运行")
    return name.strip(), text.strip()


def words_of(text: str) -> str:
    """All words of an adopted text without white space and marks: what quotes are held against."""
    return squash("\n".join(each.piece.text for each in lines_of(text)))


def adopted_passages(text: str) -> list[Passage]:
    """Every passage that can be quoted, with its place and the departments that lead."""
    found: list[Passage] = []
    place = _Place()
    for each in _with_leads(lines_of(text)):
        if each.piece.kind == "heading":
            place = place.under(each.piece)
        elif each.piece.kind == "row":
            found.append(_row(each, place))
        elif each.piece.kind == "note":
            found.append(_note(each))
        else:
            found += _sentences(each, place)
    return [passage for passage in found if len(squash(passage.text)) >= 4]


def _with_leads(lines: list[AdoptedLine]) -> Iterator[AdoptedLine]:
    """Departments that stand on a line of their own belong to the paragraph before it."""
    before: AdoptedLine | None = None
    for each in lines:
        is_paragraph = each.piece.kind == "paragraph"
        if before is not None and is_paragraph and not lead_of(each.piece.text)[0]:
            before = replace(before, piece=replace(before.piece, text=before.piece.text + each.piece.text))
            continue
        if before is not None:
            yield before
        before = each if is_paragraph else None
        if not is_paragraph:
            yield each
    if before is not None:
        yield before


@dataclass(frozen=True)
class _Place:
    chapter: str = ""
    section: str = ""
    heading: str = ""

    def under(self, piece: FilePiece) -> _Place:
        text = piece.text[:MAX_PLACE_CHARS]
        if piece.level == 1:
            return _Place(text)
        if piece.level == 2:
            return _Place(self.chapter, text)
        return replace(self, heading=text)


def _named(heading: str, piece: FilePiece) -> str:
    """A heading, marked where what stands under it was recognised."""
    return f"{heading[: MAX_PLACE_CHARS - len(RECOGNISED)]}{RECOGNISED}" if piece.recognised else heading


def _sentences(each: AdoptedLine, place: _Place) -> Iterator[Passage]:
    text, lead = lead_of(each.piece.text)
    own, rest = run_in(text)
    offset = len(text) - len(rest)
    heading = _named(own[:MAX_PLACE_CHARS] or place.heading, each.piece)
    for match in _SENTENCE.finditer(rest):
        sentence = match.group().strip()
        at = offset + match.start() + len(match.group()) - len(match.group().lstrip())
        page = next((page for start, page in reversed(each.piece.breaks) if start <= at), each.piece.page)
        if sentence:
            yield Passage(sentence, page, each.line, place.chapter, place.section, heading, "body", lead=lead)


def _row(each: AdoptedLine, place: _Place) -> Passage:
    cells = each.piece.cells
    lead = "、".join(text for name, text in cells if _OF_LEADS.search(name))
    measures = any(_MEASURE.search(name) and any(c.isdigit() for c in text) for name, text in cells)
    heading = _named(place.heading or place.section, each.piece)
    kind: PassageKind = "indicator" if measures else "body"
    return Passage(
        each.piece.text,
        each.piece.page,
        each.line,
        place.chapter,
        place.section,
        heading,
        kind,
        lead=lead,
        cells=cells,
    )


def _note(each: AdoptedLine) -> Passage:
    text = re.sub(r"^(?:[①-⑳]|[\[［]\d+[\]］]|\d{1,2}[\s.．、]?|注\s*\d*[：:])\s*", "", each.piece.text)
    return Passage(text, each.piece.page, each.line, "附注", "", _named("注释", each.piece), "definition")
