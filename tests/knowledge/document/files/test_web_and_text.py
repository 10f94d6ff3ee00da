"""Web pages and texts: encodings, scripts, merged cells, what is around the text, a plan copied paragraph by paragraph."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.document.files.encodings import decoded
from knowledge.document.files.headings import lead_of, level_of, run_in
from knowledge.document.files.kinds import read_file
from knowledge.document.files.pieces import Unfit
from tests.knowledge.document.files.made import paragraph

PARAGRAPHS = tuple(paragraph(number) for number in range(6))
PAGE = f"""<!DOCTYPE html><html><head><meta charset="gb2312"><title>政府网站</title>
<script>document.write("假的承诺：新建一万张床位。")</script><style>p {{ color: red }}</style></head>
<body><nav>首页 政务公开</nav><h1>某某县民生实事计划</h1><h2>一、养老服务</h2><p>{PARAGRAPHS[0]}</p>
<div><p>{PARAGRAPHS[1]}<sup>①</sup></p></div><iframe src="http://127.0.0.1:9/x"></iframe>
<table><tr><th>领域</th><th>任务</th><th>责任单位</th></tr>
<tr><td rowspan="2">养老</td><td>新建床位300张</td><td>县民政局</td></tr><tr><td>改造床位100张</td><td>县民政局</td></tr></table>
<footer>版权所有</footer></body></html>"""


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_page_is_read_without_running_it(tmp_path: Path, encoding: str) -> None:
    """The text alone, whatever the page says of its encoding; scripts and frames are remarked on."""
    (tmp_path / "plan.html").write_bytes(PAGE.encode(encoding))
    read = read_file(tmp_path / "plan.html")
    assert read.title == "某某县民生实事计划" and [p.text for p in read.pieces if p.kind == "heading"] == [
        "一、养老服务"
    ]
    assert [p.text for p in read.pieces if p.kind == "paragraph"] == list(PARAGRAPHS[:2])
    assert [dict(p.cells)["领域"] for p in read.pieces if p.kind == "row"] == ["养老", "养老"]
    told = "".join(remark.what for remark in read.remarks)
    assert "没有运行" in told and "没有去取" in told and "假的承诺" not in str(read.pieces)
    assert {text for text, _ in read.removed} == {"首页政务公开", "版权所有"}


def test_a_page_that_its_script_writes_is_refused(tmp_path: Path) -> None:
    """Nothing stands in it; what to do is said."""
    (tmp_path / "plan.html").write_text("<html><body><div id=app></div><script src=app.js></script></body></html>")
    with pytest.raises(Unfit, match="脚本写出来"):
        read_file(tmp_path / "plan.html")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_texts_of_every_usual_encoding(encoding: str) -> None:
    """The same words."""
    assert decoded(PARAGRAPHS[0].encode(encoding))[0] == PARAGRAPHS[0]


@pytest.mark.parametrize(
    "raw", [b"\x00\x01\x02" * 99, bytes(range(1, 32)) * 9, "été à la carte ".encode("latin-1") * 40]
)
def test_what_is_no_text_is_refused(raw: bytes) -> None:
    """Bytes of another kind, however they could be decoded."""
    with pytest.raises(Unfit):
        decoded(raw)


def test_a_text_with_a_paragraph_on_each_line(tmp_path: Path) -> None:
    """As copied from a page: no line runs on into the next."""
    lines = ["某某县民生实事计划", "一、养老服务", *PARAGRAPHS[:2], "二、教育", *PARAGRAPHS[2:4]]
    (tmp_path / "plan.txt").write_bytes("\n\n".join(lines).encode("gb18030"))
    read = read_file(tmp_path / "plan.txt")
    assert [p.text for p in read.pieces] == lines[1:] and read.title == lines[0]
    assert any("GB18030" in remark.what for remark in read.remarks)


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("第一章 总体要求", 1),
        ("第三部分 保障措施", 1),
        ("第二节 公共服务", 2),
        ("一、发展基础", 2),
        ("（一）加快养老设施建设", 3),
        ("专栏 3 重点项目", 3),
        ("1.普惠托育", 4),
        ("（2）社区托育", 4),
        ("一、坚持就业优先，促进高质量充分就业。", 0),
        ("2.5万人参加培训", 0),
    ],
)
def test_levels_of_headings(line: str, level: int) -> None:
    """By their numbers; sentences and decimals are none."""
    assert level_of(line) == level


def test_an_item_has_its_own_heading_and_its_departments() -> None:
    """「22.优化布局。出台规划。（牵头单位：…）」 is a heading, a text and who leads."""
    text, lead = lead_of(
        "22.优化医疗资源布局。出台规划，新建医院。（牵头单位：市卫生局，配合单位：市规划局（市国土局））"
    )
    assert lead == "牵头单位：市卫生局，配合单位：市规划局（市国土局）"
    assert run_in(text) == ("22.优化医疗资源布局", "出台规划，新建医院。")
    assert lead_of("新建幼儿园8所。（市教育局、各区政府）")[1] == "市教育局、各区政府"
    assert lead_of("新建幼儿园8所（含民办）。") == ("新建幼儿园8所（含民办）。", "")
    assert lead_of("（责任单位：市民政局）") == ("", "责任单位：市民政局")
