"""Chapters, sections and headings found again from the contents page."""

from __future__ import annotations

from knowledge.document.documents import Document
from knowledge.document.passages import Passage


def test_every_section_begins_on_its_page_of_the_contents(document: Document, passages: list[Passage]) -> None:
    """The first passage of each section stands on the page that the contents page gives, or continues from it."""
    for chapter in document.chapters:
        own = [p for p in passages if p.chapter.split(" ")[0] == _name(chapter.number) and p.kind == "body"]
        starts: dict[str, int] = {}
        for passage in own:
            if passage.section:
                starts.setdefault(passage.section, passage.page)
        found = [starts[section] for section in starts]
        wanted = list(chapter.section_pages)
        assert len(found) == len(wanted), chapter.number
        assert all(a <= b <= a + 1 for a, b in zip(wanted, found)), (chapter.number, wanted, found)


def test_heading_and_section_of_a_known_passage(passages: list[Passage]) -> None:
    """The sentence on beds stands in chapter 9, section 4, heading （一）."""
    beds = next(p for p in passages if "9500" in p.text)
    assert (beds.chapter, beds.section, beds.heading) == ("第九章", "第四节", "（一）加快推进养老设施建设")


def test_a_lost_title_is_numbered_and_never_invented(document: Document, passages: list[Passage]) -> None:
    """Only chapter 1, whose title has a source, carries one."""
    titled = {p.chapter for p in passages if " " in p.chapter}
    assert titled == {"第一章 站在新起点擘画未来发展新蓝图"}
    assert all(c.title_source for c in document.chapters if c.title)


def test_every_sentence_of_the_body_is_a_passage(passages: list[Passage]) -> None:
    """Nothing of the body is lost: all of its text but titles, captions and page marks stands in passages."""
    assert sum(p.kind == "indicator" for p in passages) == 31
    assert sum(p.kind == "definition" for p in passages) == 11 + 33
    assert sum(p.kind == "body" for p in passages) > 700


def _name(number: int) -> str:
    from knowledge.document.outline import chinese_number

    return f"第{chinese_number(number)}章"
