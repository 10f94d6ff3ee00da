"""Reading the plan's file."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.document.plan_text import body_lines, read_plan
from knowledge.groundwork import settings
from knowledge.groundwork.errors import PlanInconsistent, PlanUnreadable


def test_pages_agree_with_every_printed_number() -> None:
    """The plan has 78 pages, and the marks - 8 - and - 70 - stand where the count says."""
    lines = body_lines(read_plan(settings.PLAN), settings.PLAN)
    assert lines[-1].page == 78
    assert [line.page for line in lines if line.text.startswith("养老机构床位总数增加")] == []
    assert {line.page for line in lines if "9500" in line.text} == {55}


def test_known_sentences_stand_on_their_printed_pages(passages: list) -> None:
    """Sentences whose page the contents page or a printed number fixes."""
    expected = {"喘息服务": 55, "加装电梯，": 41, "小学生校内课后服务。": 52, "低租金、宿舍型": 56, "8278张": 4}
    for words, page in expected.items():
        pages = [p.page for p in passages if words.replace(" ", "") in p.text.replace(" ", "") and p.kind == "body"]
        assert page in pages, words


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.txt", b"", "不完整"),
        ("short.txt", "青浦区规划".encode(), "不完整"),
        ("gbk.txt", ("养老" * 300).encode("gb18030"), "UTF-8"),
        ("binary.txt", b"a\x00b" * 300, "空字节"),
        ("broken.pdf", b"%PDF-1.4 nothing", "PDF"),
    ],
)
def test_unreadable_plan_says_what_and_how_to_mend(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    """Every unreadable file is named, with the mend after a dash."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(PlanUnreadable) as caught:
        read_plan(path)
    assert name in str(caught.value) and said in str(caught.value) and " — " in str(caught.value)


def test_missing_plan_is_named(tmp_path: Path) -> None:
    """A path that does not exist is an error of its own."""
    with pytest.raises(PlanUnreadable, match="没有这个文件"):
        read_plan(tmp_path / "nowhere.txt")


def test_lost_page_break_is_found_at_the_next_printed_number() -> None:
    """If a page's opening blank is lost, the count no longer meets - 8 -."""
    text = read_plan(settings.PLAN).replace("\n 推进“综合窗口”改革全覆盖", "\n推进“综合窗口”改革全覆盖")
    with pytest.raises(PlanInconsistent, match="印着第 8 页"):
        body_lines(text, settings.PLAN)
