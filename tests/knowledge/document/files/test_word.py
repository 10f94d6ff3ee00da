"""Word files, made by python-docx with their truth: headings by style and by number, lists, merged cells, changes."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls

from knowledge.document.files.kinds import read_file
from knowledge.document.files.pieces import ReadFile, Unfit
from tests.knowledge.document.files.made import paragraph

PARAGRAPHS = tuple(paragraph(number) for number in range(6))


def texts(read: ReadFile, kind: str) -> list[str]:
    """Of all pieces of a kind."""
    return [piece.text for piece in read.pieces if piece.kind == kind]


def written(path: Path) -> Any:
    """A file with a title, headings of every kind, two pages, a table with merged cells, header and footer."""
    document = docx.Document()
    title = document.add_paragraph("某某县民生实事计划")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.sections[0].header.paragraphs[0].text = "某某县人民政府"
    document.add_heading("总体要求", level=1)
    document.add_paragraph(PARAGRAPHS[0])
    document.add_paragraph("一、养老服务")
    document.add_paragraph(PARAGRAPHS[1])
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    document.add_paragraph("（一）床位建设")
    document.add_paragraph(PARAGRAPHS[2])
    table = document.add_table(rows=4, cols=3)
    for at, text in enumerate(("领域", "任务", "责任单位")):
        table.cell(0, at).text = text
    table.cell(1, 0).merge(table.cell(2, 0)).text = "养老"
    table.cell(1, 1).text, table.cell(1, 2).text = "新建床位300张", "县民政局"
    table.cell(2, 1).text, table.cell(2, 2).text = "改造床位100张", "县民政局"
    table.cell(3, 0).text = "教育"
    table.cell(3, 1).merge(table.cell(3, 2)).text = "新建幼儿园2所"
    document.save(str(path))
    return document


def test_headings_paragraphs_pages_and_tables(tmp_path: Path) -> None:
    """By style or by number; the page break counts; a merged cell belongs to each of its rows; no header in the text."""
    written(tmp_path / "plan.docx")
    read = read_file(tmp_path / "plan.docx")
    assert (read.form, read.title) == ("Word", "某某县民生实事计划")
    assert [(p.text, p.level) for p in read.pieces if p.kind == "heading"] == [
        ("总体要求", 1),
        ("一、养老服务", 2),
        ("（一）床位建设", 3),
    ]
    assert texts(read, "paragraph") == list(PARAGRAPHS[:3])
    assert [p.page for p in read.pieces if p.kind == "paragraph"] == [1, 1, 2]
    assert [dict(p.cells) for p in read.pieces if p.kind == "row"] == [
        {"领域": "养老", "任务": "新建床位300张", "责任单位": "县民政局"},
        {"领域": "养老", "任务": "改造床位100张", "责任单位": "县民政局"},
        {"领域": "教育", "任务": "新建幼儿园2所"},
    ]
    assert read.tables[0].merged == 2 and read.removed == (("某某县人民政府", 1),)


def test_numbers_that_word_writes_by_itself_are_counted(tmp_path: Path) -> None:
    """A list 一、 二、 whose numbers stand nowhere in the text."""
    document = docx.Document()
    numbering = document.part.numbering_part.element
    numbering.insert(
        0,
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
            '<w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl></w:abstractNum>'
        ),
    )
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    for text in ("养老服务", "托育服务"):
        own = document.add_paragraph(text)._p.get_or_add_pPr()
        own.append(parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="77"/></w:numPr>'))
        document.add_paragraph(PARAGRAPHS[0])
    document.save(str(tmp_path / "plan.docx"))
    assert texts(read_file(tmp_path / "plan.docx"), "heading") == ["一、养老服务", "二、托育服务"]


def test_changes_are_read_as_accepted(tmp_path: Path) -> None:
    """What is inserted counts, what is deleted does not, and the person is told."""
    document = docx.Document()
    changed = document.add_paragraph("新建养老床位")
    for tag, inner, text in (("w:del", "w:delText", "三百张"), ("w:ins", "w:t", "五百张")):
        change, run, words = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(inner)
        words.text = text
        run.append(words)
        change.append(run)
        changed._p.append(change)
    document.add_paragraph(PARAGRAPHS[0])
    document.save(str(tmp_path / "plan.docx"))
    read = read_file(tmp_path / "plan.docx")
    assert texts(read, "paragraph")[0] == "新建养老床位五百张"
    assert any("修订" in remark.what for remark in read.remarks)


def rewritten(path: Path, parts: dict[str, bytes]) -> Path:
    """The file with some parts added, or put in place of its own."""
    with zipfile.ZipFile(path) as old:
        own = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in {**own, **parts}.items():
            new.writestr(name, data)
    return path


def test_macros_are_refused(tmp_path: Path) -> None:
    """A Word file that brings a program along."""
    written(tmp_path / "plan.docx")
    with pytest.raises(Unfit, match="宏"):
        read_file(rewritten(tmp_path / "plan.docx", {"word/vbaProject.bin": b"x"}))


def test_a_bomb_is_refused_before_it_unpacks(tmp_path: Path) -> None:
    """A part of 300 MB that is 300 KB packed."""
    written(tmp_path / "plan.docx")
    bomb = rewritten(tmp_path / "plan.docx", {"word/media/zeros.xml": bytes(300 * 1024 * 1024)})
    assert bomb.stat().st_size < 1_000_000
    with pytest.raises(Unfit, match="压缩炸弹"):
        read_file(bomb)


@pytest.mark.parametrize(("kind", "refused"), [("subDocument", True), ("oleObject", True), ("attachedTemplate", False)])
def test_other_files_are_never_fetched(tmp_path: Path, kind: str, refused: bool) -> None:
    """Text that stands elsewhere is refused; a template elsewhere is remarked on."""
    document = written(tmp_path / "plan.docx")
    own = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    document.part.relate_to("http://127.0.0.1:9/secret.docx", own + kind, is_external=True)
    document.save(str(tmp_path / "plan.docx"))
    if refused:
        with pytest.raises(Unfit, match="不去取"):
            read_file(tmp_path / "plan.docx")
    else:
        assert any("没有去取" in remark.what for remark in read_file(tmp_path / "plan.docx").remarks)


def test_entities_of_another_file_are_not_read(tmp_path: Path) -> None:
    """An XML entity that names a file of this machine gives nothing of it."""
    (tmp_path / "secret.txt").write_text("机密内容", encoding="utf-8")
    written(tmp_path / "plan.docx")
    with zipfile.ZipFile(tmp_path / "plan.docx") as package:
        body = package.read("word/document.xml").decode()
    head, rest = body.split("?>", 1)
    hostile = f'{head}?><!DOCTYPE x [<!ENTITY e SYSTEM "file://{tmp_path}/secret.txt">]>' + rest.replace(
        "总体要求", "&e;", 1
    )
    path = rewritten(tmp_path / "plan.docx", {"word/document.xml": hostile.encode()})
    try:
        read = read_file(path)
    except Unfit:
        return
    assert "机密" not in "".join(piece.text for piece in read.pieces)


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    """Cut off in the middle, or the old binary kind, which encrypted files are too."""
    written(tmp_path / "plan.docx")
    raw = (tmp_path / "plan.docx").read_bytes()
    (tmp_path / "cut.docx").write_bytes(raw[: len(raw) // 2])
    with pytest.raises(Unfit, match="不完整"):
        read_file(tmp_path / "cut.docx")
    (tmp_path / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with pytest.raises(Unfit, match="加了密码"):
        read_file(tmp_path / "old.doc")
