"""The plan reader and the list with another document on the shelf."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.pages.channel import PagesChannel
from bot.pages.documents import NoSuchDocument, chosen_document
from bot.pages.library import LibraryCache
from knowledge.adopting.pairing import pair_with_all
from knowledge.search.finder import Finder
from knowledge.shelf.folder import DocumentShelf
from knowledge.shelf.pairs import forget_pairs
from knowledge.shelf.record import DRAFT, ENDED
from settings.bot import DOCUMENTS_DIR
from tests.documents.stores import SUCCESSOR, shelf_in


@pytest.fixture(scope="module")
def shelf(finder: Finder, tmp_path_factory: pytest.TempPathFactory) -> DocumentShelf:
    """The invented successor stands on it."""
    return shelf_in(tmp_path_factory.mktemp("shelf"))[0]


@pytest.fixture
def pages(shelf: DocumentShelf, monkeypatch: pytest.MonkeyPatch) -> PagesChannel:
    """The pages of a process that has this shelf."""
    monkeypatch.setenv(DOCUMENTS_DIR.name, str(shelf.folder))
    return PagesChannel()


def plan(pages: PagesChannel, document: str = "", q: str = "") -> str:
    """The reader's HTML."""
    return (pages._plan({"document": document, "q": q}).body or b"").decode()


def commitments(pages: PagesChannel, document: str = "", **wanted: str) -> str:
    """That of the list."""
    nothing = dict.fromkeys(("topic", "kind", "place", "q", "numbers", "with"), "")
    return (pages._commitments({**nothing, "document": document, **wanted}).body or b"").decode()


def test_each_document_has_its_page_and_says_how_it_stands(pages: PagesChannel) -> None:
    """One is chosen at the top, and every address, form and link of a document keeps to it."""
    own, other = plan(pages), plan(pages, SUCCESSOR)
    assert 'aria-current="page">《青浦区“十四五”规划纲要》</strong> <small>已结束，2021—2025 年</small>' in own.replace(
        "&#34;", '"'
    )
    assert f'href="/plan?document={SUCCESSOR}"' in own and 'href="/plan">' in other
    assert "到2030年，新建绿道120公里" in other and "新建绿道120公里" not in own
    assert f'<input type="hidden" name="document" value="{SUCCESSOR}">' in other
    found = plan(pages, SUCCESSOR, "绿道")
    assert f'href="/plan?document={SUCCESSOR}">清除查找' in found and "找到 1 处" in found


def test_addresses_carry_their_document_and_the_old_ones_stay(pages: PagesChannel) -> None:
    """What an answer links to is on the page; the own plan's ids are as they were."""
    other = plan(pages, SUCCESSOR)
    ids = set(re.findall(r'id="(d-next\.c-[0-9a-f]{10})"', other))
    assert len(ids) > 10 and not re.findall(r'id="c-', other)
    assert re.findall(r'id="c-[0-9a-f]{10}"', plan(pages)) and "d-next.c-" not in plan(pages)
    listed = commitments(pages, SUCCESSOR, topic="all")
    linked = set(re.findall(rf'href="/plan\?document={SUCCESSOR}#([^"]+)"', listed))
    assert linked and linked <= ids
    assert "《青浦区“十五五”规划" in listed and "2026—2030 年" in listed


def test_what_is_not_there_is_said(pages: PagesChannel, shelf: DocumentShelf) -> None:
    """An unknown document, a draft; what older widgets put behind an id does no harm."""
    documents = LibraryCache().documents()
    assert chosen_document(documents, f"{SUCCESSOR}?elder=1").document.id == SUCCESSOR
    for name in ("d-gone", "../etc"):
        with pytest.raises(NoSuchDocument):
            chosen_document(documents, name if name != "../etc" else "d-x/../etc")
    shelf.set_status(SUCCESSOR, DRAFT)
    try:
        with pytest.raises(NoSuchDocument):
            plan(pages, SUCCESSOR)
        assert "看哪一份文件" not in plan(pages)
    finally:
        shelf.set_status(SUCCESSOR, "")


def test_without_a_shelf_the_page_is_as_it_was(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, finder: Finder) -> None:
    """No choice, no trace of one."""
    monkeypatch.setenv(DOCUMENTS_DIR.name, str(tmp_path / "none"))
    pages = PagesChannel()
    for page in (plan(pages), commitments(pages)):
        assert "document" not in page and "看哪一份文件" not in page
    assert ENDED not in plan(pages)


def test_two_documents_side_by_side(pages: PagesChannel, shelf: DocumentShelf) -> None:
    """What both say on one thing, each with its page, either way round; and how it was matched."""
    pair_with_all(shelf, shelf.read().document(SUCCESSOR))
    link = f"/plan/commitments?document=own&amp;with={SUCCESSOR}"
    assert link in commitments(pages)
    page = commitments(pages, "own", **{"with": SUCCESSOR})
    row = next(row for row in page.split("<tr>") if "新建绿道120公里" in row)
    assert "新建绿道 200 公里" in row.replace("新建绿道200公里", "新建绿道 200 公里") and "第 65 页" in row
    assert row.index("200") < row.index("120") and f'href="/plan?document={SUCCESSOR}#{SUCCESSOR}.c-' in row
    assert "是机器配的" in page and "低空" not in page
    turned = commitments(pages, SUCCESSOR, **{"with": "own"})
    row = next(row for row in turned.split("<tr>") if "新建绿道120公里" in row)
    assert row.index("120") < row.index("200")
    assert "还没有配过" in commitments(pages, SUCCESSOR, **{"with": SUCCESSOR})
    forget_pairs(shelf.folder, SUCCESSOR)
    assert "还没有配过" in commitments(pages, "own", **{"with": SUCCESSOR})


@pytest.mark.slow  # the built knowledge
def test_a_shelf_that_cannot_be_read_takes_no_page_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan in use is shown as if nothing stood beside it."""
    (tmp_path / "shelf.json").write_text("{", encoding="utf-8")
    monkeypatch.setenv(DOCUMENTS_DIR.name, str(tmp_path))
    assert [each.id for each in LibraryCache().documents()] == [""]
    assert "9500" in plan(PagesChannel())
