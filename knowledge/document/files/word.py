"""A Word file (.docx) into pieces. Nothing that it links to is fetched, nothing in it runs."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from knowledge.document.files.headings import MAX_HEADING_CHARS, is_caption, level_of, number_level
from knowledge.document.files.numbered_lists import ListNumbers
from knowledge.document.files.pieces import FilePiece, ReadFile, Remark, TableRead, Unfit
from knowledge.document.files.table_rows import Grid, rows_of
from knowledge.document.plan_text import squash, tidy

MAX_UNPACKED = 400 * 1024 * 1024  # bytes of all parts together
MAX_PART, MAX_RATIO = 200 * 1024 * 1024, 200  # of one part: pictures hardly shrink, text shrinks tenfold
MAX_PARTS = 5000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIPPED = {f"{_W}del", f"{_W}moveFrom", "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_STYLE_LEVEL = re.compile(r"(?:heading|标题)\s*(\d)", re.IGNORECASE)
_LINKED = {
    "attachedTemplate": "模板",
    "image": "图片",
    "oleObject": "别的程序的内容",
    "subDocument": "子文档",
    "aFChunk": "别的文件",
}
_LOST_WITH_LINK = ("oleObject", "subDocument", "aFChunk", "frame")


def read_word(path: Path) -> ReadFile:
    """All of a Word file. Raises `Unfit`."""
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import XMLSyntaxError

    _check_package(path)
    try:
        document = docx.Document(str(path))
    except (PackageNotFoundError, KeyError, ValueError, XMLSyntaxError, zipfile.BadZipFile):
        raise Unfit("Word 文件已损坏，读不出 — 用 Word 打开另存一份再给") from None
    remarks = list(_linked(document))
    reading = _Reading(document)
    pieces = list(reading.pieces())
    remarks += reading.remarks()
    return ReadFile(
        form="Word",
        title=reading.title,
        sheets=reading.page,
        numbering="Word 里的分页" if reading.page > 1 else "没有分页",
        pieces=tuple(pieces),
        remarks=tuple(remarks),
        tables=tuple(TableRead(g.page, len(g.texts), len(g.texts[0]), g.merged) for g in reading.grids),
        removed=tuple(_running(document)),
        contents_lines=reading.contents,
    )


def _check_package(path: Path) -> None:
    """Raises `Unfit` for what is no Word file, what unpacks to far too much, or what brings programs along."""
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
            names = {part.filename for part in parts}
            broken = None if len(parts) > MAX_PARTS or _unpacks_to_too_much(parts) else package.testzip()
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, RuntimeError):
        raise Unfit("Word 文件不完整或加了密码 — 去掉密码、重新取得，或用 Word 另存一份") from None
    if len(parts) > MAX_PARTS or _unpacks_to_too_much(parts):
        raise Unfit("Word 文件解开后大得不像文件（压缩炸弹） — 不读；用 Word 另存一份再给")
    if broken:
        raise Unfit("Word 文件已损坏，读不出 — 用 Word 打开另存一份再给")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Unfit("Word 文件里有宏 — 不读；另存为不带宏的 .docx 再给")
    if "word/document.xml" not in names:
        raise Unfit("不是 Word 文件（.docx） — 用 Word 另存为 .docx 或 PDF")


def _unpacks_to_too_much(parts: Sequence[zipfile.ZipInfo]) -> bool:
    if sum(part.file_size for part in parts) > MAX_UNPACKED or any(part.file_size > MAX_PART for part in parts):
        return True
    return any(part.file_size > 10_000_000 and part.file_size > MAX_RATIO * part.compress_size for part in parts)


def _linked(document: Any) -> Iterator[Remark]:
    """What stands in other files. Raises `Unfit` where a part of the text does."""
    kinds = [rel.reltype.rsplit("/", 1)[-1] for rel in document.part.rels.values() if rel.is_external]
    if lost := [kind for kind in kinds if kind in _LOST_WITH_LINK]:
        what = _LINKED.get(lost[0], "别的文件")
        raise Unfit(f"Word 文件有一部分在别的文件里（{what}），不去取 — 把内容粘贴进来，另存一份再给")
    for kind in dict.fromkeys(kinds):
        if kind in _LINKED:
            yield Remark("look", f"连着别的文件（{_LINKED[kind]}），没有去取", "全文")


def _running(document: Any) -> Iterator[tuple[str, int]]:
    """Headers and footers, which Word keeps apart from the text."""
    texts = []
    for section in document.sections:
        for part in (section.header, section.footer):
            texts += (
                [squash(p.text) for p in part.paragraphs if squash(p.text)] if not part.is_linked_to_previous else []
            )
    for text in dict.fromkeys(texts):
        yield text, texts.count(text)


def text_of(element: Any) -> str:
    """The text of a paragraph as it stands with all changes accepted; deleted words are left out."""
    parts: list[str] = []
    for node in _kept(element):
        if node.tag == f"{_W}t":
            parts.append(node.text or "")
        elif node.tag in (f"{_W}tab", f"{_W}br", f"{_W}cr"):
            parts.append(" ")
        elif node.tag == f"{_W}noBreakHyphen":
            parts.append("-")
    return tidy("".join(parts).strip())


def _kept(element: Any) -> Iterator[Any]:
    for child in element:
        if child.tag not in _SKIPPED:
            yield child
            yield from _kept(child)


class _Reading:
    """The body in its order."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._lists = ListNumbers(document)
        self._changed = any(True for _ in document.element.body.iter(f"{_W}ins", f"{_W}del"))
        self.page, self.contents, self.title = 1, 0, (document.core_properties.title or "").strip()
        self._titled = ""
        self.grids: list[Grid] = []

    def pieces(self) -> Iterator[FilePiece]:
        """Paragraphs, headings and rows, then the notes."""
        started = False
        for element in self._document.element.body.iter(f"{_W}p", f"{_W}tbl"):
            if element.tag == f"{_W}tbl":
                if not _inside_table(element):
                    yield from self._table(element)
            elif not _inside_table(element) and not _inside_box(element):
                found = self._paragraph(element, started)
                started = started or found is not None
                if found is not None:
                    yield found
        self.title = self._titled or self.title
        yield from self._notes()

    def _paragraph(self, element: Any, started: bool) -> FilePiece | None:
        before = self.page
        self.page += _page_breaks(element)
        style = self._style(element)
        text = text_of(element)
        if text:
            text = self._lists.number_of(element, style) + text
        if not text or is_caption(text):
            return None
        if (
            "toc" in style.lower()
            or "目录" in style
            or re.search(r"(?<![.．…])[.．…]{4,}\s*\d+$", text)
            or squash(text) == "目录"
        ):
            self.contents += squash(text) != "目录"
            return None
        if style.lower() == "title" or (not started and not self._titled and _looks_titled(element, text)):
            self._titled = text
            return None
        level = level_of(text) or self._styled_level(element, style, text)
        page = self.page if _breaks_before(element) else before
        return FilePiece("heading" if level else "paragraph", text, page, page, level=level)

    def _style(self, element: Any) -> str:
        found = element.find(f"{_W}pPr/{_W}pStyle")
        if found is None:
            return ""
        name = self._document.styles.element.find(f"{_W}style[@{_W}styleId='{found.get(f'{_W}val')}']/{_W}name")
        return name.get(f"{_W}val") if name is not None else ""

    def _styled_level(self, element: Any, style: str, text: str) -> int:
        if len(text) > MAX_HEADING_CHARS or text.endswith(("。", "；")):
            return 0
        outline = element.find(f"{_W}pPr/{_W}outlineLvl")
        if outline is not None and outline.get(f"{_W}val", "9").isdigit() and int(outline.get(f"{_W}val")) < 9:
            return min(4, int(outline.get(f"{_W}val")) + 1)
        match = _STYLE_LEVEL.search(style)
        return min(4, int(match[1])) if match else 0

    def _table(self, element: Any) -> Iterator[FilePiece]:
        grid = _grid(element, self.page)
        if grid is None:
            for paragraph in element.iter(f"{_W}p"):
                found = self._paragraph(paragraph, True)
                if found is not None:
                    yield found
            return
        self.grids.append(grid)
        yield from rows_of(grid, len(self.grids))

    def _notes(self) -> Iterator[FilePiece]:
        for rel in self._document.part.rels.values():
            if rel.is_external or rel.reltype.rsplit("/", 1)[-1] not in ("footnotes", "endnotes"):
                continue
            for note in _parsed(rel.target_part.blob):
                text = " ".join(filter(None, (text_of(p) for p in note.iter(f"{_W}p"))))
                if text and note.get(f"{_W}type") is None:
                    yield FilePiece("note", text, self.page, self.page)

    def remarks(self) -> list[Remark]:
        """What a person should know of how it was read."""
        found = []
        if self._changed:
            found.append(Remark("look", "有没有接受的修订：按全部接受来读，删掉的字不读", "全文"))
        if self.page == 1:
            found.append(
                Remark("look", "Word 文件里没有记下分页，引文都写第 1 页 — 要印刷页码，就导出成 PDF 再给", "全文")
            )
        else:
            found.append(Remark("fine", "页码按 Word 上次保存时的分页来数，和印出来的可能差一页", "全文"))
        if any(True for _ in self._document.element.body.iter(f"{_W}txbxContent")):
            found.append(Remark("look", "有文本框，里面的文字没有读", "全文"))
        return found


def _parsed(blob: bytes) -> Any:
    from docx.oxml import parse_xml

    return parse_xml(blob)


def _inside_table(element: Any) -> bool:
    return any(each.tag == f"{_W}tc" for each in element.iterancestors())


def _inside_box(element: Any) -> bool:
    return any(each.tag == f"{_W}txbxContent" for each in element.iterancestors())


def _page_breaks(element: Any) -> int:
    rendered = sum(1 for _ in element.iter(f"{_W}lastRenderedPageBreak"))
    by_hand = sum(each.get(f"{_W}type") == "page" for each in element.iter(f"{_W}br"))
    return max(rendered, by_hand)


def _breaks_before(element: Any) -> bool:
    """Whether the paragraph's own text comes after its page break."""
    for node in element.iter(f"{_W}t", f"{_W}lastRenderedPageBreak", f"{_W}br"):
        if node.tag == f"{_W}t" and (node.text or "").strip():
            return False
        if node.tag == f"{_W}lastRenderedPageBreak" or node.get(f"{_W}type") == "page":
            return True
    return False


def _looks_titled(element: Any, text: str) -> bool:
    centred = element.find(f"{_W}pPr/{_W}jc")
    is_centred = centred is not None and centred.get(f"{_W}val") == "center"
    return is_centred and len(text) >= 4 and not number_level(text) and not text.endswith(("。", "："))


def _grid(element: Any, page: int) -> Grid | None:
    """A table with the cell that covers each position; None for a frame of one row or column."""
    texts: list[list[str]] = []
    cells: list[list[int]] = []
    number = 0
    for row in element.iterchildren(f"{_W}tr"):
        own_texts: list[str] = []
        own_cells: list[int] = []
        for cell in row.iterchildren(f"{_W}tc"):
            span, goes_on = _span(cell), _goes_on_down(cell)
            at = len(own_cells)
            if goes_on and cells and at < len(cells[-1]):
                text, name = texts[-1][at], cells[-1][at]
            else:
                text, name = " ".join(filter(None, (text_of(p) for p in cell.iter(f"{_W}p")))), number
                number += 1
            own_texts += [text] * span
            own_cells += [name] * span
        texts.append(own_texts)
        cells.append(own_cells)
    width = max(map(len, texts), default=0)
    if len(texts) < 2 or width < 2:
        return None
    for own_texts, own_cells in zip(texts, cells):
        while len(own_texts) < width:
            own_texts.append("")
            own_cells.append(-1 - number)
            number += 1
    merged = sum(map(len, cells)) - len({name for row in cells for name in row})
    return Grid(tuple(map(tuple, texts)), tuple(map(tuple, cells)), page, page, page, merged)


def _span(cell: Any) -> int:
    found = cell.find(f"{_W}tcPr/{_W}gridSpan")
    value = found.get(f"{_W}val", "1") if found is not None else "1"
    return min(60, int(value)) if value.isdigit() and int(value) else 1


def _goes_on_down(cell: Any) -> bool:
    found = cell.find(f"{_W}tcPr/{_W}vMerge")
    return found is not None and found.get(f"{_W}val", "continue") == "continue"
