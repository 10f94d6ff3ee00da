"""Curated files: what is wrong in them is said with file, line and mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.catalogue.commitments import assemble
from knowledge.catalogue.entries import MAX_QUESTION_CHARS, MAX_VOICE_CHARS, load_catalogue
from knowledge.document.documents import Document
from knowledge.document.passages import Passage
from knowledge.groundwork.errors import CatalogueError, QuoteNotInPlan

ENTRY = """topic: {topic}
commitments:
  - quote: {quote}
    title: 床位
    audience: [老人]
    terms: [床位]
    questions:
      - 床位有多少
      - 要多少张床
      - {third}
"""
GOOD = {"topic": "elderly_care", "quote": "到2025年，养老机构床位总数增加到9500张", "third": "床够不够"}


def write(folder: Path, name: str = "a.yml", **changes: str) -> Path:
    """A catalogue of one entry, good but for `changes`."""
    path = folder / name
    path.write_text(ENTRY.format(**{**GOOD, **changes}), encoding="utf-8")
    return path


def test_good_entry_finds_its_sentence(tmp_path: Path, passages: list[Passage], document: Document) -> None:
    """A quote without the PDF's blanks is found, and the headline is the plan's own run of text."""
    write(tmp_path)
    found = [c for c in assemble(passages, load_catalogue(tmp_path), document, {}) if c.curated]
    assert [c.passage.page for c in found] == [55]
    assert found[0].headline == "到 2025年，养老机构床位总数增加到 9500 张"
    assert found[0].figures[0].value == 9500


def test_quote_not_in_the_plan_names_file_and_line(tmp_path: Path, passages: list[Passage], document: Document) -> None:
    """A made-up quote stops the build with its line."""
    path = write(tmp_path, quote="到2025年，养老机构床位总数增加到20000张")
    with pytest.raises(QuoteNotInPlan, match=r"a\.yml:3: 规划里没有这句原文"):
        assemble(passages, load_catalogue(tmp_path), document, {})
    assert path.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"topic": "pets"}, "未知的主题"),
        ({"third": "床位有多少"}, "重复"),
        ({"third": "'" + "很长" * 40 + "'"}, "缩到"),
        ({"third": "12"}, "不是文字"),
        ({"quote": '""'}, "缺 quote"),
        ({"quote": "[1"}, "YAML 读不懂"),
    ],
)
def test_faulty_entry_says_what_and_how_to_mend(tmp_path: Path, changes: dict[str, str], said: str) -> None:
    """Each fault has its own words, the file, a line and a mend."""
    write(tmp_path, **changes)
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(tmp_path)
    assert said in str(caught.value) and "a.yml:" in str(caught.value) and " — " in str(caught.value)


VOICES = """    voices:
      - 我妈八十了，走不动路，想给她找个有床的地方
      - {voice}
"""


def write_with_voices(folder: Path, voice: str = "一床难求，几时好点") -> Path:
    """A catalogue whose entry has messages of others beside its questions."""
    path = write(folder)
    path.write_text(path.read_text(encoding="utf-8") + VOICES.format(voice=voice), encoding="utf-8")
    return path


def test_messages_of_others_are_samples_beside_the_curators_questions(
    tmp_path: Path, passages: list[Passage], document: Document
) -> None:
    """After them, told apart in the entry, all of them asked of the commitment; an entry needs none."""
    write_with_voices(tmp_path)
    (entry,) = load_catalogue(tmp_path)
    assert entry.questions == ("床位有多少", "要多少张床", "床够不够")
    assert entry.voices == ("我妈八十了，走不动路，想给她找个有床的地方", "一床难求，几时好点")
    assert entry.samples == (*entry.questions, *entry.voices)
    (built,) = (c for c in assemble(passages, [entry], document, {}) if c.curated)
    assert built.questions == entry.samples
    write(tmp_path)
    assert load_catalogue(tmp_path)[0].voices == ()


@pytest.mark.parametrize(("chars", "fits"), [(MAX_QUESTION_CHARS + 1, True), (MAX_VOICE_CHARS, True), (MAX_VOICE_CHARS + 1, False)])  # fmt: skip
def test_a_message_of_others_may_be_longer_than_a_question(tmp_path: Path, chars: int, fits: bool) -> None:
    """Story and all; what is longer still is refused with its own line and limit."""
    path = write_with_voices(tmp_path, "长" * chars)
    if fits:
        assert len(load_catalogue(tmp_path)[0].voices[1]) == chars
        return
    line = path.read_text(encoding="utf-8").splitlines().index(f"      - {'长' * chars}") + 1
    with pytest.raises(CatalogueError, match=rf"a\.yml:{line}: .* — 缩到 {MAX_VOICE_CHARS} 字以内"):
        load_catalogue(tmp_path)


@pytest.mark.parametrize("voice", ["床位有多少", "我妈八十了，走不动路，想给她找个有床的地方"])
def test_a_message_of_others_that_is_a_sample_already_is_refused(tmp_path: Path, voice: str) -> None:
    """Whether a curator's question or another voice."""
    write_with_voices(tmp_path, voice)
    with pytest.raises(CatalogueError, match=f"问题「{voice}」与 a.yml:3 重复"):
        load_catalogue(tmp_path)


def test_a_message_of_others_has_one_entry(tmp_path: Path) -> None:
    """What is asked of two things would be a sample of neither."""
    write_with_voices(tmp_path)
    other = ENTRY.format(**GOOD).replace("床位有多少", "甲").replace("要多少张床", "一床难求，几时好点")
    (tmp_path / "b.yml").write_text(other.replace("床够不够", "丙"), encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"b\.yml:3: 问题「一床难求，几时好点」与 a\.yml:3 重复"):
        load_catalogue(tmp_path)


def test_bad_encoding_names_the_line(tmp_path: Path) -> None:
    """A file saved in GB18030 is refused with the line of the first bad byte."""
    (tmp_path / "a.yml").write_bytes("topic: other\n# 注释".encode("gb18030"))
    with pytest.raises(CatalogueError, match=r"a\.yml:2: 不是 UTF-8"):
        load_catalogue(tmp_path)


def test_same_quote_twice_is_refused(tmp_path: Path, passages: list[Passage], document: Document) -> None:
    """Two entries on one quote would share an id."""
    write(tmp_path)
    text = ENTRY.format(**GOOD).replace("床位有多少", "甲").replace("要多少张床", "乙").replace("床够不够", "丙")
    (tmp_path / "b.yml").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match="编号相同"):
        assemble(passages, load_catalogue(tmp_path), document, {})


def test_shipped_catalogue_covers_the_four_topics(commitments: tuple) -> None:
    """Every curated commitment of the four topics has title, audience and at least 3 questions."""
    curated = [c for c in commitments if c.curated]
    for topic in ("elderly_care", "childcare", "schooling", "housing"):
        own = [c for c in curated if c.topic == topic]
        assert len(own) >= 10, topic
        assert all(c.title and c.audience and len(c.questions) >= 3 for c in own), topic
