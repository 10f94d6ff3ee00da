"""Lines in plain words only restate: every number, name and promise in them stands in the plan's sentence."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from knowledge.catalogue.commitments import Commitment, assemble
from knowledge.catalogue.entries import load_catalogue
from knowledge.catalogue.export import export_rows
from knowledge.catalogue.restating import MAX_CHARS, beyond, copies
from knowledge.catalogue.store import SCHEMA_VERSION, opened, read_store, write_store
from knowledge.catalogue.topics import FOUR_TOPICS
from knowledge.document.documents import Document
from knowledge.document.passages import Passage
from knowledge.groundwork import settings
from knowledge.groundwork.errors import CatalogueError
from tests.knowledge.catalogue.test_catalogue import write

PLACES = {"徐泾镇": ("徐泾",)}
BEDS = "到 2025年，养老机构床位总数增加到 9500 张，认知障碍照护床位不少于 550 张，护理型床位占比达到60%，推进“友好社区”街镇全覆盖。"


@pytest.fixture(scope="module")
def shipped(passages: list[Passage], document: Document) -> list[Commitment]:
    """The commitments of the repository's catalogue that have a line, as a build has them."""
    found = assemble(passages, load_catalogue(settings.CATALOGUE), document, {})
    return [commitment for commitment in found if commitment.plain]


@pytest.mark.parametrize(
    ("plain", "more"),
    [
        ("到2025年养老院总共有9500张床", []),
        ("“友好社区”街镇都要有，床位至少550张", []),
        ("养老院总共有9600张床", ["9600"]),
        ("到2026年有9500张床", ["2026"]),
        ("徐泾的养老院有9500张床", ["徐泾"]),
        ("“幸福社区”街镇都要有", ["幸福社区"]),
        ("床位至多九百五十张，增加两家养老院", ["九百五十", "两", "至多"]),
        ("床位减少到9500张", ["减少"]),
        ("床位不到9500张", ["不到"]),
        ("床位近9500张", ["近"]),
        ("床位翻一番，到9500张", ["翻一番"]),
        ("已经有9500张床了", ["已经"]),
        ("9500张床，一半给本地人", ["一半", "本地人"]),
        ("9500张床，不收钱", ["收钱", "不收"]),
        ("9500张床，由王局长负责", ["王局长", "负责"]),
        ("认知障碍照护床位9500张", ["9500"]),
        ("养老机构床位总数550张", ["550"]),
        ("<b>9500张床</b>", ["<", ">"]),
        ("9500张床，比现在多一千多张", ["一千"]),
        ("占比六成", []),
        ("占比七成", ["70"]),
        ("有六家养老院", ["六"]),
        ("养老院的床，到2025年要有9500张", []),
        ("养老院免费，人人有床", ["免费", "人人"]),
        ("保证有床，马上建成", ["保证", "马上", "建成"]),
        ("复旦大学来办", ["复旦大学"]),
        ("由AED公司来办", ["AED"]),
    ],
)
def test_what_a_line_says_beyond_the_sentence_is_found(plain: str, more: list[str]) -> None:
    """Numbers and beside what they stand, years, towns, names, amounts in words, which way it goes, for whom, promises.

    What stands for another word is let through.
    """
    assert beyond(plain, BEDS, PLACES) == more


def test_a_line_that_is_the_plan_again_is_none() -> None:
    """Marks and blanks aside."""
    assert copies("到2025年养老机构床位总数增加到9500张。", "到 2025年，养老机构床位总数增加到 9500 张")
    assert not copies("养老院的床要有9500张", "养老机构床位总数增加到9500张")


@pytest.mark.slow  # reads the whole catalogue
def test_every_shipped_line_only_restates(shipped: list[Commitment], document: Document) -> None:
    """And is short enough to be read at once, and is not the plan's clause again."""
    assert not [(c.plain, more) for c in shipped if (more := beyond(c.plain, c.quote, document.places))]
    assert all(len(c.plain) <= MAX_CHARS and not copies(c.plain, c.headline) for c in shipped)


def test_the_four_topics_have_their_lines(shipped: list[Commitment]) -> None:
    """At least 150, in each of the topics, no line twice."""
    topics = Counter(c.topic for c in shipped)
    assert set(topics) == set(FOUR_TOPICS) and sum(topics.values()) >= 150
    assert len({c.plain for c in shipped}) == len(shipped)


def test_no_shipped_line_could_say_more_unnoticed(shipped: list[Commitment], document: Document) -> None:
    """Each with another number, a promise or a town that its sentence has not is found out."""
    for commitment in shipped:
        for added in ("免费", "保证做到", "77", "白鹤镇"):
            if added not in commitment.quote:
                assert beyond(commitment.plain + added, commitment.quote, document.places), (commitment.plain, added)


def test_a_build_refuses_a_line_that_says_more(tmp_path: Path, passages: list[Passage], document: Document) -> None:
    """With the file, the line, what is too much and the mend; likewise the plan's own words, and what is no line."""
    path = write(tmp_path)
    good = path.read_text(encoding="utf-8")
    for plain, said in (
        ("养老院有9600张床，免费", "规划这一句没有的：「9600」、「免费」 — plain 只能换个说法"),
        ("到2025年，养老机构床位总数增加到9500张。", "plain 就是规划原话"),
        ("[1]", "plain 不是一句 80 字以内的话"),
        ("长" * 81, "plain 不是一句 80 字以内的话"),
    ):
        path.write_text(good.replace("    title: 床位", f"    title: 床位\n    plain: {plain}"), encoding="utf-8")
        with pytest.raises(CatalogueError, match=r"a\.yml:\d") as caught:
            assemble(passages, load_catalogue(tmp_path), document, {})
        assert said in str(caught.value)


def test_a_line_is_kept_and_read_back(tmp_path: Path) -> None:
    """A store that was built before there were any is read without."""
    passage = Passage(BEDS, page=55, line=1, chapter="第九章", section="第四节", heading="", kind="body")
    beds = Commitment("c-beds", "elderly_care", "elderly_care", "target", "床位", BEDS, passage, plain="床更多")
    bare = replace(beds, id="c-bare", plain="")
    with opened(f"sqlite:///{tmp_path}/k.sqlite") as engine:
        write_store(engine, [passage], [beds, bare], {"schema_version": SCHEMA_VERSION})
        stored = read_store(engine).commitments
        assert [c.plain for c in stored] == [row["plain"] for row in export_rows(stored)] == ["床更多", ""]
        with engine.begin() as connection:
            connection.execute(text("DROP TABLE plain_words"))
        assert [c.plain for c in read_store(engine).commitments] == ["", ""]
