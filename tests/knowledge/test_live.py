"""Published corrections: read again soon, never in the way; words, links and pointers as residents get them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import Engine

from knowledge.groundwork import settings
from knowledge.language.question import read_question
from knowledge.published import tables
from knowledge.published.corrections import AboutQuestion, Fixed, Link, LiveCorrections, Pointer, Refusal, Word, today
from knowledge.published.reading import FRESH_S, PublishedCorrections, published
from knowledge.published.renewing import PATIENCE_S, Renewed
from knowledge.published.words import LiveWords
from knowledge.reply.answer import Outcome
from knowledge.reply.compose import Composer
from knowledge.reply.decide import decide
from knowledge.search.finder import Finder
from knowledge.search.known import LINKED_TO, OUTSIDE, SILENT
from knowledge.search.matching import same_demands

BEDS, OTHER = "c-702f53f084", "乐龄卡在哪里刷"
SOON = today() + timedelta(days=1)
POINTER = Pointer("公租房怎么申请", "请看区房管局的\n办事指南", "https://www.shqp.gov.cn/x", SOON)


SILENT_ON_FEES = Refusal("到2025年养老院床位有多少张", "fee")
NOT_OURS = Refusal("公租房以后会多建一点吗", outside=True)


def live(*questions: AboutQuestion, words: tuple[Word, ...] = ()) -> LiveCorrections:
    """Corrections in the order of their publication."""
    return LiveCorrections(questions, words)


@pytest.fixture
def board(tmp_path: Path) -> Iterator[tuple[Engine, PublishedCorrections, list[float]]]:
    """A database with the table, a reader of it, and the reader's clock."""
    url, now = f"sqlite:///{tmp_path}/state.sqlite", [0.0]
    engine = create_engine(url, future=True)
    with engine.begin() as connection:
        tables.CORRECTIONS.create(connection)
    reader = PublishedCorrections(url, clock=lambda: now[0])
    yield engine, reader, now
    reader.close()
    engine.dispose()


def test_what_is_published_is_read_within_seconds_and_withdrawn_likewise(
    board: tuple[Engine, PublishedCorrections, list[float]],
) -> None:
    """Every kind comes back as it was published, later ones last; nothing changed is the same object."""
    engine, reader, now = board
    assert reader.current() == LiveCorrections()
    word = Word("乐龄卡", "敬老卡", "typo")
    with engine.begin() as connection:
        tables.publish(connection, "correction:1", [Link("问", BEDS)])
        tables.publish(connection, "correction:2", [POINTER])
        tables.publish(connection, "correction:3", [word])
        tables.publish(connection, "correction:4", [SILENT_ON_FEES])
        tables.publish(connection, "correction:5", [NOT_OURS])
        tables.publish(connection, f"commitment:{BEDS}", [Link("又问", BEDS), (BEDS, "床位")])
    assert reader.current() == LiveCorrections()
    now[0] += FRESH_S
    found = reader.current()
    refusals = (SILENT_ON_FEES, NOT_OURS)
    assert found == LiveCorrections((Link("问", BEDS), POINTER, *refusals, Link("又问", BEDS)), (word,), {BEDS: "床位"})
    now[0] += FRESH_S
    assert reader.current() is found
    with engine.begin() as connection:
        tables.withdraw(connection, "correction:1")
        tables.publish(connection, "correction:3", [])
    now[0] += FRESH_S
    assert reader.current() == LiveCorrections((POINTER, *refusals, Link("又问", BEDS)), (), {BEDS: "床位"})


def test_a_table_that_cannot_be_read_means_no_corrections(tmp_path: Path) -> None:
    """A file that is no database, one without the table, and none at all, which is not made."""
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(b"this is no database" * 100)
    (tmp_path / "empty.sqlite").touch()
    for name in ("broken", "empty", "none"):
        reader = PublishedCorrections(f"sqlite:///{tmp_path}/{name}.sqlite")
        assert reader.current() == LiveCorrections()
        reader.close()
    assert not (tmp_path / "none.sqlite").exists()


def test_a_database_that_cannot_be_read_for_a_while_takes_nothing_back(
    board: tuple[Engine, PublishedCorrections, list[float]],
) -> None:
    """Corrections hold until the table says otherwise."""
    engine, reader, now = board
    with engine.begin() as connection:
        tables.publish(connection, "correction:1", [Link("问", BEDS)])
    assert reader.current() == live(Link("问", BEDS))
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE published_correction RENAME TO elsewhere")
    now[0] += FRESH_S
    assert reader.current() == live(Link("问", BEDS))
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO published_correction")
        tables.withdraw(connection, "correction:1")
    now[0] += FRESH_S
    assert reader.current() == LiveCorrections()


def test_nobody_waits_for_a_value_that_takes_long() -> None:
    """The one before is given after a moment; once it is there, the next caller gets it."""
    kept: Renewed[str] = Renewed("old")
    started = time.monotonic()
    assert kept.renew(lambda: time.sleep(PATIENCE_S * 5) or "new") == "old"
    assert kept.renew(lambda: "never asked for") == "old"
    assert time.monotonic() - started < PATIENCE_S * 4
    deadline = time.monotonic() + 30
    while kept.value == "old" and time.monotonic() < deadline:
        time.sleep(0.05)
    assert kept.value == "new"


def test_corrections_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the release alone is judged."""
    monkeypatch.setenv("STAFF_CORRECTIONS", "off")
    assert isinstance(published(), Fixed)
    monkeypatch.setenv("STAFF_CORRECTIONS", "on")
    assert isinstance(published(), PublishedCorrections)


@pytest.mark.parametrize(
    ("word", "text", "expected"),
    [
        (Word("乐龄卡", "敬老卡"), "乐龄卡在哪办", "敬老卡在哪办"),
        (Word("养老原", "养老院", "typo"), "养老原来有多少", "养老原来有多少"),
        (Word("助餐点", "社区食堂"), "助餐点心", "助餐点心"),
        (Word("敬老卡", "上海敬老卡"), "上海敬老卡和敬老卡", "上海敬老卡和上海敬老卡"),
        (Word("ai", "人工智能"), "ai和aids", "人工智能和aids"),
        (Word("a1", "一号"), "a12路", "a12路"),
    ],
)
def test_a_word_is_put_in_place_only_where_it_is_a_word(finder: Finder, word: Word, text: str, expected: str) -> None:
    """Never inside a longer word, and never twice."""
    words = LiveWords([word], finder.normalizer.vocabulary.tokenizer)
    assert words.apply(text) == expected
    assert words.apply(words.apply(text)) == expected


def test_the_longest_word_wins_and_a_later_one_replaces_an_earlier(finder: Finder) -> None:
    """As in the dialect lexicon."""
    words = [Word("毛脚", "准"), Word("毛脚女婿", "未来女婿"), Word("毛脚", "未过门")]
    applied = LiveWords(words, finder.normalizer.vocabulary.tokenizer)
    assert applied.apply("毛脚女婿和毛脚") == "未来女婿和未过门"


def test_words_come_and_go_with_what_is_published(finder: Finder) -> None:
    """The memory of normalised texts serves nothing stale; a typing error is reported as a guess; samples stay as built."""

    class Board:
        corrections = LiveCorrections()

        def current(self) -> LiveCorrections:
            return self.corrections

    source = Board()
    normalizer = finder.normalizer.with_corrections(source)
    assert normalizer.normalise("乐龄卡怎么办").text == "乐龄卡怎么办"
    source.corrections = live(words=(Word("樂齡卡", "敬老卡", "typo"),))
    understood = normalizer.normalise("乐龄卡怎么办")
    assert understood.text == "敬老卡怎么办" and understood.guesses == (("乐龄卡", "敬老卡"),)
    assert finder.normalizer.normalise("乐龄卡怎么办").text == "乐龄卡怎么办"
    source.corrections = LiveCorrections()
    assert normalizer.normalise("乐龄卡怎么办").text == "乐龄卡怎么办"


def test_a_linked_question_reaches_its_commitment(finder: Finder) -> None:
    """Word for word whatever stands around it, and through a published word; unknown commitments are skipped."""
    word = Word("乐龄卡", "敬老卡")
    trying = finder.trying(live(Link(OTHER, BEDS), Link("某某怎么办", "c-unknown"), words=(word,)))
    for text in (OTHER, f"请问{OTHER}呀？", "敬老卡在哪里刷"):
        finding = trying.find(text)
        assert finding.known_as == LINKED_TO and finding.candidates[0].commitment.id == BEDS, text
        assert (finding.silence, decide(finding).outcome) == (0.0, Outcome.ANSWERED)
    assert trying.find("某某怎么办").known_as == ""
    assert finder.find(OTHER).known_as == ""


def test_a_refused_question_is_refused_at_once(finder: Finder) -> None:
    """Silent with the aspect that staff named, or outside; nearly the same words too, other questions not."""
    trying = finder.trying(live(SILENT_ON_FEES, NOT_OURS))
    silent = trying.find("请问到2025年养老院床位有多少张呢")
    assert (silent.known_as, silent.aspect, decide(silent).outcome) == (SILENT, "fee", Outcome.NOT_IN_PLAN)
    outside = trying.find(NOT_OURS.question)
    assert (outside.known_as, decide(outside).outcome) == (OUTSIDE, Outcome.OUT_OF_SCOPE)
    assert trying.find("公租房怎么申请").known_as != OUTSIDE
    assert finder.trying(live(Refusal("公租房如何申请"))).find("公租房怎么申请").known_as == SILENT
    assert decide(finder.find(NOT_OURS.question)).outcome is Outcome.ANSWERED


def test_the_later_of_two_holds(finder: Finder) -> None:
    """A pointer after a link, a link after a pointer."""
    link, pointer = Link(OTHER, BEDS), Pointer(OTHER, "看这里", "https://x.cn", SOON)
    assert finder.trying(live(link, pointer)).find(OTHER).pointer == pointer
    assert finder.trying(live(pointer, link)).find(OTHER).known_as == LINKED_TO


def test_nearly_the_same_words_count_where_they_ask_for_the_same(finder: Finder) -> None:
    """A close paraphrase is honoured; another place, year, number or the opposite is another question."""
    trying = finder.trying(live(POINTER))
    assert trying.find("公租房如何申请").pointer == POINTER
    for other in ("徐泾公租房怎么申请", "2025年公租房怎么申请", "公租房不能申请怎么办", "公租房有多少套"):
        assert trying.find(other).pointer is None, other


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("床位有多少", "床位多少", True),
        ("能不能装电梯", "可不可以装电梯", True),
        ("能装电梯吗", "不能装电梯吗", False),
        ("徐泾有养老院吗", "赵巷有养老院吗", False),
        ("2020年有多少", "2025年有多少", False),
        ("建20所学校吗", "建30所学校吗", False),
    ],
)
def test_what_two_questions_demand(finder: Finder, one: str, other: str, same: bool) -> None:
    """Aspects, places, years, numbers and negation."""
    places = finder.stored.meta["places"]
    assert same_demands(read_question(one, places), read_question(other, places)) == same


def test_a_bare_name_and_a_sample_question_are_meant_word_for_word(finder: Finder) -> None:
    """Nearly the same words never take a name or another commitment's own sample question away."""
    owner = next(c for c in finder.stored.commitments if len(c.questions) > 3 and c.id != BEDS)
    asked = owner.questions[0]
    trying = finder.trying(live(Link(f"{asked}了呢呀", BEDS), Link("民心工程解释", BEDS)))
    assert trying.find("民心工程").known_as != LINKED_TO
    near = trying.find(owner.questions[1])
    assert near.known_as != LINKED_TO or near.candidates[0].commitment.quote == owner.quote


def test_an_expired_pointer_vanishes_by_itself(finder: Finder) -> None:
    """Its last day counts, the day after does not."""
    assert POINTER.holds_on(SOON) and not POINTER.holds_on(SOON + timedelta(days=1))
    late = Pointer(POINTER.question, "旧的", "https://x.cn", today() - timedelta(days=1))
    assert finder.trying(live(late)).find(POINTER.question).pointer is None
    assert finder.trying(live(POINTER, late)).find(POINTER.question).pointer == POINTER


def test_a_pointer_is_told_beside_the_plans_silence(finder: Finder) -> None:
    """No citation, the plan is silent, the staff's words marked as theirs with source and date, the same in the notice."""
    composer = Composer("《规划》", (2021, 2025), "http://reader", finder.stored.commitments)
    answer = composer.not_in_plan(finder.trying(live(POINTER)).find(POINTER.question))
    line = f"工作人员的指引（不是规划原文，有效到{SOON}）：请看区房管局的 办事指南　来源：{POINTER.url}"
    assert answer.outcome is Outcome.NOT_IN_PLAN and answer.citations == ()
    assert "里没有写" in answer.text and answer.text.split("\n")[1] == line == answer.notice


def test_a_title_that_staff_wrote_is_what_is_offered(finder: Finder) -> None:
    """The question behind it stays the same."""
    stored = finder.stored.commitments
    titled = Composer("《规划》", None, "http://r", stored, None, Fixed(LiveCorrections(titles={BEDS: "床位总数"})))
    plain = Composer("《规划》", None, "http://r", stored)
    beds = finder.by_id[BEDS]
    assert titled.clarify([beds]).related[0].title == "床位总数"
    assert titled.clarify([beds]).related[0].payload == plain.clarify([beds]).related[0].payload


def test_where_staff_publish(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first that is set of two variables, else beside the log, where it was before that file was there."""
    for name in ("PROGRESS_URL", "REVIEW_URL", "CONVERSATIONS_URL"):
        monkeypatch.delenv(name, raising=False)
    assert settings.staff_url() == "sqlite:///var/conversations-review.sqlite"
    assert settings.staff_moved_from() == "sqlite:///var/conversations.sqlite"
    monkeypatch.setenv("CONVERSATIONS_URL", "sqlite:///a")
    assert (settings.staff_url(), settings.staff_moved_from()) == ("sqlite:///a-review", "sqlite:///a")
    monkeypatch.setenv("CONVERSATIONS_URL", "postgresql://server/log")
    assert settings.staff_url() == settings.staff_moved_from() == "postgresql://server/log"
    monkeypatch.setenv("REVIEW_URL", "sqlite:///b")
    assert (settings.staff_url(), settings.staff_moved_from()) == ("sqlite:///b", "")
    monkeypatch.setenv("PROGRESS_URL", "sqlite:///c")
    assert (settings.staff_url(), settings.staff_moved_from()) == ("sqlite:///c", "")


def test_dates_are_qingpus() -> None:
    """Whatever the server's clock says."""
    assert abs((today() - date.today()).days) <= 1
