"""A text file into pieces, its pages by form feeds, printed numbers or the indents that a PDF's text has."""

from __future__ import annotations

import re
from pathlib import Path

from knowledge.document.files.encodings import decoded
from knowledge.document.files.headings import level_of
from knowledge.document.files.pieces import FilePiece, ReadFile, Remark, Unfit
from knowledge.document.plan_text import CAPTION, body_lines, paragraphs, squash
from knowledge.groundwork.errors import KnowledgeError

_RESIDUE = re.compile(r"^[“”‘’\s\d.]*$")


def read_plain_text(path: Path) -> ReadFile:
    """All of a text. Raises `Unfit`."""
    text, encoding = decoded(path.read_bytes())
    try:
        lines = body_lines(text, path)
    except KnowledgeError as error:
        raise Unfit(str(error).split(": ", 1)[-1]) from None
    found = [each for each in paragraphs(lines) if not _RESIDUE.match(each.text) and not CAPTION.match(each.text)]
    first = next((row.strip() for row in text.split("\n") if row.strip()), "")
    title = first if 4 <= len(first) <= 60 and not first.endswith("。") and not level_of(first) else ""
    pieces = []
    for each in found:
        if title and squash(each.text) == squash(title):
            continue
        level = level_of(each.text)
        breaks = tuple((at, page) for at, page in enumerate(each.pages) if at and page != each.pages[at - 1])
        kind = "heading" if level else "paragraph"
        pieces.append(FilePiece(kind, each.text, each.page, each.page, level=level, breaks=breaks))  # type: ignore[arg-type]
    pages = max((line.page for line in lines), default=1)
    remarks = [Remark("fine", f"编码是 {encoding}，已转换", "全文")] if encoding != "UTF-8" else []
    if pages == 1:
        remarks.append(Remark("look", "文本里没有分页，引文都写第 1 页 — 要印刷页码，给 PDF", "全文"))
    return ReadFile(
        form="文本",
        title=title,
        sheets=pages,
        numbering="文本里的分页" if pages > 1 else "没有分页",
        pieces=tuple(pieces),
        remarks=tuple(remarks),
    )
