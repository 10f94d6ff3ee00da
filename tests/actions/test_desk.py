"""A turn that several documents could answer: the invented successor on the shelf beside the real plan."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from actions.answering import responder_of
from actions.asking import as_nlu_hears
from actions.dialogue.conversation import Conversation
from actions.dialogue.reply import Reply
from actions.dialogue.responder import Responder
from actions.documents.desk import DocumentDesk
from actions.documents.opened import OpenShelf
from actions.documents.standings import TurnScope
from knowledge.reply.answer import Outcome
from knowledge.search.finder import Finder
from knowledge.shelf.folder import DocumentShelf
from knowledge.shelf.record import DRAFT, ENDED
from tests.documents.stores import SUCCESSOR, shelf_in

TODAY = datetime(2026, 11, 1)


@pytest.fixture(scope="module")
def own(finder: Finder) -> Responder:
    """The real plan alone."""
    return responder_of(None)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> DocumentShelf:
    """The successor on it, in force."""
    return shelf_in(tmp_path_factory.mktemp("shelf"))[0]


@pytest.fixture(scope="module")
def desk(own: Responder, shelf: DocumentShelf) -> DocumentDesk:
    """Both."""
    return DocumentDesk(own, OpenShelf(shelf.folder).start(), lambda: TODAY)


@pytest.fixture(scope="module")
def drafted(own: Responder, tmp_path_factory: pytest.TempPathFactory) -> DocumentDesk:
    """The successor is a draft."""
    shelf, _ = shelf_in(tmp_path_factory.mktemp("drafts"))
    shelf.set_status(SUCCESSOR, DRAFT)
    return DocumentDesk(own, OpenShelf(shelf.folder).start(), lambda: TODAY)


def ask(desk: DocumentDesk, *turns: str, scope: TurnScope | None = None) -> Reply:
    """The reply to the last of some turns."""
    before, reply = Conversation(), None
    for text in turns:
        utterance, intent = as_nlu_hears(desk.own.finder, text)
        reply = desk.reply(utterance, before, intent, *([scope] if scope else []))
        before = reply.conversation
    assert reply is not None
    return reply


def documents(reply: Reply) -> list[str]:
    """Which documents it cites."""
    return [citation.document_id for citation in reply.answer.citations]


def said(reply: Reply) -> Reply:
    """All of a reply but how long it took to find."""
    return replace(reply, finding=replace(reply.finding, took_ms=0.0) if reply.finding else None)


def test_what_is_in_force_comes_first_and_the_plan_before_stands_beside(desk: DocumentDesk) -> None:
    """Its number with its page, the difference as arithmetic on both, both quoted and each by its document's name."""
    reply = ask(desk, "新建绿道多少公里")
    assert documents(reply) == [SUCCESSOR, ""] and "120公里" in reply.answer.headline
    line = next(line for line in reply.answer.text.split("\n") if line.startswith("上一个规划"))
    assert "新建绿道200公里，第 65 页" in line and "120公里（第 1 页）" in line and "减少 80公里" in line
    first, second = reply.answer.citations
    assert "十五五" in first.document and "十四五" in second.document and "200" in second.quote
    assert f"document={SUCCESSOR}#{SUCCESSOR}.c-" in first.url and "document=" not in second.url
    assert reply.knowledge == "successor-made-for-tests" and reply.finding is not None
    assert reply.finding.candidates[0].commitment.id == first.commitment_id


def test_another_document_in_force_is_told_beside(own: Responder, tmp_path: Path) -> None:
    """Practical projects do not end the plan: it answers where it is sure, they stand in a line; what they alone say is theirs."""
    shelf, record = shelf_in(tmp_path)
    shelf.put(replace(record, kind="projects", short_title="《2026年实事项目》"), shelf.paths(record).folder)
    desk = DocumentDesk(own, OpenShelf(tmp_path).start(), lambda: TODAY)
    reply = ask(desk, "新建绿道多少公里")
    assert documents(reply) == ["", SUCCESSOR] and "上一个规划" not in reply.answer.text
    assert "《2026年实事项目》也写了：“到2030年，新建绿道120公里”，第 1 页。" in reply.answer.text
    assert documents(ask(desk, "低空飞行的起降点建几处")) == [SUCCESSOR]
    assert documents(ask(desk, "今年的实事项目里绿道建多少公里"))[0] == SUCCESSOR


def test_another_label_is_no_arithmetic(desk: DocumentDesk) -> None:
    """Beds and beds of institutions are not the same: both are told, nothing is worked out."""
    text = ask(desk, "养老床位要增加到多少张").answer.text
    assert "12000张" in text and "上一个规划：养老机构床位" in text and "照两段原文算的" not in text


def test_what_only_an_ended_plan_says_is_told_as_that(desk: DocumentDesk) -> None:
    """First of all, by both names."""
    reply = ask(desk, "水质优良的河道要到多少")
    first = reply.answer.text.split("\n")[0]
    assert documents(reply)[0] == "" and reply.answer.outcome is Outcome.ANSWERED
    assert first.startswith("现行的《青浦区“十五五”") and "已经结束的《青浦区“十四五”规划纲要》" in first
    closest = ask(desk, "骑车的慢行道建不建")
    first = closest.answer.text.split("\n")[0]
    assert "最相近的一句是“到2030年，新建绿道120公里”（第 1 页）" in first and documents(closest) == ["", SUCCESSOR]
    listed = ask(desk, "养老方面有哪些指标").answer
    assert listed.text.startswith("下面是已经结束的") and len(listed.citations) == 3


@pytest.mark.parametrize(
    ("question", "document", "words"),
    [
        ("十四五规划里新建绿道多少公里", "", "200"),
        ("到2025年新建绿道多少公里", "", "200"),
        ("“十五五”规划里养老床位有多少", SUCCESSOR, "12000"),
        ("2028年养老床位有多少", SUCCESSOR, "12000"),
        ("下一个五年规划里养老床位有多少", SUCCESSOR, "12000"),
        ("2026年以后公租房有多少套", SUCCESSOR, "2000"),
        ("上一个规划里养老床位有多少", "", "9500"),
        ("shiwuwu guihua 里养老床位有多少", SUCCESSOR, "12000"),
    ],
)
def test_who_is_named_answers(desk: DocumentDesk, question: str, document: str, words: str) -> None:
    """By its name, a year of its period, or as the plan before or after."""
    reply = ask(desk, question)
    assert documents(reply)[0] == document and words in reply.answer.headline


def test_who_is_named_and_silent_says_so_itself(desk: DocumentDesk) -> None:
    """Nobody speaks for it."""
    reply = ask(desk, "十五五规划里家庭医生的电话是多少")
    assert reply.answer.outcome is Outcome.NOT_IN_PLAN and "十五五" in reply.answer.headline


def test_who_wants_a_person_is_registered_whatever_document_is_named(desk: DocumentDesk) -> None:
    """A complaint about a plan is a complaint."""
    reply = ask(desk, "我要投诉，十五五规划没人解释")
    assert reply.answer.outcome is Outcome.HANDOFF and reply.handoff is not None
    assert reply.handoff["text"] == "我要投诉，十五五规划没人解释"


def test_a_document_that_is_named_alone_is_introduced_or_asked_again(desk: DocumentDesk) -> None:
    """Without a question before; after one it is asked that."""
    alone = ask(desk, "十五五规划怎么说")
    assert alone.answer.outcome is Outcome.CHAT and "2026—2030" in alone.answer.text
    assert documents(ask(desk, "新建绿道多少公里", "那十四五规划里呢"))[0] == ""
    assert documents(ask(desk, "十四五规划里新建绿道多少公里", "那十五五呢"))[0] == SUCCESSOR


def test_what_leans_on_an_answer_stays_with_its_document(desk: DocumentDesk) -> None:
    """Where it stands, and when; a new question is anybody's again."""
    for turn in ("出处在哪", "什么时候"):
        assert documents(ask(desk, "新建绿道多少公里", turn))[:1] == [SUCCESSOR]
    assert documents(ask(desk, "新建绿道多少公里", "水质优良的河道要到多少"))[0] == ""


def test_where_nobody_answers_what_was_searched_is_named(desk: DocumentDesk) -> None:
    """The own plan's refusal, and the other document."""
    answer = ask(desk, "家庭医生的电话是多少").answer
    assert answer.outcome is Outcome.NOT_IN_PLAN and "也查过《青浦区“十五五”规划" in answer.text
    elsewhere = ask(desk, "松江区的养老院床位有多少张").answer
    assert elsewhere.outcome is Outcome.NOT_IN_PLAN and "也查过" not in elsewhere.text


@pytest.mark.parametrize("question", ["新建绿道多少公里", "公租房", "你好", "十五五怎么说", "那呢", "今天天气怎么样"])
def test_an_empty_shelf_and_a_shelf_of_drafts_change_nothing(
    own: Responder, drafted: DocumentDesk, question: str, tmp_path: Path
) -> None:
    """Word for word as the plan alone; no file is made."""
    utterance, intent = as_nlu_hears(own.finder, question)
    alone = said(own.reply(utterance, Conversation(), intent))
    empty = DocumentDesk(own, OpenShelf(tmp_path / "none").start())
    assert said(empty.reply(utterance, Conversation(), intent)) == alone and not (tmp_path / "none").exists()
    assert said(drafted.reply(utterance, Conversation(), intent)) == alone


def test_staff_rehearse_a_draft_as_if_it_were_in_force(drafted: DocumentDesk) -> None:
    """Nobody else sees it."""
    question = "新建绿道多少公里"
    assert documents(ask(drafted, question)) == [""]
    assert documents(ask(drafted, question, scope=TurnScope(drafts=True))) == [SUCCESSOR, ""]


def test_the_shelf_is_followed(own: Responder, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Its status, a document that is taken away; one that cannot be opened is left out and named in the log."""
    now = [0.0]
    shelf, record = shelf_in(tmp_path)
    followed = OpenShelf(tmp_path, clock=lambda: now[0]).start()
    desk = DocumentDesk(own, followed, lambda: TODAY)
    shelf.set_status(SUCCESSOR, ENDED)
    assert documents(ask(desk, "新建绿道多少公里"))[0] == SUCCESSOR
    now[0] += 2
    assert documents(ask(desk, "新建绿道多少公里"))[0] == ""
    shelf.put(replace(record, id="d-broken"), shelf.paths(record).folder)
    (tmp_path / "d-broken" / record.store / "models.npz").write_bytes(b"no models")
    with caplog.at_level(logging.ERROR):
        assert [each.record.id for each in OpenShelf(tmp_path).start().current().documents] == [SUCCESSOR]
    assert "d-broken" in caplog.text
    shelf.remove("d-broken")
    shelf.remove(SUCCESSOR)
    now[0] += 2
    assert followed.current().documents == () and not (tmp_path / SUCCESSOR).exists()


def test_a_document_that_fails_takes_nobodys_answer_away(
    own: Responder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The plan in use answers as if it were not there, and the log names it."""
    shelf, record = shelf_in(tmp_path)
    opened = OpenShelf(tmp_path).start()
    (document,) = opened.current().documents
    document.responder.finder.computer = None  # type: ignore[assignment]  # as if its index were gone
    with caplog.at_level(logging.ERROR):
        assert documents(ask(DocumentDesk(own, opened, lambda: TODAY), "新建绿道多少公里")) == [""]
    assert SUCCESSOR in caplog.text and record.id == SUCCESSOR and shelf.mark()


def test_another_districts_document_is_not_asked(own: Responder, tmp_path: Path) -> None:
    """Not even by its name."""
    shelf, record = shelf_in(tmp_path)
    shelf.put(replace(record, district="松江区"), shelf.paths(record).folder)
    desk = DocumentDesk(own, OpenShelf(tmp_path).start(), lambda: TODAY)
    assert documents(ask(desk, "新建绿道多少公里")) == [""]
