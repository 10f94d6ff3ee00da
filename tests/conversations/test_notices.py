"""Staff tell every resident something, for a time, and may turn answering off meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from conversations.notices import FRESH_S, Notice, NoticeBoard, NoticeRefused

NOW = datetime.now(timezone.utc)
HOUR = timedelta(hours=1)


@pytest.fixture
def board(tmp_path: Path) -> NoticeBoard:
    """An empty board."""
    return NoticeBoard(f"sqlite:///{tmp_path}/c.sqlite")


def test_a_board_without_notices_says_nothing(board: NoticeBoard) -> None:
    """No notice, no banner."""
    assert board.current() is None and board.standing() == []


def test_a_notice_comes_back_as_it_was_posted(board: NoticeBoard) -> None:
    """Both languages, kind, times and author survive the database."""
    notice = Notice(
        "台风来了，请留在家里。", NOW - HOUR, "Typhoon: stay in.", "emergency", NOW + HOUR, False, "staff-1"
    )
    identifier = board.post(notice)
    found = board.current()
    assert found == Notice(**{**notice.__dict__, "id": identifier})


@pytest.mark.parametrize(("starts", "ends"), [(NOW + HOUR, None), (NOW - 2 * HOUR, NOW - HOUR)])
def test_a_notice_stands_only_between_its_times(board: NoticeBoard, starts: datetime, ends: datetime | None) -> None:
    """One that is to come, or over, is not shown, but staff still see it."""
    board.post(Notice("系统维护", starts, ends_at=ends))
    assert board.current() is None
    assert [n.zh for n in board.latest()] == ["系统维护"]


def test_what_turns_answering_off_comes_first(board: NoticeBoard) -> None:
    """Then emergencies, then the latest."""
    board.post(Notice("暂停", NOW - 3 * HOUR, answering_off=True))
    board.post(Notice("紧急", NOW - 2 * HOUR, kind="emergency"))
    board.post(Notice("早", NOW - 2 * HOUR))
    board.post(Notice("晚", NOW - HOUR))
    assert [n.zh for n in board.standing()] == ["暂停", "紧急", "晚", "早"]


def test_ending_a_notice_takes_it_down_at_once(board: NoticeBoard) -> None:
    """The process that ends it sees so immediately; a second end changes nothing."""
    identifier = board.post(Notice("维护", NOW - HOUR))
    assert board.current() is not None
    assert board.end(identifier)
    assert board.current() is None
    assert not board.end(identifier)


def test_another_process_sees_a_notice_within_seconds(tmp_path: Path) -> None:
    """What was read is used for a few seconds, not for longer."""
    time = [0.0]
    url = f"sqlite:///{tmp_path}/c.sqlite"
    reader = NoticeBoard(url, clock=lambda: time[0])
    assert reader.current() is None
    NoticeBoard(url).post(Notice("维护", NOW - HOUR))
    assert reader.current() is None
    time[0] = FRESH_S
    found = reader.current()
    assert found is not None and found.zh == "维护"


@pytest.mark.parametrize(
    ("notice", "field"),
    [
        (Notice(" ", NOW), "zh"),
        (Notice("长" * 501, NOW), "zh"),
        (Notice("好", NOW, en="x" * 501), "en"),
        (Notice("好", NOW, kind="advert"), "kind"),
        (Notice("好", NOW, ends_at=NOW), "ends_at"),
    ],
)
def test_a_notice_that_cannot_be_shown_is_refused_with_its_field(
    board: NoticeBoard, notice: Notice, field: str
) -> None:
    """And nothing is written."""
    with pytest.raises(NoticeRefused, match=field):
        board.post(notice)
    assert board.latest() == []
