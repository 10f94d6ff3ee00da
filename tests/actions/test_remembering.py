"""A reply is given again to the same words, and never after anything that it rests on has changed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from actions.asking import as_nlu_hears
from actions.dialogue.conversation import Conversation
from actions.dialogue.reply import Reply
from actions.dialogue.responder import Responder
from actions.documents.desk import DocumentDesk
from actions.documents.opened import OpenShelf
from actions.remembering import RememberedReplies
from knowledge.groundwork import settings
from knowledge.published.corrections import Link, LiveCorrections, Pointer
from knowledge.published.progress import Progress
from knowledge.reply.answer import Outcome
from knowledge.reply.compose import Composer
from knowledge.reply.listing import Subjects
from knowledge.search.finder import Finder
from tests.documents.stores import shelf_in

BEDS, NURSERIES = "到2025年养老院床位有多少张", "抱抱班办不办"
DAY_CARE, OF_BEDS = "c-f358e9de12", "c-702f53f084"


class Published:
    """What staff have published, as a test sets it; progress as well."""

    def __init__(self) -> None:
        self.corrections, self.progress = LiveCorrections(), dict[str, Progress]()

    def current(self) -> LiveCorrections:
        """The same object until another is set."""
        return self.corrections


class Recorded:
    """The progress of the same."""

    def __init__(self, published: Published) -> None:
        self._published = published

    def current(self) -> dict[str, Progress]:
        """The same object until another is set."""
        return self._published.progress


class Installation:
    """The real plan, what staff publish, and how often a turn was worked out."""

    def __init__(self, finder: Finder, shelf: Path) -> None:
        self.published, self.now, self.worked_out = Published(), datetime(2026, 11, 1), 0
        meta, commitments = finder.stored.meta, finder.stored.commitments
        following = finder.with_corrections(self.published)
        recorded, period = Recorded(self.published), finder.stored.period
        composer = Composer(meta["short_title"], period, "http://x/plan", commitments, recorded, self.published)
        own = Responder(following, composer, Subjects.load(settings.SUBJECTS), now=lambda: self.now)
        self.desk = DocumentDesk(own, OpenShelf(shelf).start(), lambda: self.now)
        self.remembered = RememberedReplies(most=3)
        worked_out = self.desk.reply

        def counted(*turn: object) -> Reply:
            self.worked_out += 1
            return worked_out(*turn)  # type: ignore[arg-type]

        self.desk.reply = counted  # type: ignore[method-assign]

    def ask(self, text: str, before: Conversation | None = None) -> Reply:
        """As the action does."""
        utterance, intent = as_nlu_hears(self.desk.own.finder, text)
        return self.remembered.reply(self.desk, utterance, before or Conversation(), intent)


@pytest.fixture
def installation(finder: Finder, tmp_path: Path) -> Iterator[Installation]:
    """With an empty shelf, after the first turn: from then on what is published is ready to be looked up."""
    made = Installation(finder, tmp_path)
    made.ask("您好")
    made.worked_out = 0
    yield made


def untimed(reply: Reply) -> Reply:
    """All but how long it took to find."""
    return replace(reply, finding=replace(reply.finding, took_ms=0.0)) if reply.finding else reply


@pytest.mark.parametrize("text", [BEDS, NURSERIES, "今天天气怎么样", "你好", "学堂"])
def test_the_same_words_get_the_same_reply(installation: Installation, text: str) -> None:
    """An answer, refusals, small talk, a choice: worked out once, word for word what it was."""
    first = installation.ask(text)
    assert untimed(installation.ask(text)) == untimed(first) and installation.worked_out == 1
    installation.ask(f"{text}啊")
    assert installation.worked_out == 2


def test_what_leans_or_registers_is_worked_out(installation: Installation) -> None:
    """A conversation gives words another meaning; two complaints are two requests."""
    before = installation.ask(BEDS).conversation
    for _ in range(2):
        installation.ask("护理型的呢", before)
    assert installation.worked_out == 3
    first, second = (installation.ask("垃圾没人收，我要投诉") for _ in range(2))
    assert first.answer.outcome is Outcome.HANDOFF and first.handoff != second.handoff
    assert installation.worked_out == 5


def test_what_staff_publish_holds_at_once(installation: Installation) -> None:
    """A link, as soon as it is ready to be looked up; progress; and both when they are withdrawn."""
    assert installation.ask(NURSERIES).answer.outcome is Outcome.NOT_IN_PLAN
    installation.published.corrections = LiveCorrections(questions=(Link(NURSERIES, DAY_CARE),))
    deadline = time.monotonic() + 30
    while installation.ask(NURSERIES).answer.outcome is not Outcome.ANSWERED:
        assert time.monotonic() < deadline, "what was published never counted"
    assert installation.ask(NURSERIES).answer.citations[0].commitment_id == DAY_CARE
    installation.published.corrections = LiveCorrections()
    while installation.ask(NURSERIES).answer.outcome is not Outcome.NOT_IN_PLAN:
        assert time.monotonic() < deadline, "what was withdrawn counted on"
    assert "9620" not in installation.ask(BEDS).answer.text
    latest = Progress(OF_BEDS, "reached", "9620 张", date(2026, 1, 2), "区民政局", "http://z")
    installation.published.progress = {OF_BEDS: latest}
    assert "9620" in installation.ask(BEDS).answer.text
    installation.published.progress = {}
    assert "9620" not in installation.ask(BEDS).answer.text


def test_a_pointer_ends_with_its_day_in_qingpu(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the clock of the server says."""
    asked, days = "公租房怎么申请", [date(2026, 11, 1)]
    for module in ("actions.remembering", "knowledge.search.matching"):
        monkeypatch.setattr(f"{module}.today", lambda: days[0])
    pointer = Pointer(asked, "看指南", "https://a.cn", days[0])
    installation.published.corrections = LiveCorrections(questions=(pointer,))
    deadline = time.monotonic() + 30
    while "看指南" not in installation.ask(asked).answer.text:
        assert time.monotonic() < deadline, "what was published never counted"
    assert "看指南" in installation.ask(asked).answer.text
    days[0] = date(2026, 11, 2)
    assert "看指南" not in installation.ask(asked).answer.text


def test_another_day_and_another_document_are_another_reply(installation: Installation, tmp_path: Path) -> None:
    """The plan is in force, then over; a successor is put on the shelf, as a process follows it."""
    greenways = "新建绿道多少公里"
    installation.now = datetime(2025, 12, 31)
    assert not installation.ask(greenways).answer.notice
    installation.now = datetime(2026, 1, 1)
    assert installation.ask(greenways).answer.notice
    shelf_in(tmp_path / "later")
    worked_out, installation.desk._shelf = installation.worked_out, OpenShelf(tmp_path / "later").start()
    assert "120公里" in installation.ask(greenways).answer.headline
    assert installation.worked_out == worked_out + 1


def test_no_more_are_kept_than_may_be(installation: Installation) -> None:
    """Of three, what was asked last stays."""
    for text in (BEDS, "你好", "今天天气怎么样", BEDS, "学堂"):
        installation.ask(text)
    assert installation.worked_out == 4
    installation.ask(BEDS)
    assert installation.worked_out == 4
    installation.ask("你好")
    assert installation.worked_out == 5
