"""Equal questions with equal answers are one row of the inbox, on both databases: which row stands, and for how many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from conversations.database import Database, engine_for
from conversations.migrations import bring_up_to_date
from conversations.turn_log import TurnLog
from review.accounts.audit import Actor
from review.database.engine import migrate, reading, transaction
from review.database.people import AuditRow
from review.database.work import TriageRow
from review.inbox.filters import Filters
from review.inbox.handling import Chosen, assign, set_status
from review.inbox.listing import Item, Page, find_page
from review.triage.reader import TriageReader
from tests.review.turns import NOON, turn
from tests.services import Postgres, postgres

pytestmark = pytest.mark.slow  # the built knowledge
WANG = Actor(None, "王芳")


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """A PostgreSQL server of its own."""
    with postgres() as running:
        yield running


@dataclass
class Desk:
    """A log, the inbox, and who reads the one into the other."""

    engine: Engine
    url: str

    def __post_init__(self) -> None:
        self.log, self.database = TurnLog(self.url), Database(self.url)
        self.reader = TriageReader(self.engine, self.engine)

    def ask(self, *turns: Any) -> None:
        """Log turns and read them."""
        for each in turns:
            self.log.record(each)
        self.reader.read_all()

    def page(self, **filters: str) -> Page:
        """The inbox's first page."""
        with reading(self.engine) as session:
            return find_page(session, self.database, Filters(**filters))

    def rows(self, **filters: str) -> list[tuple[str, int]]:
        """(question, for how many turns it stands) of that page."""
        return [(item.question, item.stands_for) for item in self.page(**filters).items]

    def only(self, **filters: str) -> Item:
        """The one item of that page."""
        (item,) = self.page(**filters).items
        return item

    def give(self, item: Item, status: str) -> None:
        """Finish a row or open it again, as a person does who sees it."""
        with transaction(self.engine) as session:
            set_status(session, WANG, [Chosen(item.turn_id, item.version)], status)

    def close(self) -> None:
        """Give the connections back."""
        self.log.close()
        self.database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """An empty one."""
    monkeypatch.setenv("CONVERSATIONS_SECRET", "a secret for tests only, long enough")
    url = f"sqlite:///{tmp_path}/review.sqlite"
    if request.param == "postgresql":
        url = request.getfixturevalue("server").new_database()
    engine = engine_for(url)
    bring_up_to_date(engine)
    migrate(engine)
    made = Desk(engine, url)
    yield made
    made.close()
    engine.dispose()


def test_equal_questions_are_one_row_with_a_count(desk: Desk) -> None:
    """Signs and blanks aside, in one batch or in several; the latest stands; what got another answer stands alone."""
    desk.ask(turn(1, "养老床位有多少"), turn(2, "养老床位有多少？"), turn(3, "养老床位有多少", "not_in_plan"))
    desk.ask(turn(4, " 养老床位 有多少!"), turn(5, "公租房呢", "not_in_plan", answerable=0.0))
    desk.ask(*(turn(n, "十五五怎么说", "not_in_plan", step="next_plan") for n in (6, 7)))
    found = desk.page(order="newest")
    assert [(i.question, i.stands_for) for i in found.items] == [
        ("十五五怎么说", 2),
        ("公租房呢", 1),
        (" 养老床位 有多少!", 3),
        ("养老床位有多少", 1),
    ]
    assert (found.first, found.last, found.rows, found.turns, found.is_more) == (1, 4, 4, 7, False)


def test_danger_and_what_leans_on_another_turn_are_never_counted_together(desk: Desk) -> None:
    """Each person in danger is looked at; the same words after other questions are other questions."""
    desk.ask(
        *(turn(n, "着火了", "danger", danger="fire", topic=None) for n in (1, 2)),
        *(turn(n, "那学费呢", intents={"follow_up": 0.9}) for n in (3, 4)),
        *(turn(n, "学费呢", step="with_question") for n in (5, 6)),
    )
    assert [count for _, count in desk.rows()] == [1] * 6


def test_what_goes_wrong_later_makes_that_turn_stand_for_all(desk: Desk) -> None:
    """A thumb down on one of three brings the row up, and shows the turn that was voted down."""
    desk.ask(*(turn(n) for n in (1, 2, 3)), turn(9, "转人工", "handoff"))
    assert desk.rows()[0] == ("转人工", 1)
    desk.log.give_feedback(f"a-{1:032d}", "down")
    desk.reader.read_on()
    first = desk.page().items[0]
    assert (first.turn_id, first.stands_for) == (f"a-{1:032d}", 3)
    desk.ask(turn(20))  # a newer one that went well does not hide it
    assert desk.page().items[0].turn_id == f"a-{1:032d}" and desk.page().items[0].stands_for == 4


def test_one_click_finishes_all_and_one_click_opens_them_again(desk: Desk) -> None:
    """The audit log says how many; what is asked afterwards is new; a thumb down brings the one back."""
    desk.ask(*(turn(n) for n in (1, 2, 3)))
    desk.give(desk.only(), "done")
    assert desk.rows() == [] and desk.rows(status="done") == [("养老床位有多少", 3)]
    with reading(desk.engine) as session:
        assert session.scalars(select(AuditRow)).one().after == {"status": "done", "turns": 3}
    desk.ask(turn(4))
    assert desk.only().stands_for == 1
    desk.give(desk.only(status="done"), "new")
    assert desk.only().stands_for == 4 and desk.rows(status="done") == []
    desk.give(desk.only(), "done")
    desk.log.give_feedback(f"a-{2:032d}", "down")
    desk.reader.read_on()
    assert (desk.only().turn_id, desk.only().stands_for) == (f"a-{2:032d}", 1)
    assert desk.only(status="done").stands_for == 3


def test_whose_row_it_is_keeps_standing(desk: Desk) -> None:
    """A colleague took it: newer equal questions are counted there, not shown in its place."""
    desk.ask(turn(1))
    with transaction(desk.engine) as session:
        assign(session, WANG, [Chosen(desk.only().turn_id, 1)], 0)
    desk.ask(turn(2), turn(3))
    assert (desk.only().turn_id, desk.only().stands_for) == (f"a-{1:032d}", 3)


def test_filters_by_what_differs_list_each_turn(desk: Desk) -> None:
    """Somebody who looks for one channel, day or vote wants those very turns."""
    desk.ask(turn(1, channel="wechat"), turn(2), turn(3, feedback="down"))
    assert [count for _, count in desk.rows()] == [3]
    assert len(desk.rows(channel="wechat")) == len(desk.rows(feedback="down")) == 1
    assert len(desk.rows(since=NOON.date().isoformat())) == 3 and desk.page(text="养老").rows == 3


def test_an_erased_conversation_leaves_the_others_to_stand(desk: Desk) -> None:
    """Whether the one that stood is gone or another."""
    desk.ask(*(turn(n) for n in (1, 2, 3)))
    desk.log.erase_session(f"s-{3:032d}")
    desk.reader.forget_erased()
    assert (desk.only().turn_id, desk.only().stands_for) == (f"a-{2:032d}", 2)


def test_pages_say_where_they_stand(desk: Desk) -> None:
    """Rows from to, and how many there are; nothing is shown twice or left out."""
    desk.ask(*(turn(n, f"问题{n % 30}", asked_at=NOON + timedelta(minutes=n)) for n in range(60)))
    with reading(desk.engine) as session:
        first = find_page(session, desk.database, Filters())
        second = find_page(session, desk.database, Filters(), first.next_key, first.last + 1)
        assert (first.first, first.last, first.rows, first.turns) == (1, 25, 30, 60)
        assert (second.first, second.last, second.rows, second.next_key) == (26, 30, 30, "")
        shown = [item.question for item in (*first.items, *second.items)]
        assert len(set(shown)) == 30 and all(i.stands_for == 2 for i in first.items)
        assert session.query(TriageRow).count() == 60
