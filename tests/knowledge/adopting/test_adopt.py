"""A plan adopted without its store: what is written, and what comes back mended. The store itself is tried in building."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from knowledge.__main__ import main
from knowledge.adopting.outline_gaps import chinese_value, heading_gaps
from knowledge.catalogue.titles import MAX_TITLE_CHARS, audiences_of, title_of
from knowledge.document.files.pieces import FilePiece

PLAN = """某某县民生实事计划（2026—2030年）
一、养老服务
1.加快养老机构建设。到2030年，全县养老机构床位达到3200张，其中护理型床位占比不低于55%，为失能老年人提供长期照护服务和康复服务，方便家属探望和照料。（牵头单位：县民政局，配合单位：县财政局）
三、教育
进一步扩大学前教育资源，新建幼儿园12所，全面开展中小学课后服务，减轻家长接送负担，让每一个孩子都能就近入园、安心上学，办好人民满意的教育。
=SUM(1,2)是表格里的公式，推进电子表格安全建设，这一句只是为了试一试它写进表格以后会不会被当作公式来计算，不是规划里的真话。
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """As saved by an office."""
    (tmp_path / "plan.txt").write_bytes(PLAN.encode("gb18030"))
    return tmp_path / "plan.txt"


def rows(folder: Path) -> list[dict[str, str]]:
    """The table of proposals."""
    return list(csv.DictReader(io.StringIO((folder / "commitments.csv").read_text(encoding="utf-8-sig"))))


def test_report_and_proposals(plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Period, title, who leads, figures, the heading that is missing; no cell is a formula."""
    assert main(["adopt", str(plan), "--output", str(tmp_path / "out"), "--look"]) == 0
    told = capsys.readouterr().out
    assert "2026—2030 年" in told and "“一、养老服务”之后就是“三、教育”" in told and "GB18030" in told
    found = {row["标题"]: row for row in rows(tmp_path / "out")}
    beds = next(row for row in found.values() if "3200" in row["原文"])
    assert beds["牵头单位"] == "牵头单位：县民政局，配合单位：县财政局" and "3200张（2030年）" in beds["数字"]
    assert beds["位置"].endswith("1.加快养老机构建设") and beds["对象"].startswith("老年人")
    assert all(not cell.startswith("=") for row in found.values() for cell in row.values())
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "三、教育" in page and "<script" not in page


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_mended_table_is_taken(plan: Path, tmp_path: Path, encoding: str) -> None:
    """What a person changed holds, what they left out is gone, the rest stays."""
    out = tmp_path / "out"
    assert main(["adopt", str(plan), "--output", str(out), "--look"]) == 0
    before = rows(out)
    beds = next(row for row in before if "3200" in row["原文"])
    formula = next(row for row in before if "SUM" in row["原文"])
    beds |= {"标题": "养老床位", "主题": "养老", "对象": "老年人、家属", "要点": "全县养老机构床位达到3200张"}
    formula["要不要"] = "否"
    stream = io.StringIO()
    writer = csv.DictWriter(stream, fieldnames=list(beds))
    writer.writeheader()
    writer.writerows([beds, formula])
    (tmp_path / "mended.csv").write_bytes(stream.getvalue().encode(encoding))
    assert main(["adopt", str(plan), "--output", str(out), "--look", "--mended", str(tmp_path / "mended.csv")]) == 0
    after = {row["编号"]: row for row in rows(out)}
    assert formula["编号"] not in after and len(after) == len(before) - 1
    mended = after[beds["编号"]]
    assert (mended["标题"], mended["对象"], mended["要点"]) == (
        "养老床位",
        "老年人、家属",
        "全县养老机构床位达到3200张",
    )


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("编号", "c-0000000000", "没有编号"),
        ("主题", "天文", "未知的主题"),
        ("要点", "床位达到9999张", "要点不在原文里"),
    ],
)
def test_a_wrong_mend_names_its_line(
    plan: Path, tmp_path: Path, field: str, value: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line with file and line, and what was there stays."""
    out = tmp_path / "out"
    assert main(["adopt", str(plan), "--output", str(out), "--look"]) == 0
    before, row = (out / "commitments.csv").read_bytes(), rows(out)[0]
    capsys.readouterr()
    lines = [",".join(row), ",".join(f'"{value if name == field else own}"' for name, own in row.items())]
    (tmp_path / "mended.csv").write_text("\n".join(lines), encoding="utf-8")
    assert main(["adopt", str(plan), "--output", str(out), "--look", "--mended", str(tmp_path / "mended.csv")]) == 1
    told = capsys.readouterr().err
    assert words in told and "mended.csv:2:" in told and len(told.splitlines()) == 1
    assert (out / "commitments.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("sentence", "title"),
    [
        ("到2025年，全市养老床位数达到5600张。", "全市养老床位数"),
        ("进一步完善低保标准调整机制，逐步缩小城乡差距。", "完善低保标准调整机制"),
        ("围绕农民最关心的利益问题，加快补齐农村民生短板。", "加快补齐农村民生短板"),
        ("2013年3月前，完成全市26个市级幸福社区试点工作。", "完成全市市级幸福社区试点工作"),
        ("22.优化医疗资源布局。", "优化医疗资源布局"),
        ("以资源利用效率为依据，探索优化企业的分类评价引导机制。", "探索优化企业的分类评价引导机制"),
    ],
)
def test_a_title_says_what_is_done(sentence: str, title: str) -> None:
    """The verb and its object, or what is counted; neither time nor manner."""
    assert title_of(sentence) == title and len(title) <= MAX_TITLE_CHARS


def test_audiences() -> None:
    """Whom a sentence names, else its heading, else everybody."""
    assert audiences_of("新建养老机构，照护失能老年人。")[0] == "老年人"
    assert audiences_of("推进设施建设。", "（一）托育服务") == ("年轻父母",)
    assert audiences_of("推进设施建设。") == ("居民",)


def test_missing_numbers_of_headings() -> None:
    """What is left out is said with its place; each part counts by itself."""
    found = ["第一章 总则", "一、目标", "三、原则", "第三章 保障", "一、领导"]
    remarks = list(heading_gaps([FilePiece("heading", text, page) for page, text in enumerate(found, 1)]))
    assert [remark.where for remark in remarks] == ["第 3 页", "第 4 页"]
    assert [chinese_value(text) for text in ("九", "十", "十二", "二十", "三十一", "一百零五")] == [
        9,
        10,
        12,
        20,
        31,
        105,
    ]
