"""The plan reader and the list of commitments, rendered from the real store."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from bot.pages.documents import ChosenDocument, chosen_document
from bot.pages.library import Library
from bot.pages.looked_for import all_stand, words_of
from bot.pages.promises import Wanted, as_found, chart_of, looser, topics_of
from bot.pages.reader import chapters_of, find, marked
from bot.pages.rendering import FOLDER, render
from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.store import opened, read_store
from knowledge.catalogue.topics import FOUR_TOPICS
from knowledge.document.plan_text import squash, tidy
from knowledge.groundwork import settings
from knowledge.shelf.standing import own_record

pytestmark = pytest.mark.slow  # the built knowledge


@pytest.fixture(scope="module")
def library() -> Library:
    """The built store."""
    with opened(settings.knowledge_paths().url) as engine:
        return Library(read_store(engine))


class _Reader(HTMLParser):
    """Collects ids and the text of passages."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.passages: list[str] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        found = dict(attributes)
        self.ids += [found["id"]] if found.get("id") else []
        if self._depth or (tag == "span" and "passage" in (found.get("class") or "").split()):
            if not self._depth:
                self.passages.append("")
            self._depth += 1

    def handle_endtag(self, tag: str) -> None:
        """An element ends."""
        self._depth -= 1 if self._depth else 0

    def handle_data(self, data: str) -> None:
        """Text."""
        if self._depth:
            self.passages[-1] += data


def alone(library: Library) -> ChosenDocument:
    """The plan, with nothing else on the shelf."""
    return chosen_document((own_record(library.stored.meta),), "")


def read(library: Library, query: str = "") -> _Reader:
    """The page as a browser reads it."""
    words = words_of(query)
    html = render(
        "plan.html",
        meta=library.stored.meta,
        chapters=chapters_of(library, words),
        query=query,
        near=False,
        words=words,
        hits=find(library, words),
        chosen=alone(library),
    )
    reader = _Reader()
    reader.feed(html)
    return reader


def test_the_whole_plan_stands_on_the_page_word_for_word(library: Library) -> None:
    """Every passage, in order, each with an address of its own, also with a search on."""
    for query in ("", "养老 床位"):
        reader = read(library, query)
        assert reader.passages == [tidy(passage.text) for passage in library.stored.passages]
        assert {library.address(passage) for passage in library.stored.passages} <= set(reader.ids)
        assert len(reader.ids) == len(set(reader.ids)), "an address must lead to one place"


def test_every_commitment_has_its_mark_and_every_page_too(library: Library) -> None:
    """A citation's link leads somewhere, whichever commitment it names."""
    ids = set(read(library).ids)
    assert {commitment.id for commitment in library.stored.commitments} <= ids
    assert {f"page-{passage.page}" for passage in library.stored.passages} <= ids


def test_addresses_come_from_the_words(library: Library) -> None:
    """A rebuild, or a passage more before it, does not move an address."""
    later = Library(library.stored.__class__(library.stored.meta, library.stored.passages[5:], ()))
    passage = library.stored.passages[100]
    assert later.address(passage) == library.address(passage)


@pytest.mark.parametrize(
    ("query", "word"), [("养老床位", "养老床位"), ("養老　床位", "床位"), ("gdp", "GDP"), ("ＰＭ", "PM")]
)
def test_finding_gives_every_passage_with_all_words(library: Library, query: str, word: str) -> None:
    """Whatever the script, width or case; each hit is marked."""
    words = words_of(query)
    hits = [hit for hit in find(library, words) if not hit.name]
    expected = [p for p in library.stored.passages if all(w in tidy(p.text).lower() for w in words)]
    assert len(hits) == len(expected) and all(hit.page == p.page for hit, p in zip(hits, expected))
    if hits:
        assert any(piece.hit and squash(piece.text).lower() in words for piece in hits[0].pieces), word


def test_what_the_page_suggests_is_found(library: Library) -> None:
    """「养老床位」 stands nowhere in the plan, but residents call a commitment so: its passage is found, and its name told."""
    page = (FOLDER / "templates" / "plan.html").read_text(encoding="utf-8")
    suggested = re.search(r'placeholder="例如：([^"]+)"', page)
    assert suggested is not None
    hits = find(library, words_of(suggested.group(1)))
    assert any("养老机构床位" in "".join(piece.text for piece in hit.pieces) and hit.name for hit in hits)


def test_every_chapter_and_section_has_words_of_its_own_for_a_title(library: Library) -> None:
    """From the headings that stand in it: the plan's text has a title for the first chapter only."""
    chapters = {chapter.title: chapter for chapter in chapters_of(library)}
    assert "养老" in chapters["第九章"].sections[4].about
    for chapter in chapters.values():
        headings = [part.heading for section in chapter.sections for part in section.subsections if part.heading]
        parts = list(filter(None, chapter.about.rstrip("…").split("、")))
        assert bool(headings) == bool(chapter.about) and len(parts) == len(set(parts))
        assert all(any(part in heading for heading in headings) for part in parts)


@pytest.mark.parametrize("query", ["", "  ", "没有这个词"])
def test_finding_nothing_is_no_error(library: Library, query: str) -> None:
    """The page stands without hits."""
    assert find(library, words_of(query)) == []


def test_marks_never_change_the_text() -> None:
    """Joined, the runs are the text; overlapping words are marked once."""
    text = "养老机构养老床位.*"
    for words in ((), ("养老",), ("养老", "养老床位"), (".*",), ("没有",)):
        assert "".join(piece.text for piece in marked(text, words)) == text
    assert [p.text for p in marked(text, (".*",)) if p.hit] == [".*"]


def test_a_hostile_query_is_text(library: Library) -> None:
    """What is looked for is escaped wherever it stands."""
    hostile = '"><script>alert(1)</script>'
    html = render(
        "plan.html",
        meta=library.stored.meta,
        chapters=[],
        query=hostile,
        words=words_of(hostile),
        hits=[],
        near=False,
        chosen=alone(library),
    )
    assert "<script>alert" not in html and "&lt;script&gt;alert" in html


def test_the_list_shows_targets_with_baseline_and_page(library: Library) -> None:
    """Beds: 9,500 from 8,278, page 55, with bars in proportion."""
    topics = topics_of(library, Wanted.read({"topic": "elderly_care"}, ()))
    assert [topic.area for topic in topics] == ["elderly_care"]
    row = next(row for row in topics[0].rows if row.title == "养老机构床位总数")
    number = row.numbers[0]
    assert (number.text, number.old_text, row.page) == ("9500张", "8278张", 55)
    assert number.bar == 100 and number.old_bar == pytest.approx(87.1, abs=0.1)
    assert len(row.numbers) == 1, "the sentence's other numbers belong to their own commitments"


def test_the_list_says_it_in_plain_words_and_marks_them(library: Library) -> None:
    """Beside the plan's clause, as an explanation by staff; where there is none there is nothing."""
    topics = topics_of(library, Wanted.read({"topic": "elderly_care"}, ()))
    rows = {row.title: row for row in topics[0].rows}
    assert rows["养老机构床位总数"].plain and not rows["喘息服务"].plain
    shown = {
        "topics": topics,
        "wanted": Wanted(),
        "query": "",
        "count": 1,
        "in_plan": 0,
        "chart": [],
        "areas": {},
        "four": [],
        "kinds": {},
    }
    html = render("commitments.html", meta=library.stored.meta, places=[], chosen=alone(library), **shown)
    assert html.count("（工作人员的解释，不是规划的话）") == sum(bool(row.plain) for row in rows.values()) > 0
    assert f"大白话：{rows['养老机构床位总数'].plain}" in html


def test_the_plan_explains_a_passage_beneath_it_and_marks_that(library: Library) -> None:
    """In the release's words or those that staff published since; the plan's own text stays as it is printed."""
    beds = next(c for c in library.stored.commitments if c.title == "养老机构床位总数")
    respite = next(c for c in library.stored.commitments if c.title == "喘息服务")
    shown = {"meta": library.stored.meta, "query": "", "words": (), "hits": [], "near": False, "chosen": alone(library)}
    html = render("plan.html", chapters=chapters_of(library), **shown)
    assert f'<a href="#{beds.id}">养老机构床位总数</a>：{beds.plain}' in html
    assert html.count('role="note"') == html.count("<small>工作人员的解释，不是规划的话</small>") > 20
    live = {beds.id: "", respite.id: "照顾老人的家属可以歇一歇。"}
    again = render("plan.html", chapters=chapters_of(library, (), live), **shown)
    assert beds.plain not in again and "喘息服务</a>：照顾老人的家属可以歇一歇。" in again
    for chapters in (chapters_of(library), chapters_of(library, (), live)):
        sentences = (
            s for c in chapters for part in c.sections for sub in part.subsections for p in sub.paragraphs for s in p
        )
        text = "".join(piece.text for sentence in sentences for piece in sentence.pieces)
        assert text == "".join(tidy(passage.text) for passage in library.stored.passages)


def test_the_list_has_the_line_that_staff_published(library: Library) -> None:
    """In place of the release's."""
    wanted = Wanted.read({"topic": "elderly_care"}, ())
    beds = next(row for row in topics_of(library, wanted)[0].rows if row.title == "养老机构床位总数")
    row = next(r for r in topics_of(library, wanted, {beds.identity: "新的一句。"})[0].rows if r.title == beds.title)
    assert row.plain == "新的一句。" != beds.plain


def test_the_chart_draws_what_has_a_fair_scale_once(library: Library) -> None:
    """Shares against a hundred, other units against their own baseline, nothing twice."""
    chart = chart_of(topics_of(library, Wanted("all")))
    assert len({(n.label, n.text) for n in chart}) == len(chart) > 20
    assert all(n.bar is not None and 0 <= n.bar <= 100 for n in chart)
    assert all(n.old_text or "%" in n.text.replace("％", "%") for n in chart)


@pytest.mark.parametrize(
    ("arguments", "holds"),
    [
        ({}, lambda c: c.area in FOUR_TOPICS and c.kind in ("target", "indicator", "action")),
        ({"topic": "health"}, lambda c: c.area == "health"),
        ({"topic": "all", "kind": "baseline"}, lambda c: c.kind == "baseline"),
        ({"topic": "all", "place": "朱家角镇"}, lambda c: "朱家角镇" in c.places),
        ({"q": "床位"}, lambda c: "床位" in c.title + tidy(c.quote) + "".join(c.terms)),
        ({"topic": "all", "numbers": "1"}, lambda c: bool(c.figures)),
        ({"topic": "nonsense", "kind": "'; drop", "place": "火星镇"}, lambda c: c.area in FOUR_TOPICS),
    ],
    ids=["nothing", "topic", "kind", "place", "word", "numbers", "nonsense"],
)
def test_filters(library: Library, arguments: dict[str, str], holds) -> None:
    """Each lets through what it says and no more; what is not on offer filters nothing."""
    wanted = Wanted.read(arguments, library.stored.meta["places"])
    shown: list[Commitment] = [c for c in library.stored.commitments if wanted.lets_through(c)]
    assert shown and all(map(holds, shown))
    assert sum(len(topic.rows) for topic in topics_of(library, wanted)) == len(shown)


@pytest.mark.parametrize("query", ["9,500", "９，５００", "9500", "9500张", "养老床位", "养老机构床位"])
def test_the_list_finds_numbers_and_names_however_they_are_written(library: Library, query: str) -> None:
    """With thousands apart or not; a short name where the plan writes it out."""
    wanted, count = as_found(library, Wanted.read({"q": query}, ()))
    shown = [row.title for topic in topics_of(library, wanted) for row in topic.rows]
    assert "养老机构床位总数" in shown and len(shown) == count


def test_a_short_name_is_found_where_the_plan_writes_it_out(library: Library) -> None:
    """轨交17号线 in the list of all topics, by loosening the topic, and in the plan's text; never another line's number."""
    assert as_found(library, Wanted.read({"q": "轨交17号线"}, ()))[1] == 0
    looser_ones = looser(library, {"q": "轨交17号线", "topic": ""}, ())
    assert [each.name for each in looser_ones] == ["主题"] and looser_ones[0].count > 0
    for name in ("轨交17号线", "轨道交通17号线"):
        wanted, _ = as_found(library, replace(Wanted.read({"q": name, "topic": "all"}, ()), near=True))
        found = [c for c in library.stored.commitments if wanted.lets_through(c)]
        assert len(found) >= looser_ones[0].count
        assert all("17号线" in f"{tidy(c.quote)} {c.title} {' '.join(c.terms)}" for c in found)
    assert find(library, words_of("地铁认知障碍社区")) == []
    assert find(library, words_of("老年认知障碍社区")) == [] != find(library, words_of("老年认知障碍社区"), near=True)


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("轨交17号线", "轨道交通17号线西延伸", True),
        ("轨交17号线", "轨道交通1号线和7号线", False),
        ("轨道交通17号线", "推动轨交17号线西延伸", True),
        ("轨道交通17号线", "轨交7号线", False),
        ("养老床位", "养老机构床位总数", True),
        ("公园", "公共场所和园区", False),
        ("9500", "增加到9,500张", True),
        ("500", "增加到9500张", True),
        ("火星基地", "火炬计划、星火基金、基层阵地", False),
    ],
)
def test_what_counts_as_written_out(word: str, text: str, found: bool) -> None:
    """The signs in their order with little between; numbers whole; two signs alone are no short name."""
    assert all_stand(text, words_of(word), near=True) is found


def test_what_is_nowhere_is_said_to_be_nowhere(library: Library) -> None:
    """To drop the only word that was looked for would show everything: that is no help, asking is."""
    arguments = {"q": "火星基地", "topic": "", "kind": "", "place": "", "numbers": ""}
    assert looser(library, arguments, ()) == []
    assert [each.name for each in looser(library, {**arguments, "topic": "health"}, ())] == ["包含的字"]
    shown = {
        "topics": [],
        "wanted": Wanted.read(arguments, ()),
        "query": "火星基地",
        "count": 0,
        "in_plan": 0,
        "chart": [],
    }
    html = render(
        "commitments.html",
        meta=library.stored.meta,
        areas={},
        four=[],
        kinds={},
        places=[],
        looser=[],
        chosen=alone(library),
        **shown,
    )
    assert "规划全文里也没有“火星基地”这几个字" in html and "/ask?q=%E7%81%AB" in html
