"""A resident's choice among the readings that were offered becomes a correction that staff approve, and nothing before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from conversations.models import TurnRow
from knowledge.published.corrections import Link, LiveCorrections
from review.accounts.roles import Role
from review.correcting.publishing import live_now
from review.database.work import RESIDENTS, CorrectionRow, StateRow
from tests.review.conftest import Console
from tests.review.turns import NOON, turn

BEDS, NURSING = "c-702f53f084", "c-578a187877"
UNCLEAR = "乐龄位子到底备了几只"  # no frozen question, and nothing that the plan's finder is sure of
PAYLOAD = "养老院的床位要增加到多少张"
Start = Callable[..., Console]


def offer(number: int, session: str, question: str = UNCLEAR, **changes: Any) -> Any:
    """A turn for which readings were offered."""
    related = [{"title": "床位", "payload": PAYLOAD}, {"title": "别的", "payload": "托班有多少"}]
    reply = [{"text": "您问的是"}, {"custom": {"outcome": "clarify", "related": related}}]
    return turn(number, question, "clarify", session=session, reply=reply, **{"step": "weighed", **changes})


def choice(number: int, session: str, question: str = PAYLOAD, **changes: Any) -> Any:
    """The turn after it."""
    return turn(number, question, session=session, **{"step": "weighed", **changes})


def console_with(start: Start, *turns: Any, **settings: Any) -> Console:
    """A console that has read these turns."""
    console = start(**settings)
    console.log_turns(turns)
    console.desk.triage.read_all()
    return console


def rows(console: Console) -> list[CorrectionRow]:
    """All corrections, oldest first."""
    with console.desk.reading() as session:
        return list(session.scalars(select(CorrectionRow).order_by(CorrectionRow.id)))


def live(console: Console) -> LiveCorrections:
    """What residents get."""
    with console.desk.reading() as session:
        return live_now(session)


def test_what_residents_chose_is_proposed_and_live_once_an_editor_approves(start_console: Start) -> None:
    """By a touch and by a number: one proposal that counts both; the page says how often; nothing is live before."""
    console = console_with(
        start_console,
        *(offer(1, "s-1"), choice(2, "s-1")),
        *(offer(3, "s-2"), choice(4, "s-2", "第一个", step="chosen")),
    )
    (row,) = rows(console)
    assert (row.question, row.commitment_id, row.choices, row.status) == (UNCLEAR, BEDS, 2, "pending")
    assert row.made_by == RESIDENTS and live(console) == LiveCorrections()
    console.desk.turns.record(offer(5, "s-3"))
    console.desk.triage.read_all()
    console.desk.turns.record(choice(6, "s-3"))  # read later than what it answers
    console.desk.triage.read_all()
    assert rows(console)[0].choices == 3
    editor = console.as_role(Role.EDITOR)
    page = editor.get("/corrections?state=proposed").text
    assert UNCLEAR in page and "居民选过 3 次" in page
    assert editor.post("/corrections/1", version="1", verdict="approved").status_code == 303
    assert live(console).questions == (Link(UNCLEAR, BEDS),)
    for number in (7, 8):
        console.desk.turns.record((offer if number == 7 else choice)(number, "s-4"))
    console.desk.triage.read_all()
    assert [each.status for each in rows(console)] == ["approved"]


@pytest.mark.parametrize(
    "turns",
    [
        (offer(1, "s-1"), choice(2, "s-1", "公租房怎么申请")),  # another question
        (offer(1, "s-1"), choice(2, "s-2")),  # another resident
        (offer(1, "s-1"), choice(2, "s-1", asked_at=NOON + timedelta(minutes=12))),  # long after
        (offer(1, "s-1"), turn(2, PAYLOAD, "not_in_plan", session="s-1")),  # which was not answered
        (offer(1, "s-1"), choice(2, "s-1", step="listed")),  # a list is no single answer
        (offer(1, "s-1", "养老院"), choice(2, "s-1")),  # a bare word: every reading is right
        (offer(1, "s-1", step="denied"), choice(2, "s-1")),  # offered for the question before
        (offer(1, "s-1", danger="medical"), choice(2, "s-1")),
        (offer(1, "s-1", "我叫〔姓名〕位子备了几只", masked=["name"]), choice(2, "s-1")),
        (offer(1, "s-1"), turn(2, "谢谢", "chat", session="s-1"), choice(3, "s-1")),  # not the turn after
    ],
)
def test_what_is_no_choice_proposes_nothing(console: Console, turns: tuple[Any, ...]) -> None:
    """One console for all: whatever is wrongly proposed stays."""
    with console.desk.log.session() as log:
        log.execute(delete(TurnRow))
        log.commit()
    console.desk.triage.forget_erased()
    with console.desk.transaction() as session:
        session.execute(delete(StateRow))  # the log is read from its beginning again
    console.log_turns(turns)
    console.read_turns(len(turns))
    assert rows(console) == []


def test_a_doubtful_choice_is_adopted_by_one_and_approved_by_another(start_console: Start) -> None:
    """Residents are no colleagues: the one click of a single editor does not make it everybody's answer."""
    question = "小孩两岁有没有托班可以上"
    console = console_with(start_console, offer(1, "s-1", question), choice(2, "s-1"))
    editor, other = console.as_role(Role.EDITOR), console.as_role(Role.ADMINISTRATOR)
    editor.get("/corrections")
    reply = editor.post("/corrections/1", version="1", verdict="approved")
    assert reply.headers["Location"].endswith("said=doubted#c1")
    assert rows(console)[0].made_by == "test-editor" and live(console) == LiveCorrections()
    other.get("/corrections")
    assert other.post("/corrections/1", version="2", verdict="approved").status_code == 303
    assert live(console).questions == (Link(question, BEDS),)


def test_a_choice_goes_with_its_conversation(start_console: Start) -> None:
    """The words are erased with the turn as long as nobody approved them."""
    console = console_with(start_console, offer(1, "s-1"), choice(2, "s-1"))
    with console.desk.log.session() as log:
        log.execute(delete(TurnRow))
        log.commit()
    console.desk.triage.forget_erased()
    (row,) = rows(console)
    assert UNCLEAR not in row.question and (row.status, row.turn_id) == ("refused", "")
