"""PDFs as offices print them, each made here with its truth: pages, columns, headings, tables, notes, what is broken."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.platypus import PageBreak, Paragraph

from knowledge.document.files.kinds import read_file
from knowledge.document.files.pieces import ReadFile
from knowledge.document.plan_text import squash
from tests.knowledge.document.files.made import (
    BODY,
    HEADING,
    MARKS,
    TITLE,
    Layout,
    paragraph,
    plain_flow,
    table_flow,
    write_pdf,
)

NAME = "某某市基本公共服务“十五五”规划"
HEADINGS = (
    "第一章 总体要求",
    "一、发展基础",
    "（一）加快推进养老设施建设",
    "1.普惠托育",
    "专栏3 重点项目",
    "第二节 公共服务",
)
PARAGRAPHS = tuple(paragraph(number, 2 + number % 3) for number in range(18))
NOTES = ("① 护理型床位：指主要收住失能老年人的床位。", "② 托位：指提供托育服务的位置。")


def texts(read: ReadFile, kind: str) -> list[str]:
    """Of all pieces of a kind, without white space."""
    return [squash(piece.text) for piece in read.pieces if piece.kind == kind]


def remarks(read: ReadFile, weight: str) -> str:
    """What is remarked with a weight, as one text."""
    return "\n".join(f"{remark.where} {remark.what}" for remark in read.remarks if remark.weight == weight)


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("mark", list(MARKS))
def test_every_paragraph_comes_back_whole(tmp_path: Path, mark: str, columns: int) -> None:
    """With any kind of page number, in one column or two, under a running header, over small print; over pages too."""
    layout = Layout(mark=MARKS[mark], first_page=5, columns=columns, header=NAME, notes={2: NOTES})
    flow = [Paragraph(NAME, TITLE), *plain_flow(PARAGRAPHS, HEADINGS)]
    read = read_file(write_pdf(tmp_path / "plan.pdf", flow, layout))
    assert texts(read, "paragraph") == [squash(text) for text in PARAGRAPHS]
    assert texts(read, "heading") == [squash(text) for text in HEADINGS]
    assert texts(read, "note") == [squash(text) for text in NOTES]
    assert squash(read.title) == squash(NAME) and read.removed == ((NAME, read.sheets),)
    assert read.numbering == ("没有印页码" if mark == "none" else mark)
    first = 1 if mark == "none" else 5
    assert [piece.page for piece in read.pieces if piece.kind == "note"] == [first + 1] * 2
    assert read.pieces[0].page == first and max(p.page for p in read.pieces) == first + read.sheets - 1
    assert ("分两栏" in remarks(read, "fine")) == (columns == 2) and not remarks(read, "broken")


def test_levels_are_those_of_the_numbers(tmp_path: Path) -> None:
    """章 is above 节 and 一、, those above （一） and 专栏, those above 1."""
    read = read_file(write_pdf(tmp_path / "plan.pdf", plain_flow(PARAGRAPHS, HEADINGS)))
    assert [piece.level for piece in read.pieces if piece.kind == "heading"] == [1, 2, 3, 4, 3, 2]


def test_a_paragraph_over_two_pages_knows_where_it_turns(tmp_path: Path) -> None:
    """Each sentence of it is on the page on which it begins."""
    from knowledge.document.adopted import adopted_passages, written

    read = read_file(write_pdf(tmp_path / "plan.pdf", plain_flow(PARAGRAPHS)))
    over = [piece for piece in read.pieces if piece.breaks]
    assert over and all(piece.breaks[0][1] == piece.page + 1 for piece in over)
    pages = {squash(p.text): p.page for p in adopted_passages(written(read))}
    for piece in over:
        sentences = [part + "。" for part in piece.text.split("。") if part]
        assert pages[squash(sentences[0])] == piece.page
        at = piece.text.index(sentences[-1])
        assert pages[squash(sentences[-1])] == (piece.page if at < piece.breaks[0][0] else piece.page + 1)


def test_a_table_over_three_pages_is_one(tmp_path: Path) -> None:
    """Its head, printed again on each page, is no row; every row has all its cells."""
    head = [["序号", "指标名称", "单位", "2025年基数", "2030年目标"]]
    rows = [
        [str(n + 1), f"养老服务指标{n}", ("张", "%", "个")[n % 3], str(100 + n), str(200 + 2 * n)] for n in range(70)
    ]
    flow = [
        *plain_flow(PARAGRAPHS[:3]),
        Paragraph("专栏1 主要指标", HEADING),
        table_flow(head, rows),
        *plain_flow(PARAGRAPHS[3:5]),
    ]
    read = read_file(write_pdf(tmp_path / "plan.pdf", flow))
    found = [piece for piece in read.pieces if piece.kind == "row"]
    assert [[text for _, text in piece.cells] for piece in found] == rows
    assert [name for name, _ in found[0].cells] == head[0] and {piece.table for piece in found} == {1}
    assert [(t.rows, t.columns, t.pages) for t in read.tables] == [(71, 5, 3)]
    assert len({piece.page for piece in found}) == 3
    assert texts(read, "paragraph") == [squash(text) for text in PARAGRAPHS[:5]]


def test_merged_cells_stand_in_every_row_that_they_cover(tmp_path: Path) -> None:
    """A head of two rows names its columns; a cell over two rows belongs to both, one over two columns stands once."""
    head = [["领域", "主要任务", "", "责任单位"], ["", "内容", "数量", ""]]
    rows = [
        ["养老", "新建社区养老服务中心", "12个", "市民政局"],
        ["", "改造家庭床位", "3000张", "市民政局"],
        ["教育", "新建幼儿园", "8所", "市教育局"],
        ["", "建设社区学校并免费开放", "", "市教育局"],
    ]
    spans = [((0, 0), (0, 1)), ((1, 0), (2, 0)), ((3, 0), (3, 1)), ((0, 2), (0, 3)), ((0, 4), (0, 5)), ((1, 5), (2, 5))]
    flow = [*plain_flow(PARAGRAPHS[:2]), table_flow(head, rows, spans, colWidths=[60, 180, 80, 100])]
    read = read_file(write_pdf(tmp_path / "plan.pdf", flow))
    found = [dict(piece.cells) for piece in read.pieces if piece.kind == "row"]
    whole = {"领域": "养老", "主要任务/内容": "改造家庭床位", "主要任务/数量": "3000张", "责任单位": "市民政局"}
    assert len(found) == 4 and found[1] == whole
    assert found[3] == {"领域": "教育", "主要任务/内容": "建设社区学校并免费开放", "责任单位": "市教育局"}
    assert read.tables[0].merged == 6


def test_a_missing_page_is_said_with_its_place(tmp_path: Path) -> None:
    """Printed 2 then 4."""
    read = read_file(write_pdf(tmp_path / "plan.pdf", plain_flow(PARAGRAPHS), Layout(skipped=frozenset([3]))))
    assert "文件的第 3 页 第 2 页之后是第 4 页：少了 1 页" in remarks(read, "broken")


def test_contents_are_no_text_and_are_held_against_the_headings(tmp_path: Path) -> None:
    """Their lines are left out; a title that the text has not is said."""
    contents = [
        Paragraph(f"{title}{'.' * 60}{page}", BODY) for page, title in enumerate((*HEADINGS[:3], "（二）走失的一节"), 1)
    ]
    flow = [Paragraph("目 录", HEADING), *contents, PageBreak(), *plain_flow(PARAGRAPHS, HEADINGS)]
    read = read_file(write_pdf(tmp_path / "plan.pdf", flow))
    assert read.contents_lines == 4 and texts(read, "paragraph") == [squash(text) for text in PARAGRAPHS]
    assert "“（二）走失的一节”" in remarks(read, "look") and HEADINGS[2] not in remarks(read, "look")


def test_a_table_without_rules_is_pointed_out(tmp_path: Path) -> None:
    """What stands in columns without lines cannot be told from text: a person has to look."""
    from reportlab.platypus import Table

    bare = Table([[f"项目{n}", f"{n}00张", "市民政局"] for n in range(12)], colWidths=[150, 150, 120])
    bare.setStyle([("FONTNAME", (0, 0), (-1, -1), BODY.fontName)])
    read = read_file(write_pdf(tmp_path / "plan.pdf", [*plain_flow(PARAGRAPHS[:3]), bare]))
    assert "没有框线的表" in remarks(read, "look")
