"""What came of a file, in words that a civil servant understands: for the terminal, and as a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import msgspec
from jinja2 import Environment

from knowledge.adopting.outline_gaps import heading_gaps
from knowledge.adopting.proposals import Proposal, figure_words
from knowledge.catalogue.topics import AREA_NAMES
from knowledge.document.documents import Document
from knowledge.document.files.pieces import ReadFile, Remark

WEIGHTS = {"broken": "坏了", "look": "要看", "fine": "知道就行"}
MOST_DOUBTFUL = 20
MENDING = "都在 commitments.csv 里，最拿不准的在前；改好用 --mended 交回"
SHOWN_HEADINGS = 200
_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{{ report.title }}：收下的结果</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
body { font: 16px/1.7 sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
table { border-collapse: collapse; width: 100% } th, td { border: 1px solid #ccc; padding: .3rem .5rem; text-align: left; vertical-align: top }
.broken { color: #a00; font-weight: bold } .look { color: #850 } .fine { color: #555 } .quote { color: #444 }
</style></head><body>
<h1>{{ report.title }}</h1>
{% for section in report.sections %}<h2>{{ section.title }}</h2>
{% if section.lines %}<ul>{% for line in section.lines %}<li>{{ line }}</li>{% endfor %}</ul>{% endif %}
{% if section.at_terminal %}<p>{{ section.at_terminal }}</p>{% endif %}
{% if section.rows %}<table><tr>{% for name in section.head %}<th>{{ name }}</th>{% endfor %}</tr>
{% for row in section.rows %}<tr>{% for cell in row %}<td class="{{ section.class_of(cell) }}">{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table>{% endif %}
{% endfor %}</body></html>
"""


@dataclass(frozen=True)
class ReportSection:
    """A part of the report: lines, then a table. `at_terminal` is for who has the files before them, and not a page."""

    title: str
    lines: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    at_terminal: str = ""

    def class_of(self, cell: str) -> str:
        """The page's style for a weight."""
        return next((weight for weight, name in WEIGHTS.items() if name == cell), "")


@dataclass(frozen=True)
class Report:
    """All that is said of an adopted file."""

    title: str
    sections: tuple[ReportSection, ...] = field(default=())

    def page(self) -> str:
        """As a web page that stands alone and runs nothing."""
        return Environment(autoescape=True).from_string(_PAGE).render(report=self)

    def data(self) -> bytes:
        """As JSON, for `read_report`."""
        return msgspec.json.encode(self)

    def text(self) -> str:
        """For a terminal."""
        lines = [self.title]
        for section in self.sections:
            lines += ["", f"【{section.title}】", *(f"  {line}" for line in section.lines)]
            lines += [f"  {'　'.join(row)}" for row in section.rows]
            lines += [f"  {section.at_terminal}"] if section.at_terminal else []
        return "\n".join(lines)


def read_report(data: bytes) -> Report:
    """What `Report.data` wrote. Raises `ValueError` for anything else."""
    return msgspec.json.decode(data, type=Report)


def report_of(read: ReadFile, document: Document, proposals: Sequence[Proposal]) -> Report:
    """The report of a file and of what it seems to promise."""
    remarks = sorted([*read.remarks, *heading_gaps(read.pieces)], key=lambda r: list(WEIGHTS).index(r.weight))
    return Report(
        document.title,
        (
            ReportSection(
                "文件", tuple(_of_file(read, document)), at_terminal="全名、规划期等在 document.yml 里，请核对"
            ),
            ReportSection("读到了什么", tuple(_of_pieces(read))),
            _of_remarks(remarks),
            *_of_tables(read),
            _of_headings(read),
            ReportSection("承诺", tuple(_of_proposals(proposals)), at_terminal=MENDING),
            _most_doubtful(proposals),
        ),
    )


def _of_file(read: ReadFile, document: Document) -> Iterator[str]:
    yield f"{read.form}，{read.sheets} 页；页码：{read.numbering}"
    yield f"全名：{document.title}　简称：{document.short_title}　地名：{document.district or '没有认出'}"
    yield f"规划期：{document.period[0]}—{document.period[1]} 年" if document.period else "规划期：没有认出"


def _of_pieces(read: ReadFile) -> Iterator[str]:
    kinds = Counter(piece.kind for piece in read.pieces)
    yield f"段落 {kinds['paragraph']} 个，标题 {kinds['heading']} 个，表 {len(read.tables)} 张（{kinds['row']} 行），注释 {kinds['note']} 条"
    over = sum(bool(piece.breaks) for piece in read.pieces)
    if over:
        yield f"接起来的跨页段落 {over} 个"
    if read.contents_lines:
        yield f"目录 {read.contents_lines} 行，不当作正文"
    for text, count in read.removed:
        yield f"去掉的页眉页脚：“{text}”，{count} 处"
    if read.recognised_sheets:
        yield f"文字识别的页（引文都带记号，要逐字核对）：文件的第 {'、'.join(map(str, read.recognised_sheets))} 页"


def _of_remarks(remarks: Sequence[Remark]) -> ReportSection:
    if not remarks:
        return ReportSection("要看的地方", ("没有发现不对的地方",))
    rows = tuple((WEIGHTS[remark.weight], remark.where, remark.what) for remark in remarks)
    return ReportSection("要看的地方", (), ("轻重", "哪里", "什么"), rows)


def _of_tables(read: ReadFile) -> Iterator[ReportSection]:
    if read.tables:
        rows = tuple(
            (
                f"第 {t.page} 页起" if t.pages > 1 else f"第 {t.page} 页",
                f"{t.rows} 行 {t.columns} 列",
                _about_table(t.merged, t.pages),
            )
            for t in read.tables
        )
        yield ReportSection("读到的表", (), ("哪里", "大小", "说明"), rows)


def _about_table(merged: int, pages: int) -> str:
    return (
        "，".join(
            filter(None, [f"合并的格子 {merged} 处" if merged else "", f"跨 {pages} 页，已接起来" if pages > 1 else ""])
        )
        or "—"
    )


def _of_headings(read: ReadFile) -> ReportSection:
    headings = [piece for piece in read.pieces if piece.kind == "heading"]
    lines = [f"{'　' * (piece.level - 1)}{piece.text}（第 {piece.page} 页）" for piece in headings[:SHOWN_HEADINGS]]
    if len(headings) > SHOWN_HEADINGS:
        lines.append(f"……共 {len(headings)} 个")
    return ReportSection("标题", tuple(lines) or ("没有找到标题：引文只能写页码",))


def _of_proposals(proposals: Sequence[Proposal]) -> Iterator[str]:
    commitments = [proposal.commitment for proposal in proposals]
    yield f"共 {len(commitments)} 条，其中带数字的 {sum(bool(c.figures) for c in commitments)} 条，写明牵头单位的 {sum(bool(c.passage.lead) for c in commitments)} 条"
    areas = Counter(AREA_NAMES.get(c.area, c.area) for c in commitments)
    yield "主题：" + "，".join(f"{name} {count}" for name, count in areas.most_common())
    doubtful = sum(proposal.doubt > 0 for proposal in proposals)
    yield f"拿不准的 {doubtful} 条"


def _most_doubtful(proposals: Sequence[Proposal]) -> ReportSection:
    rows = tuple(
        (
            f"第 {p.commitment.passage.page} 页",
            p.commitment.title,
            "；".join(p.why),
            p.commitment.quote if len(p.commitment.quote) <= 80 else f"{p.commitment.quote[:80]}…",
            "；".join(figure_words(figure) for figure in p.commitment.figures[:3]),
        )
        for p in proposals[:MOST_DOUBTFUL]
        if p.doubt
    )
    return ReportSection("最拿不准的", () if rows else ("没有",), ("哪里", "标题", "为什么", "原文", "数字"), rows)
