"""A web page as it was saved, into pieces. Scripts do not run, nothing is fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowledge.document.files.encodings import decoded
from knowledge.document.files.headings import MAX_HEADING_CHARS, is_caption, level_of
from knowledge.document.files.pieces import FilePiece, ReadFile, Remark, TableRead, Unfit
from knowledge.document.files.table_rows import Grid, rows_of
from knowledge.document.plan_text import MIN_PLAN_CHARS, squash, tidy

_DROPPED = ("script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "form", "button", "select")
_AROUND = ("nav", "header", "footer", "aside")
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "blockquote",
        "pre",
        "main",
        "body",
        "td",
        "center",
        "figure",
    ]
)
_CHARSET = re.compile(rb"<meta[^<>]+charset\s*=\s*(?:[\"']\s*)?([\w-]+)", re.IGNORECASE)


def read_web_page(path: Path) -> ReadFile:
    """All of a page. Raises `Unfit`."""
    import lxml.html
    from lxml.etree import ParserError

    raw = path.read_bytes()
    named = _CHARSET.search(raw[:4096])
    text, encoding = decoded(raw, named[1].decode("ascii", "ignore") if named else "")
    parser = lxml.html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = lxml.html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text), parser=parser)
    except (ParserError, ValueError):
        raise Unfit("网页是空的，或者不是网页 — 用浏览器打开，全部选中，粘贴到 Word 再给") from None
    remarks = _dropped(root)
    reading = _Page(root)
    pieces = list(reading.pieces())
    if sum(len(squash(piece.text)) for piece in pieces) < MIN_PLAN_CHARS and any(r.weight == "look" for r in remarks):
        raise Unfit("网页的文字是脚本写出来的，文件里没有 — 用浏览器打开，打印成 PDF 再给")
    remarks.append(Remark("look", "网页没有页码，引文都写第 1 页 — 要印刷页码，给 PDF", "全文"))
    if encoding != "UTF-8":
        remarks.append(Remark("fine", f"编码是 {encoding}，已转换", "全文"))
    return ReadFile(
        form="网页",
        title=reading.title,
        sheets=1,
        numbering="没有分页",
        pieces=tuple(pieces),
        remarks=tuple(remarks),
        tables=tuple(TableRead(1, len(g.texts), len(g.texts[0]), g.merged) for g in reading.grids),
        removed=reading.removed,
    )


def _dropped(root: Any) -> list[Remark]:
    found = []
    if any(True for _ in root.iter("script")):
        found.append(Remark("look", "网页里有脚本，没有运行：脚本写出来的文字不在里面", "全文"))
    if any(True for _ in root.iter("iframe", "object", "embed")):
        found.append(Remark("look", "网页里嵌着别的网页或文件，没有去取", "全文"))
    for element in list(root.iter(*_DROPPED)):
        element.drop_tree()
    return found


class _Page:
    """The body in its order."""

    def __init__(self, root: Any) -> None:
        self._root = root
        self.grids: list[Grid] = []
        title = root.find(".//h1")
        self.title = _text(title) if title is not None else _text(root.find(".//title"))
        self._title_element = title
        self.removed = tuple((_text(each)[:40], 1) for each in root.iter(*_AROUND) if _text(each))
        for each in list(root.iter(*_AROUND)):
            if each.find(".//h1") is None:
                each.drop_tree()

    def pieces(self) -> Iterator[FilePiece]:
        """Headings, paragraphs and rows."""
        body = self._root.find("body")
        yield from self._walk(body if body is not None else self._root)

    def _walk(self, element: Any) -> Iterator[FilePiece]:
        """A block: its own text between the blocks in it, each run a paragraph."""
        run = element.text or ""
        for child in element:
            if not isinstance(child.tag, str):
                run += child.tail or ""
                continue
            if child.tag in ("table", "hr") or child.tag in _BLOCKS or re.fullmatch(r"h[1-6]", child.tag):
                yield from self._paragraph(run)
                yield from self._block(child)
                run = child.tail or ""
            elif child.tag == "br":
                yield from self._paragraph(run)
                run = child.tail or ""
            elif child.tag == "sup" and re.fullmatch(r"[\[［]?\d+[\]］]?|[①-⑳]", squash(child.text_content())):
                run += child.tail or ""
            elif any(each.tag in _BLOCKS or each.tag == "table" for each in child.iterdescendants()):
                yield from self._paragraph(run)
                yield from self._walk(child)
                run = child.tail or ""
            else:
                run += child.text_content() + (child.tail or "")
        yield from self._paragraph(run)

    def _block(self, element: Any) -> Iterator[FilePiece]:
        if element is self._title_element:
            return
        if element.tag == "table":
            yield from self._table(element)
        elif re.fullmatch(r"h[1-6]", element.tag):
            text = _text(element)
            if text and squash(text) != squash(self.title):
                level = level_of(text) or max(1, min(4, int(element.tag[1]) - (self._title_element is not None)))
                yield FilePiece("heading", text, 1, level=level)
        else:
            yield from self._walk(element)

    def _paragraph(self, run: str) -> Iterator[FilePiece]:
        text = _tidied(run)
        if not text or is_caption(text) or squash(text) == squash(self.title):
            return
        level = level_of(text) if len(text) <= MAX_HEADING_CHARS else 0
        yield FilePiece("heading" if level else "paragraph", text, 1, level=level)

    def _table(self, element: Any) -> Iterator[FilePiece]:
        grid = _grid(element)
        if grid is None or element.find(".//table") is not None:
            for cell in element.iter("td", "th"):
                yield from self._walk(cell)
            return
        self.grids.append(grid)
        yield from rows_of(grid, len(self.grids))


def _tidied(text: str) -> str:
    return tidy(re.sub(r"[\s\u3000\xa0]+", " ", text).strip())


def _text(element: Any) -> str:
    return _tidied(element.text_content()) if element is not None else ""


def _grid(element: Any) -> Grid | None:
    """The positions that each cell covers, by its rowspan and colspan."""
    placed: dict[tuple[int, int], tuple[str, int]] = {}
    number = 0
    rows = list(element.iter("tr"))
    for y, row in enumerate(rows):
        x = 0
        for cell in row.iterchildren("td", "th"):
            while (y, x) in placed:
                x += 1
            for down in range(_span(cell, "rowspan")):
                for across in range(_span(cell, "colspan")):
                    placed[(y + down, x + across)] = (_text(cell), number)
            number += 1
            x += _span(cell, "colspan")
    height, width = len(rows), 1 + max((x for _, x in placed), default=-1)
    if height < 2 or width < 2 or width > 60:
        return None
    texts = tuple(tuple(placed.get((y, x), ("", 0))[0] for x in range(width)) for y in range(height))
    cells = tuple(
        tuple(placed[(y, x)][1] if (y, x) in placed else -1 - y * width - x for x in range(width))
        for y in range(height)
    )
    merged = height * width - len({name for row in cells for name in row})
    return Grid(texts, cells, 1, 1, 1, merged)


def _span(cell: Any, name: str) -> int:
    value = str(cell.get(name) or "1")
    return min(100, int(value)) if value.isdigit() and int(value) else 1
