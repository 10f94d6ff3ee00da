"""From a plan's file to paragraphs with printed pages.

The text is what a PDF leaves: lines broken mid-word, a blank line between lines, titles lost. Two
marks survive and are enough: from the line `- 1 -` on, a line that begins with white space and
then text opens a new page (checked against every printed `- N -`), and the last line of a
paragraph ends with white space. Measured on Qingpu's plan: 78 pages, agreeing with the printed
1, 8 and 70 and with the contents page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from knowledge.groundwork.errors import PlanInconsistent, PlanUnreadable

_PRINTED_PAGE = re.compile(r"^\s*-\s*(\d{1,6})\s*-\s*$")
_CONTENTS_LINE = re.compile(r"\.{6,}")
_BESIDE_CHINESE = re.compile(r"(?<=[^\x00-\x7f])[ \t]+(?=\S)|(?<=\S)[ \t]+(?=[^\x00-\x7f])")
_SENTENCE_END = "。！？"
MAX_PRINTED_CHARS = 60  # of a line on paper: A4 has 45 at the most
PARAGRAPH_SHARE = 0.1
MIN_PLAN_CHARS = 200  # shorter than one printed page: certainly truncated


@dataclass(frozen=True)
class Line:
    """One line of the body: stripped text, printed page, line number in the file, ends a paragraph."""

    text: str
    page: int
    number: int
    ends_paragraph: bool
    opens_page: bool = False


@dataclass(frozen=True)
class Paragraph:
    """Joined lines. `pages[i]` is the printed page and `lines[i]` the file's line of `text[i]`."""

    text: str
    pages: tuple[int, ...]
    lines: tuple[int, ...]
    opens_page: bool

    @property
    def page(self) -> int:
        """The page on which the paragraph begins."""
        return self.pages[0]


def squash(text: str) -> str:
    """`text` without any white space: the form in which quotes are compared."""
    return re.sub(r"\s+", "", text)


def tidy(text: str) -> str:
    """The text without the blanks that the PDF put beside Chinese characters."""
    return _BESIDE_CHINESE.sub("", text)


def read_plan(path: Path) -> str:
    """The plan's text, from UTF-8 text or from a PDF (its pages joined by form feeds).

    Raises `PlanUnreadable` when the file is missing, empty, not UTF-8, or a PDF without text.
    """
    if not path.exists():
        raise PlanUnreadable(f"{path}: 没有这个文件 — 检查 --plan 的路径")
    raw = path.read_bytes()
    if raw[:5] == b"%PDF-":
        return _read_pdf(path)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise PlanUnreadable(f"{path}:{line}: 不是 UTF-8 编码 — 用 iconv -f GB18030 -t UTF-8 转换后再建库") from None
    if "\x00" in text:
        raise PlanUnreadable(f"{path}: 含有空字节，不是文本 — 给出 UTF-8 文本或 PDF")
    if len(squash(text)) < MIN_PLAN_CHARS:
        raise PlanUnreadable(f"{path}:1: 只有 {len(squash(text))} 个字 — 文件是空的或不完整，重新取得全文")
    return text


def _read_pdf(path: Path) -> str:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(path)
        pages = [page.extract_text() or "" for page in reader.pages]
    except (PyPdfError, ValueError, KeyError, OSError) as error:
        raise PlanUnreadable(f"{path}: PDF 读不出（{error}） — 用阅读器另存一份，或先转成文本") from None
    text = "\f".join(pages)
    if len(squash(text)) < MIN_PLAN_CHARS:
        raise PlanUnreadable(f"{path}: PDF 里没有文字（可能是扫描件） — 先做文字识别（OCR）再建库")
    return text


def body_lines(text: str, source: Path) -> list[Line]:
    """The lines of the plan's body with their printed pages.

    The body begins at the line `- 1 -`; a text without one begins at its first line, counts form
    feeds as page breaks and takes lone `- N -` lines as the printed page. Raises `PlanInconsistent`
    when a printed page number contradicts the count, `PlanUnreadable` when there is no body.
    """
    rows = text.split("\n")
    start = next((i for i, row in enumerate(rows) if _is_page_mark(row, 1)), None)
    if start is None or "\f" in text:
        return _lines_with_form_feeds(rows, source)
    if not any(_CONTENTS_LINE.search(row) for row in rows[:start]) and not _opens_by_indent(rows[start + 1 :]):
        return _lines_with_form_feeds(rows, source)
    return _lines_with_indents(rows, start, source)


def _is_page_mark(row: str, number: int) -> bool:
    mark = _PRINTED_PAGE.match(row)
    return bool(mark) and int(mark.group(1)) == number  # type: ignore[union-attr]


def _opens_by_indent(rows: list[str]) -> bool:
    indented = [row for row in rows if re.match(r"\s+\S", row)]
    return 0 < len(indented) < 0.1 * max(1, sum(bool(row.strip()) for row in rows))


def _lines_with_indents(rows: list[str], start: int, source: Path) -> list[Line]:
    lines: list[Line] = []
    page, opens = 1, True
    for index, row in enumerate(rows[start + 1 :], start=start + 1):
        if not row.strip():
            continue
        if re.match(r"\s+\S", row):
            page, opens = page + 1, True
        mark = _PRINTED_PAGE.match(row)
        if mark:
            if int(mark.group(1)) != page:
                raise PlanInconsistent(
                    f"{source}:{index + 1}: 这里印着第 {mark.group(1)} 页，按换页记号数来是第 {page} 页 — "
                    "核对此处之前的换页（页首一行以空白开头）有没有丢失或多出"
                )
            continue
        lines.append(Line(row.strip(), page, index + 1, row != row.rstrip(), opens))
        opens = False
    if not lines:
        raise PlanUnreadable(f"{source}:{start + 1}: 在“- 1 -”之后没有正文 — 文件不完整，重新取得全文")
    return lines


def _lines_with_form_feeds(rows: list[str], source: Path) -> list[Line]:
    raw: list[tuple[str, int, int, bool]] = []
    page, opens = 1, True
    for index, row in enumerate(rows):
        for part_number, part in enumerate(row.split("\f")):
            if part_number:
                page, opens = page + 1, True
            mark = _PRINTED_PAGE.match(part)
            if mark or not part.strip() or _CONTENTS_LINE.search(part):
                continue
            raw.append((part, page, index + 1, opens))
            opens = False
    if not raw:
        raise PlanUnreadable(f"{source}:1: 只有目录和页码，没有正文 — 文件不完整，重新取得全文")
    width = sorted(len(part.strip()) for part, *_ in raw)[int(len(raw) * 0.8)]
    whole = _holds_paragraphs([part.strip() for part, *_ in raw])
    return [
        Line(part.strip(), page, number, whole or _looks_final(part.strip(), width), opens)
        for part, page, number, opens in raw
    ]


def _holds_paragraphs(rows: list[str]) -> bool:
    """Whether each line is a whole paragraph, as in a text that was copied from a page: some are longer than any print."""
    return sum(len(row) > MAX_PRINTED_CHARS for row in rows) >= PARAGRAPH_SHARE * max(1, len(rows))


def _looks_final(text: str, width: int) -> bool:
    return text.endswith(tuple(_SENTENCE_END)) or len(text) < 0.6 * width


def paragraphs(lines: list[Line]) -> list[Paragraph]:
    """Lines joined into paragraphs, in order; every character keeps its page and file line."""
    found: list[Paragraph] = []
    text, pages, numbers, opens = "", [], [], False  # type: str, list[int], list[int], bool
    width = sorted(_printed_width(line.text) for line in lines)[int(len(lines) * 0.8)] if lines else 0
    for line in lines:
        starts_alone = any(mark.match(line.text) for mark in (HEADING, CAPTION, TITLE_LINE))
        if text and starts_alone:
            found.append(Paragraph(text, tuple(pages), tuple(numbers), opens))
            text, pages, numbers, opens = "", [], [], False
        if not text:
            opens = line.opens_page
        joint = " " if text and _needs_space(text[-1], line.text[0]) else ""
        text += joint + line.text
        pages += [line.page] * (len(joint) + len(line.text))
        numbers += [line.number] * (len(joint) + len(line.text))
        short_end = line.text.endswith(tuple(_SENTENCE_END)) and _printed_width(line.text) < 0.92 * width
        if line.ends_paragraph or short_end:
            found.append(Paragraph(text, tuple(pages), tuple(numbers), opens))
            text, pages, numbers, opens = "", [], [], False
    if text:
        found.append(Paragraph(text, tuple(pages), tuple(numbers), opens))
    return found


def _printed_width(text: str) -> int:
    """Columns of a printed line: a Chinese character takes two, a Latin one takes one."""
    return sum(1 if character.isascii() else 2 for character in text)


def _needs_space(before: str, after: str) -> bool:
    return before.isascii() and after.isascii() and before.isalnum() and after.isalnum()


HEADING = re.compile(r"^（[一二三四五六七八九十]{1,3}）\s*(\S.*)?$")
CAPTION = re.compile(r"^图\s*\d+[：:]")
TITLE_LINE = re.compile(r"^第[一二三四五六七八九十]+[章篇编节](?:\s|$)")
