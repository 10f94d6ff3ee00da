"""A clock that jumps erases nothing by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest

from conversations.clock import believed
from conversations.database import Database
from conversations.erasure import erase_as_due
from conversations.turn_log import TurnLog
from tests.conversations.conftest import EVERY_DATABASE
from tests.conversations.turns import turn

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
START = datetime(2026, 1, 1, 4, 0, tzinfo=timezone.utc)


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """An empty log."""
    made = Database(url)
    yield made
    made.close()


@EVERY_DATABASE
def test_a_clock_is_believed_after_a_second_look_a_day_later(database: Database) -> None:
    """Then it goes on day by day."""
    assert believed(database, START) is None and believed(database, START + HOUR) is None
    assert believed(database, START + DAY) == START + DAY
    assert believed(database, START + 2 * DAY) == START + 2 * DAY


def _running(database: Database) -> datetime:
    """A clock that is believed since yesterday; when that was."""
    believed(database, START)
    believed(database, START + DAY)
    return START + DAY


@pytest.mark.parametrize("jump", [timedelta(days=3), timedelta(days=400), timedelta(days=36500)])
def test_a_jump_is_not_believed_at_once_nor_after_many_looks(database: Database, jump: timedelta) -> None:
    """Restarts look again and again; when the clock is mended, all is as before."""
    at = _running(database)
    for minutes in range(0, 600, 60):
        assert believed(database, at + jump + timedelta(minutes=minutes)) == at
    assert believed(database, at + DAY) == at + DAY


def test_two_jumps_are_no_second_look(database: Database) -> None:
    """They have to agree: a year, and then another year, are two first looks."""
    at = _running(database)
    assert believed(database, at + timedelta(days=400)) == at
    assert believed(database, at + timedelta(days=800)) == at
    assert believed(database, at + timedelta(days=801)) == at + timedelta(days=801)


def test_a_machine_that_was_off_is_believed_after_a_day(database: Database) -> None:
    """A month later its clock is right."""
    at = _running(database)
    back = at + timedelta(days=30)
    assert believed(database, back) == at
    assert believed(database, back + DAY) == back + DAY


def test_a_clock_that_goes_back_is_believed(database: Database) -> None:
    """Less is due then."""
    at = _running(database)
    assert believed(database, at - timedelta(days=100)) == at - timedelta(days=100)


def test_a_jump_of_a_year_erases_nothing(database: Database, url: str, tracker: object) -> None:
    """What was due before the jump goes; a day later, if the clock still says so, the rest."""
    log = TurnLog(url)
    at = _running(database)
    for number, asked_at in enumerate((at - timedelta(days=200), at - DAY)):
        log.record(turn(message_id=f"m-{number}", asked_at=asked_at))
    jumped = at + timedelta(days=365)
    assert erase_as_due(database, 180, jumped).turns == 1 and len(log.history("s-0")) == 1
    assert erase_as_due(database, 180, jumped + HOUR).turns == 0
    assert erase_as_due(database, 180, jumped + DAY).turns == 1
    log.close()
