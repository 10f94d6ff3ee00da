"""From placed paragraphs to passages: the sentences, table rows and definitions that can be quoted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.document.adopted import adopted_passages, is_adopted
from knowledge.document.documents import Document
from knowledge.document.files.headings import lead_of, run_in
from knowledge.document.outline import chinese_number, is_heading, place
from knowledge.document.passage import Passage as Passage
from knowledge.document.plan_text import Line, Paragraph, body_lines, paragraphs, read_plan, squash
from knowledge.groundwork.errors import PlanInconsistent

_SENTENCE = re.compile(r"[^。！？]*[。！？][”’）》]*|[^。！？]+$")
_NOTE_ITEM = re.compile(r"^(\d{1,2})\s*\.\s*(?=\S)")
_TABLE_HEAD = re.compile(r"序号\s*指标名称")
_UNIT_CELL = re.compile(r"\S{1,8}\s+(?:预期性|约束性)")
_ROW = re.compile(r"^(\d+)\s+(?P<name>.+?)\s+(?P<unit>\S+)\s+(?P<nature>预期性|约束性)\s*(?P<target>.+)$")


@dataclass(frozen=True)
class IndicatorRow:
    """A row of the table of indicators. `target` is as printed, for example `50` or `8 左右`."""

    number: int
    name: str
    unit: str
    nature: str
    target: str


def passages_of(path: Path, document: Document) -> list[Passage]:
    """Every quotable passage of the plan in printed order.

    Raises `PlanUnreadable` or `PlanInconsistent` with file and line.
    """
    text = read_plan(path)
    if is_adopted(text):
        return adopted_passages(text)
    lines = body_lines(text, path)
    last = lines[-1].page
    if document.notes_page and last < document.notes_page:
        raise PlanInconsistent(
            f"{path}:{lines[-1].number}: 正文只到第 {last} 页，按 document.yml 应到第 {document.notes_page} 页之后 — "
            "文件被截断了，重新取得全文"
        )
    notes = [line for line in lines if document.notes_page and line.page >= document.notes_page]
    table = _table_lines(lines)
    body = [line for line in lines if line not in set(notes) and line not in set(table)]
    found = list(_body_passages(paragraphs(body), document))
    found += _indicator_passages(table, document)
    found += _definition_passages(notes)
    return sorted(found, key=lambda passage: passage.line)


def _body_passages(own: Sequence[Paragraph], document: Document) -> Iterator[Passage]:
    for placed in place(own, document):
        paragraph = placed.paragraph
        past = placed.chapter_number == 1 and placed.section == "第一节" and bool(document.baseline_year)
        text, lead, item = _item(paragraph.text, document)
        begins = paragraph.text.index(text) if text else 0
        for match in _SENTENCE.finditer(text):
            sentence = match.group().strip()
            if len(squash(sentence)) < 4:
                continue
            at = begins + match.start() + len(match.group()) - len(match.group().lstrip())
            yield Passage(
                text=sentence,
                page=paragraph.pages[at],
                line=paragraph.lines[at],
                chapter=placed.chapter,
                section=placed.section,
                heading=item or placed.heading,
                kind="body",
                period="past" if past else "plan",
                lead=lead,
            )


def _item(paragraph: str, document: Document) -> tuple[str, str, str]:
    """What a paragraph says, who leads, and its own heading: of a plan whose outline nobody wrote down.

    Where somebody did (`contents`), its catalogue quotes the sentences as they were always cut.
    """
    if document.chapters:
        return paragraph, "", ""
    text, lead = lead_of(paragraph)
    own, rest = run_in(text)
    return rest, lead, own


def _table_lines(lines: Sequence[Line]) -> list[Line]:
    """The lines of the table of indicators: its title, its head and all to the end of that page."""
    head = next((i for i, line in enumerate(lines) if _TABLE_HEAD.search(line.text)), None)
    if head is None:
        return []
    first = head - 1 if head and "指标" in lines[head - 1].text else head
    page = lines[head].page
    return [line for line in lines[first:] if line.page == page]


def _indicator_passages(table: Sequence[Line], document: Document) -> list[Passage]:
    if not table:
        return []
    title = table[0].text
    place_of = next((c for c in reversed(document.chapters) if c.page <= table[0].page), None)
    section = ""
    if place_of:
        number = sum(1 for page in place_of.section_pages if page <= table[0].page)
        section = f"第{chinese_number(number)}节" if number else ""
    rows = join_rows(table)
    return [
        Passage(
            text=text,
            page=line.page,
            line=line.number,
            chapter=f"第{chinese_number(place_of.number)}章" + (f" {place_of.title}" if place_of.title else "")
            if place_of
            else "",
            section=section,
            heading=title,
            kind="indicator",
        )
        for text, line in rows
    ]


def join_rows(table: Sequence[Line]) -> list[tuple[str, Line]]:
    """Rows broken over lines, joined again; a row begins with the next number in sequence."""
    rows: list[tuple[str, Line]] = []
    expected = 1
    for line in table:
        if re.match(rf"{expected}(\s|$)", line.text):
            rows.append((line.text, line))
            expected += 1
        elif rows:
            text, first = rows[-1]
            glue = "" if _joins(text, line.text) and not _UNIT_CELL.match(line.text) else " "
            rows[-1] = (text + glue + line.text, first)
    return rows


def _joins(before: str, after: str) -> bool:
    chinese = re.compile(r"[\u4e00-\u9fff、，（）]")
    return bool(chinese.match(before[-1]) and chinese.match(after[0])) or before.endswith("、")


def read_row(text: str) -> IndicatorRow | None:
    """The cells of a joined row, or None if it does not have the table's five columns."""
    match = _ROW.match(text)
    if not match:
        return None
    name = re.sub(r"(?<=[\u4e00-\u9fff、）])\s+(?=[\u4e00-\u9fff（])", "", match["name"])
    return IndicatorRow(int(match[1]), name, match["unit"], match["nature"], match["target"].strip())


def _definition_passages(notes: Sequence[Line]) -> list[Passage]:
    """Each numbered item of the notes is one passage, its number left out. Two lists follow each other."""
    items: list[tuple[str, Line, str]] = []
    heading, number = "指标解释", 0
    for paragraph_line in notes:
        text = paragraph_line.text
        match = _NOTE_ITEM.match(text)
        if match and int(match[1]) in (number + 1, 1):
            if int(match[1]) == 1 and number:
                heading = "名词解释"
            number = int(match[1])
            items.append((text[match.end() :], paragraph_line, heading))
        elif items and not is_heading(text):
            before, line, own = items[-1]
            items[-1] = (before + text, line, own)
    return [
        Passage(
            text=text.strip(),
            page=line.page,
            line=line.number,
            chapter="附注",
            section="",
            heading=own,
            kind="definition",
        )
        for text, line, own in items
    ]


def definition_term(text: str) -> str:
    """The term that a note defines: 「候鸟人才。指…」 → 「候鸟人才」; "" if the note has no such form."""
    head = re.split(r"[。，]\s*即?指?|即", text, maxsplit=1)[0]
    return re.sub(r"[“”]", "", head).strip() if len(head) <= 60 else ""
