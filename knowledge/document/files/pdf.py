"""A PDF into pieces: columns, paragraphs, headings, tables over several pages, notes under the text."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from knowledge.document.files.headings import MAX_HEADING_CHARS, is_caption, level_of, number_level
from knowledge.document.files.page_numbers import number_sheets
from knowledge.document.files.pieces import FilePiece, ReadFile, Remark, TableRead, Unfit
from knowledge.document.files.sheets import PrintedLine, Sheet, SheetTable, read_sheet
from knowledge.document.files.table_rows import Grid, continued, rows_of
from knowledge.document.plan_text import squash

MIN_CHARACTERS = 10  # of a page with text
SCAN_SHARE = 0.5  # of a page's area that a picture of a page covers
GARBLED_SHARE = 0.05
NOTE_SIZE = 0.88  # of the body's: smaller print at the foot of a page is a note
HEADING_SIZE, TITLE_SIZE = 1.12, 1.3
GAP_LINES = 5  # printed lines with wide gaps before a page is said to be mixed
_ENDS = ("。", "！", "？", "；", "：", "”")
_NOTE = re.compile(r"^\s*(?:[①-⑳]|\[\d+\]|［\d+］|\d{1,2}(?=[\s.．、\u4e00-\u9fff])|注\s*\d*[：:]|\*)")
# Of a line read backwards: from its front every dot would be tried as the first of them.
_CONTENTS = re.compile(r"[-—–]?\s*(?P<page>\d+)\s*(?:[-—–]\s*)?[.．…·‥]{3,}\s*(?P<title>\S.*)$")
Recogniser = Callable[[Any], list[Mapping[str, Any]]]  # a picture of a page → its characters


def read_pdf(path: Path, recognise: Recogniser | None = None) -> ReadFile:
    """All of a PDF. Raises `Unfit`."""
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    _check_whole(path)
    try:
        with pdfplumber.open(path) as pdf:
            remarks = _inside(pdf.doc.catalog)
            sheets = _sheets(pdf, recognise)
    except PdfminerException as error:
        if isinstance(error.args[0] if error.args else None, PDFPasswordIncorrect):
            raise Unfit("PDF 加了密码 — 去掉密码，另存一份再给") from None
        raise Unfit("PDF 已损坏，读不出 — 用阅读器另存一份，或重新取得") from None
    if not sheets:
        raise Unfit("PDF 里一页也没有 — 重新取得全文")
    return _assembled(sheets, remarks)


def _check_whole(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(1024)
        file.seek(max(0, path.stat().st_size - 2048))
        tail = file.read()
    if b"%PDF-" not in head:
        raise Unfit("不是 PDF — 看看文件名的结尾写对了没有")
    if b"%%EOF" not in tail:
        raise Unfit("PDF 不完整，结尾没有了（没有下载完？） — 重新取得全文")


def _inside(catalog: Mapping[str, Any]) -> list[Remark]:
    """What a PDF can hold beside pages."""
    from pdfminer.pdftypes import resolve1

    names = resolve1(catalog.get("Names")) or {}
    found = []
    if "JavaScript" in names or ("OpenAction" in catalog and "JavaScript" in str(resolve1(catalog["OpenAction"]))):
        found.append(Remark("look", "PDF 里有脚本，没有运行", "全文"))
    if "EmbeddedFiles" in names:
        found.append(Remark("look", "PDF 里有附件，没有打开：附件里的内容不在规划里", "全文"))
    return found


def _sheets(pdf: Any, recognise: Recogniser | None) -> list[Sheet]:
    sheets: list[Sheet] = []
    for number, page in enumerate(pdf.pages, start=1):
        sheet = read_sheet(page, number)
        if recognise is not None and is_scan(sheet) and (found := recognise(page)):
            sheet = read_sheet(page, number, found)
        sheets.append(sheet)
        page.close()
    return sheets


def is_scan(sheet: Sheet) -> bool:
    """A picture of a page without text."""
    return not sheet.recognised and sheet.characters < MIN_CHARACTERS and sheet.picture_share >= SCAN_SHARE


def _assembled(sheets: Sequence[Sheet], remarks: list[Remark]) -> ReadFile:
    scans = [sheet.number for sheet in sheets if is_scan(sheet)]
    if len(scans) > 0.5 * len(sheets):
        raise Unfit(
            f"PDF 是扫描件：{len(sheets)} 页里 {len(scans)} 页只有图片、没有文字 — 要一份能选中文字的 PDF 或 Word；"
            "或装上文字识别再试：apt-get install tesseract-ocr tesseract-ocr-chi-sim"
        )
    garbled = sum(sheet.garbled for sheet in sheets)
    if garbled > 0.3 * max(1, sum(sheet.characters for sheet in sheets)):
        raise Unfit("PDF 的字体没有对照表，文字读出来是乱码 — 用 Word 原件，或打印成新的 PDF")
    numbering = number_sheets(sheets)
    assembly = _Assembly(_body_size(sheets), numbering.pages)
    for sheet in sheets:
        assembly.add(sheet, numbering.body[sheet.number])
    remarks += [*numbering.remarks, *_sheet_remarks(sheets, scans, numbering.pages)]
    return ReadFile(
        form="PDF",
        title=assembly.title,
        sheets=len(sheets),
        numbering=numbering.style,
        pieces=tuple(assembly.pieces()),
        remarks=tuple(remarks + assembly.missing_headings()),
        tables=tuple(assembly.tables_read()),
        removed=numbering.removed,
        contents_lines=len(assembly.contents),
        recognised_sheets=tuple(sheet.number for sheet in sheets if sheet.recognised),
    )


def _body_size(sheets: Sequence[Sheet]) -> float:
    """The size of most of the text."""
    sizes: Counter[float] = Counter()
    for sheet in sheets:
        for line in sheet.lines:
            sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 12.0


def _sheet_remarks(sheets: Sequence[Sheet], scans: Sequence[int], pages: Mapping[int, int]) -> Iterator[Remark]:
    for sheet in sheets:
        where = f"第 {pages[sheet.number]} 页（文件的第 {sheet.number} 页）"
        if sheet.number in scans:
            yield Remark("broken", "这一页是图片，没有文字：上面的内容没有读到", where)
        elif sheet.recognised:
            yield Remark("look", "这一页是扫描的，文字是识别出来的：逐句核对", where)
        elif sheet.characters < MIN_CHARACTERS and not sheet.tables:
            yield Remark("fine", "空白页", where)
        if sheet.garbled > GARBLED_SHARE * max(1, sheet.characters):
            yield Remark("broken", f"有 {sheet.garbled} 个字读不出（字体没有对照表）", where)
        if sheet.slanted > 0.2 * max(1, sheet.characters):
            yield Remark("broken", "有横过来或斜着的文字，没有读", where)
        if sheet.columns > 1:
            yield Remark("fine", "分两栏，先左后右读", where)
        elif sheet.gaps >= GAP_LINES:
            yield Remark("look", "文字中间有大片空白：可能是没有框线的表，或没有认出的分栏，读的次序可能不对", where)


@dataclass
class _Paragraph:
    """A paragraph that may run on."""

    text: str
    sheet: int
    breaks: list[tuple[int, int]]
    last: PrintedLine
    sheet_of_last: int
    recognised: bool = False


class _Assembly:
    """Sheets in their order; what is open at the end of one runs on to the next."""

    def __init__(self, body_size: float, pages: Mapping[int, int]) -> None:
        self._size, self._pages = body_size, pages
        self._found: list[FilePiece | Grid] = []
        self._open: _Paragraph | None = None
        self._notes: list[FilePiece] = []
        self._heading_end: PrintedLine | None = None
        self.contents: list[str] = []
        self.title = ""

    def add(self, sheet: Sheet, lines: Sequence[PrintedLine]) -> None:
        """The next sheet, without its running lines."""
        lines, notes = self._apart(sheet, lines)
        if sheet.number == 1:
            lines = self._without_title(lines)
        waiting = sorted(sheet.tables, key=lambda table: table.top)
        columns = _PrintedColumns(lines, sheet)
        for line in lines:
            while waiting and waiting[0].top < line.top and (sheet.columns == 1 or line.x0 < sheet.split[0]):
                self._add_table(waiting.pop(0), sheet)
            self._add_line(line, sheet, columns)
        for table in waiting:
            self._add_table(table, sheet)
        self._notes += notes

    def pieces(self) -> Iterator[FilePiece]:
        """All pieces, notes at the end."""
        self._close()
        number = 0
        for each in self._found:
            if isinstance(each, FilePiece):
                yield each
            else:
                number += 1
                yield from rows_of(each, number)
        yield from self._notes

    def tables_read(self) -> Iterator[TableRead]:
        """What was read as a table."""
        for each in self._found:
            if isinstance(each, Grid):
                yield TableRead(each.page, len(each.texts), len(each.texts[0]), each.merged, each.sheets)

    def missing_headings(self) -> list[Remark]:
        """What the contents page names and the text has not."""
        self._close()
        there = {squash(each.text) for each in self._found if isinstance(each, FilePiece) and each.kind == "heading"}
        lost = [title for title in self.contents if squash(title) not in there]
        if not self.contents or len(lost) == len(self.contents):
            return [Remark("look", "目录里的标题在正文里一个也没有对上", "目录")] if self.contents else []
        return [Remark("look", f"目录里有“{title}”，正文里没有找到这个标题", "目录") for title in lost]

    def _apart(self, sheet: Sheet, lines: Sequence[PrintedLine]) -> tuple[list[PrintedLine], list[FilePiece]]:
        """The lines of the text, and the notes in small print under it."""
        small: list[PrintedLine] = []
        for side in (0, 1):
            own = [line for line in lines if int(bool(sheet.split) and line.x0 >= sheet.split[0] - 1) == side]
            at = len(own)
            while at and own[at - 1].size <= NOTE_SIZE * self._size:
                at -= 1
            small += own[next((i for i in range(at, len(own)) if _NOTE.match(own[i].text)), len(own)) :]
        notes: list[str] = []
        for line in small:
            if _NOTE.match(line.text) or not notes:
                notes.append(line.text)
            else:
                notes[-1] += line.text
        page = self._pages[sheet.number]
        kept = [line for line in lines if line not in small]
        return kept, [FilePiece("note", text, page, sheet.number, recognised=sheet.recognised) for text in notes]

    def _without_title(self, lines: list[PrintedLine]) -> list[PrintedLine]:
        """The first sheet without the plan's own title: the largest print on it."""
        largest = max((line.size for line in lines if not number_level(line.text)), default=0.0)
        if largest < TITLE_SIZE * self._size:
            first = next((line for line in lines if len(line.text) >= 4), None)
            if first is not None and not number_level(first.text) and len(first.text) <= MAX_HEADING_CHARS:
                self.title = first.text if not first.text.endswith(_ENDS) else ""
            return [line for line in lines if not (self.title and line is first)]
        own = [line for line in lines if line.size >= 0.95 * largest and not number_level(line.text)]
        self.title = "".join(line.text for line in own)
        return [line for line in lines if line not in own]

    def _add_line(self, line: PrintedLine, sheet: Sheet, columns: _PrintedColumns) -> None:
        contents = _CONTENTS.match(line.text[::-1])
        if contents or squash(line.text) in ("目录", "目次"):
            self._close()
            if contents:
                self.contents.append(contents["title"][::-1].strip())
            return
        level = self._heading_level(line, columns)
        if level:
            self._add_heading(line, level, sheet)
        elif is_caption(line.text):
            self._close()
        elif self._runs_on(line, sheet, columns):
            self._run_on(line, sheet)
        else:
            self._close()
            self._open = _Paragraph(line.text, sheet.number, [], line, sheet.number, sheet.recognised)

    def _heading_level(self, line: PrintedLine, columns: _PrintedColumns) -> int:
        numbered = level_of(line.text)
        if numbered:
            before = self._open.last if self._open else None
            mid_sentence = before is not None and not self._open_ended() and not columns.is_indented(line)
            return 0 if mid_sentence and columns.is_full(before) else numbered
        if len(line.text) > MAX_HEADING_CHARS or line.text.endswith(_ENDS) or len(line.text) < 2:
            return 0
        return 3 if line.size >= HEADING_SIZE * self._size and not number_level(line.text) else 0

    def _open_ended(self) -> bool:
        return self._open is None or self._open.text.endswith(("。", "！", "？"))

    def _add_heading(self, line: PrintedLine, level: int, sheet: Sheet) -> None:
        self._close()
        last = self._found[-1] if self._found else None
        if (
            (
                isinstance(last, FilePiece)
                and last.kind == "heading"
                and last.sheet == sheet.number
                and not level_of(line.text)
            )
            and self._heading_end is not None
            and _goes_on(self._heading_end, line)
        ):
            self._found[-1] = replace(last, text=last.text + line.text)
            self._heading_end = line
            return
        page = self._pages[sheet.number]
        self._found.append(
            FilePiece("heading", line.text, page, sheet.number, level=level, recognised=sheet.recognised)
        )
        self._heading_end = line

    def _runs_on(self, line: PrintedLine, sheet: Sheet, columns: _PrintedColumns) -> bool:
        """Whether a line belongs to the open paragraph."""
        if self._open is None or self._open.recognised != sheet.recognised:
            return False
        before = self._open.last
        if abs(line.size - before.size) > 0.12 * before.size:
            return False
        if columns.is_indented(line):
            return False
        if self._open.sheet_of_last != sheet.number or line.top < before.top:  # another page or column
            return not self._open_ended() or not columns.starts_paragraph(line)
        if line.top - before.bottom > 1.6 * max(columns.leading, 0.4 * line.size):
            return False
        return not columns.ended_short(before) or not self._open_ended()

    def _run_on(self, line: PrintedLine, sheet: Sheet) -> None:
        open_ = self._open
        if open_ is None:
            return
        ascii_joint = open_.text[-1:].isascii() and line.text[:1].isascii() and open_.text[-1:].isalnum()
        glue = " " if ascii_joint and line.text[:1].isalnum() else ""
        if open_.sheet_of_last != sheet.number:
            open_.breaks.append((len(open_.text), self._pages[sheet.number]))
            open_.sheet_of_last = sheet.number
        open_.text += glue + line.text
        open_.last = line

    def _close(self) -> None:
        if self._open is not None and self._open.text.strip():
            page = self._pages[self._open.sheet]
            self._found.append(
                FilePiece(
                    "paragraph",
                    self._open.text,
                    page,
                    self._open.sheet,
                    breaks=tuple(self._open.breaks),
                    recognised=self._open.recognised,
                )
            )
        self._open = None

    def _add_table(self, table: SheetTable, sheet: Sheet) -> None:
        last = self._found[-1] if self._found and self._open is None else None
        page = self._pages[sheet.number]
        if isinstance(last, Grid) and last.last_sheet == sheet.number - 1:
            joined = continued(last, table.texts, table.cells, sheet.number, page)
            if joined is not None:
                self._found[-1] = joined
                return
        self._close()
        self._found.append(Grid(table.texts, table.cells, page, sheet.number, sheet.number, table.merged))


def _goes_on(before: PrintedLine, line: PrintedLine) -> bool:
    return abs(before.size - line.size) < 0.5 and 0 <= line.top - before.bottom < 1.2 * line.size


class _PrintedColumns:
    """Where the text of a sheet begins and ends, in each of its columns."""

    def __init__(self, lines: Sequence[PrintedLine], sheet: Sheet) -> None:
        self._split = sheet.split[0] if sheet.split else 1e9
        self._edges = {side: self._edges_of([line for line in lines if self._side(line) == side]) for side in (0, 1)}
        gaps = [b.top - a.bottom for a, b in itertools.pairwise(lines) if 0 <= b.top - a.bottom < 3 * a.size]
        self.leading = sorted(gaps)[len(gaps) // 2] if gaps else 0.0

    def _side(self, line: PrintedLine) -> int:
        return int(line.x0 >= self._split - 1)

    @staticmethod
    def _edges_of(lines: Sequence[PrintedLine]) -> tuple[float, float]:
        if not lines:
            return 0.0, 1e9
        starts, ends = sorted(line.x0 for line in lines), sorted(line.x1 for line in lines)
        return starts[int(0.1 * len(starts))], ends[int(0.85 * len(ends))]

    def is_indented(self, line: PrintedLine) -> bool:
        """Whether it begins as the first line of a paragraph does: one to six characters in."""
        return 1.2 * line.size < line.x0 - self._edges[self._side(line)][0] < 6 * line.size

    def starts_paragraph(self, line: PrintedLine) -> bool:
        """Whether nothing speaks for its being the middle of a paragraph."""
        return self.is_indented(line) or bool(number_level(line.text))

    def is_full(self, line: PrintedLine | None) -> bool:
        """Whether it reaches the right edge."""
        return line is not None and not self.ended_short(line)

    def ended_short(self, line: PrintedLine) -> bool:
        """Whether it ends well before the right edge, as the last line of a paragraph does."""
        return line.x1 < self._edges[self._side(line)][1] - 1.6 * line.size
