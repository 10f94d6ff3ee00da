"""Scans, read by the real tesseract: pictures of pages whose words are known."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest
from reportlab.platypus import Paragraph

from knowledge.document.files.kinds import read_file
from knowledge.document.files.recognition import characters_of, installed
from knowledge.document.plan_text import squash
from tests.knowledge.document.files.made import TITLE, Scan, paragraph, plain_flow, scanned, write_pdf
from tests.knowledge.document.files.test_pdf import texts

NAME = "某某市养老服务发展规划"
HEADINGS = ("第一章 总体要求", "一、发展基础", "专栏3 重点项目")
PARAGRAPHS = tuple(paragraph(number, 2 + number % 3) for number in range(5))
WRONG_AT_MOST = 0.02  # of the characters


@pytest.mark.slow  # 4 s of tesseract each
@pytest.mark.parametrize("scan", [Scan(150, 60, 0.6, 12), Scan(300, 80, 0.3, 5)], ids=["150 dpi", "300 dpi"])
def test_a_scan_is_read_as_its_file_would_be(tmp_path: Path, scan: Scan) -> None:
    """Title, headings and paragraphs, each marked as recognised; hardly a character is wrong."""
    flow = [Paragraph(NAME, TITLE), *plain_flow(PARAGRAPHS, HEADINGS)]
    picture = scanned(write_pdf(tmp_path / "plan.pdf", flow), tmp_path / "scan.pdf", scan)
    program = installed()
    assert program, "没有 tesseract 和 chi_sim — 先运行 bash scripts/setup_tests.sh"
    read = read_file(picture, program)
    assert read.recognised_sheets == tuple(range(1, read.sheets + 1)) and all(piece.recognised for piece in read.pieces)
    assert (squash(read.title), len(texts(read, "heading"))) == (squash(NAME), len(HEADINGS))
    found, right = texts(read, "paragraph"), [squash(text) for text in PARAGRAPHS]
    assert len(found) == len(right)
    whole = "".join(right)
    same = sum(
        block.size for block in difflib.SequenceMatcher(None, whole, "".join(found), False).get_matching_blocks()
    )
    print(f"{len(whole) - same} of {len(whole)} characters wrong")
    assert same >= (1 - WRONG_AT_MOST) * len(whole)


def test_a_line_is_level_and_in_its_order() -> None:
    """A page that lay aslant, boxes that overlap: one height and one size a line, characters from left to right."""
    head = "level page_num block_num par_num line_num word_num left top width height conf text".replace(" ", "\t")
    words = [
        (500, 300, 100, 60, "养老"),
        (590, 290, 100, 70, "床位"),
        (690, 285, 50, 66, "9"),
        (500, 400, 200, 60, "四个大字"),
    ]
    rows = [
        f"5\t1\t1\t1\t{1 + (top >= 400)}\t1\t{left}\t{top}\t{width}\t{height}\t90\t{text}"
        for left, top, width, height, text in words
    ]
    found = characters_of("\n".join([head, "4\t1\t1\t1\t1\t0\t500\t300\t240\t60\t-1\t", *rows]))
    first = [each for each in found if each["top"] < 85]
    assert "".join(each["text"] for each in first) == "养老床位9"
    assert len({each["top"] for each in first}) == len({each["size"] for each in found}) == 1
    assert [each["x0"] for each in first] == sorted(each["x0"] for each in first)
    assert characters_of("") == characters_of(head) == []
