"""Where each paragraph stands: chapter, section, heading.

Titles are lost in Qingpu's text but the contents page keeps the first page of every chapter and
section, so both are found again by position:

- a chapter begins with the first paragraph of its first page;
- a section begins, on its page, at what is left of its title (a line of only quotes or digits);
  without one, where the headings start again at （一）, or at the single introducing paragraph
  before that; without headings, at the first paragraph that begins on the page.

A plan that kept its 「第一章 …」 and 「第一节 …」 lines is read from those instead. A lost title is
never invented: it is a number, unless `document.yml` gives it with its source.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.document.documents import ChapterOutline, Document
from knowledge.document.plan_text import CAPTION, HEADING, Paragraph, squash
from knowledge.groundwork.errors import PlanInconsistent

_DIGITS = "零一二三四五六七八九十"
_RESIDUE = re.compile(r"^[“”‘’\s\d]*$")
_CHAPTER_LINE = re.compile(r"^第([一二三四五六七八九十]+)[章篇编]\s*(\S.{0,40})?$")
_SECTION_LINE = re.compile(r"^(?:第([一二三四五六七八九十]+)节|([一二三四五六七八九十]+)、)\s*([^。；]{1,40})$")
_TABLE_TITLE = re.compile(r"主要指标$")
MAX_HEADING_CHARS = 40


@dataclass(frozen=True)
class Placed:
    """A body paragraph and where it stands. `chapter` and `section` are ready to print, or ""."""

    paragraph: Paragraph
    chapter: str
    section: str
    heading: str
    chapter_number: int


def chinese_number(number: int) -> str:
    """1–99 in Chinese numerals."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def is_heading(text: str) -> bool:
    """A line such as （一）加快推进养老设施建设."""
    return bool(HEADING.match(text)) and len(text) <= MAX_HEADING_CHARS and not text.endswith("。")


def place(paragraphs: Sequence[Paragraph], document: Document) -> list[Placed]:
    """Body paragraphs with their place, in order; titles, captions and residues are left out.

    Raises `PlanInconsistent` when a chapter or section of the contents has no beginning in the text.
    """
    if document.chapters:
        return _place_by_contents(paragraphs, document)
    return _place_by_title_lines([p for p in paragraphs if squash(p.text) != squash(document.title)])


def _place_by_title_lines(paragraphs: Sequence[Paragraph]) -> list[Placed]:
    placed: list[Placed] = []
    chapter = section = heading = ""
    number = 0
    for paragraph in paragraphs:
        text = paragraph.text
        chapter_line, section_line = _CHAPTER_LINE.match(text), _SECTION_LINE.match(text)
        if chapter_line:
            chapter, section, heading, number = text, "", "", number + 1
        elif section_line and len(text) <= MAX_HEADING_CHARS:
            section, heading = text, ""
        elif is_heading(text):
            heading = text
        elif not _RESIDUE.match(text) and not CAPTION.match(text):
            placed.append(Placed(paragraph, chapter, section, heading, number))
    return placed


def _place_by_contents(paragraphs: Sequence[Paragraph], document: Document) -> list[Placed]:
    placed: list[Placed] = []
    for chapter in document.chapters:
        last = _next_chapter_page(chapter, document) - 1
        own = [p for p in paragraphs if chapter.page <= p.page <= last]
        if not own:
            raise PlanInconsistent(
                f"第{chinese_number(chapter.number)}章应从第 {chapter.page} 页开始，但正文没有这一页 — "
                "规划文本不完整，或 document.yml 的 contents 写错了页码"
            )
        placed += _place_chapter(own, chapter)
    closing = document.closing_page
    if closing:
        end = document.notes_page or 10**6
        placed += [
            Placed(p, "结语", "", "", 0) for p in paragraphs if closing <= p.page < end and not _RESIDUE.match(p.text)
        ]
    return placed


def _next_chapter_page(chapter: ChapterOutline, document: Document) -> int:
    later = [c.page for c in document.chapters if c.page > chapter.page]
    if later:
        return later[0]
    return document.closing_page or document.notes_page or 10**6


def chapter_name(chapter: ChapterOutline) -> str:
    """「第九章」, with its title where document.yml gives one with a source."""
    return f"第{chinese_number(chapter.number)}章" + (f" {chapter.title}" if chapter.title else "")


def _place_chapter(own: Sequence[Paragraph], chapter: ChapterOutline) -> list[Placed]:
    starts = section_starts(own, chapter)
    placed: list[Placed] = []
    section = heading = ""
    for index, paragraph in enumerate(own):
        if index in starts:
            section, heading = f"第{chinese_number(starts[index])}节", ""
        text = paragraph.text
        if is_heading(text) or _TABLE_TITLE.search(text):
            heading = text
        elif not _RESIDUE.match(text) and not CAPTION.match(text):
            placed.append(Placed(paragraph, chapter_name(chapter), section, heading, chapter.number))
    return placed


def section_starts(own: Sequence[Paragraph], chapter: ChapterOutline) -> dict[int, int]:
    """Index of the first paragraph of each section of a chapter → section number from 1.

    Raises `PlanInconsistent` when a section of the contents has no beginning.
    """
    starts: dict[int, int] = {}
    after = 0
    for number, page in enumerate(chapter.section_pages, start=1):
        found = _section_start(own, page, after, first=number == 1)
        if found is None:
            raise PlanInconsistent(
                f"第{chinese_number(chapter.number)}章第{chinese_number(number)}节应在第 {page} 页开始，"
                "但那一页没有可作节首的段落 — 核对 document.yml 的 contents"
            )
        index, after = found
        starts[index] = number
    return starts


def _section_start(own: Sequence[Paragraph], page: int, after: int, *, first: bool) -> tuple[int, int] | None:
    """The section's first paragraph and the paragraph from which the next section may be sought."""
    on_page = [i for i in range(after, len(own)) if own[i].page == page]
    for index in on_page:
        opens_chapter = first and index == 0
        if _RESIDUE.match(own[index].text) and not opens_chapter:
            return index, index + 1
    restarts = [i for i in range(after, len(own)) if own[i].text.startswith("（一）") and is_heading(own[i].text)]
    for heading in restarts:
        introduction = _introduction(own, heading, after)
        if introduction is not None and own[introduction].page == page:
            return introduction, heading + 1
        if own[heading].page == page:
            return heading, heading + 1
    # No heading restarts here: the first paragraph that begins on the page.
    return (on_page[0], on_page[0] + 1) if on_page else None


def _introduction(own: Sequence[Paragraph], heading: int, after: int) -> int | None:
    """The paragraph that introduces the section whose first heading is given, if there is one."""
    before = heading - 1
    while before >= after and CAPTION.match(own[before].text):
        before -= 1
    opens_chapter = before == 0
    if before < after or opens_chapter or is_heading(own[before].text):
        return None
    if is_heading(own[before - 1].text):  # a heading's only paragraph
        return None
    return before
