"""Files as offices keep them, made here with what they say known: the truth that reading is measured against."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pdfplumber
from PIL import Image, ImageFilter
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, Table, TableStyle

FONT = "STSong-Light"  # known to every reader of PDF, so nothing has to be embedded
pdfmetrics.registerFont(UnicodeCIDFont(FONT))

BODY = ParagraphStyle("body", fontName=FONT, fontSize=12, leading=20, firstLineIndent=24, wordWrap="CJK")
CHAPTER = ParagraphStyle("chapter", parent=BODY, fontSize=16, leading=28, firstLineIndent=0, alignment=1)
HEADING = ParagraphStyle("heading", parent=BODY, firstLineIndent=24)
TITLE = ParagraphStyle("title", parent=CHAPTER, fontSize=22, leading=36)
CELL = ParagraphStyle("cell", parent=BODY, fontSize=10, leading=14, firstLineIndent=0)

SENTENCES = (
    "到2030年，全市养老机构床位总数达到{n}张，其中护理型床位占比不低于{p}%。",
    "鼓励社会力量兴办普惠性托育机构，支持幼儿园开设托班，每千人口拥有3岁以下婴幼儿托位数达到{d}个。",
    "加快推进老旧小区改造，{p}个小区完成加装电梯，惠及居民{n}户。",
    "完善基层医疗卫生服务体系，新建社区卫生服务中心{p}所，家庭医生签约服务覆盖率达到{p}%以上。",
    "优化公共交通线网，新辟和调整公交线路{p}条，实现建成区公交站点500米全覆盖。",
    "加强就业困难人员帮扶，每年开展补贴性职业技能培训{n}人次，城镇登记失业率控制在5%以内。",
    "扩大公共租赁住房供给，筹集保障性租赁住房{n}套，优先保障新市民和青年人。",
    "推进义务教育优质均衡发展，新建改扩建中小学{p}所，增加学位{n}个。",
)


def sentence(number: int) -> str:
    """One of many, none twice."""
    return SENTENCES[number % len(SENTENCES)].format(
        n=1200 + 37 * number, p=11 + number, d=f"{3 + number % 5}.{number % 9 + 1}"
    )


def paragraph(number: int, sentences: int = 3) -> str:
    """Some sentences, none of which another paragraph has."""
    return "".join(sentence(10 * number + each) for each in range(sentences))


@dataclass(frozen=True)
class Made:
    """A file and what stands in it. A table is its rows below the head, every position filled."""

    path: Path
    paragraphs: tuple[str, ...]
    headings: tuple[str, ...] = ()
    tables: tuple[tuple[tuple[str, ...], ...], ...] = ()
    notes: tuple[str, ...] = ()


PageMark = Callable[[int], str]
MARKS: dict[str, PageMark] = {
    "- 1 -": lambda n: f"- {n} -",
    "— 1 —": lambda n: f"— {n} —",
    "第 1 页": lambda n: f"第 {n} 页 共 9 页",
    "1": str,
    "none": lambda n: "",
}


@dataclass
class Layout:
    """How a PDF is printed."""

    mark: PageMark = MARKS["- 1 -"]
    first_page: int = 1
    skipped: frozenset[int] = frozenset()  # printed numbers that are left out, as if a page were missing
    header: str = ""
    footer: str = ""
    columns: int = 1
    notes: dict[int, tuple[str, ...]] = field(default_factory=dict)  # sheet → small print under its text


def write_pdf(path: Path, flow: Sequence[Any], layout: Layout | None = None) -> Path:
    """Print some flowables."""
    layout = layout or Layout()
    width, height = A4
    numbers = [n for n in range(layout.first_page, layout.first_page + 400) if n not in layout.skipped]

    def around(canvas: Any, document: Any) -> None:
        canvas.saveState()
        canvas.setFont(FONT, 10)
        mark = layout.mark(numbers[document.page - 1])
        if mark:
            canvas.drawCentredString(width / 2, 36, mark)
        if layout.header:
            canvas.drawString(72, height - 40, layout.header)
        if layout.footer:
            canvas.drawRightString(width - 72, 50, layout.footer)
        canvas.setFont(FONT, 8)
        for at, note in enumerate(reversed(layout.notes.get(document.page, ()))):
            canvas.drawString(72, 76 + 11 * at, note)
        canvas.restoreState()

    gutter = 24
    wide = (width - 144 - gutter * (layout.columns - 1)) / layout.columns
    frames = [Frame(72 + at * (wide + gutter), 110, wide, height - 182, 0, 0, 0, 0) for at in range(layout.columns)]
    document = BaseDocTemplate(str(path), pagesize=A4)
    document.addPageTemplates([PageTemplate("all", frames, onPage=around)])
    document.build(list(flow))
    return path


@dataclass(frozen=True)
class Scan:
    """How a page was put on the glass, and what the machine made of it. `tilt` in degrees, `noise` in shades of grey."""

    dpi: int
    quality: int
    tilt: float
    noise: float


def scanned(source: Path, path: Path, scan: Scan) -> Path:
    """A PDF of pictures of another's pages, aslant, out of focus, grainy."""
    chance = np.random.default_rng(0)
    canvas = Canvas(str(path), pagesize=A4)
    with pdfplumber.open(source) as pdf:
        for page in pdf.pages:
            picture = page.to_image(resolution=scan.dpi).original.convert("L")
            picture = picture.rotate(scan.tilt, fillcolor=255, resample=Image.Resampling.BICUBIC)
            grey = np.asarray(picture.filter(ImageFilter.GaussianBlur(0.6)), float)
            grey += chance.normal(0, scan.noise, grey.shape)
            kept = io.BytesIO()
            Image.fromarray(grey.clip(0, 255).astype(np.uint8)).save(kept, "JPEG", quality=scan.quality)
            kept.seek(0)
            canvas.drawImage(ImageReader(kept), 0, 0, *A4)
            canvas.showPage()
    canvas.save()
    return path


def table_flow(
    head: Sequence[Sequence[str]], rows: Sequence[Sequence[str]], spans: Sequence[Any] = (), **how: Any
) -> Table:
    """A ruled table; its head is printed again on each page."""
    cells = [[Paragraph(text, CELL) if text else "" for text in row] for row in [*head, *rows]]
    style = [("GRID", (0, 0), (-1, -1), 0.7, colors.black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    style += [("SPAN", *span) for span in spans]
    return Table(cells, repeatRows=len(head) if how.pop("repeated", True) else 0, style=TableStyle(style), **how)


def plain_flow(paragraphs: Sequence[str], headings: Sequence[str] = ()) -> list[Any]:
    """Headings, each before its share of the paragraphs."""
    flow: list[Any] = []
    share = max(1, len(paragraphs) // max(1, len(headings)))
    for at, text in enumerate(paragraphs):
        if headings and at % share == 0 and at // share < len(headings):
            own = headings[at // share]
            flow.append(Paragraph(own, CHAPTER if own.startswith("第") else HEADING))
        flow.append(Paragraph(text, BODY))
    return flow
