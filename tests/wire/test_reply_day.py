"""The day that residents are told: working days of the published calendar from the day of registration, in Shanghai."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest

from wire.reply_day import SHANGHAI, is_overdue, reply_day

MONDAY = datetime(2026, 11, 30, 3, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("registered", "days", "day"),
    [
        (MONDAY, "", date(2026, 12, 7)),
        (MONDAY, "1", date(2026, 12, 1)),
        (datetime(2026, 12, 4, 3, tzinfo=timezone.utc), "1", date(2026, 12, 7)),
        (datetime(2026, 12, 5, 3, tzinfo=timezone.utc), "2", date(2026, 12, 8)),
        (datetime(2026, 11, 29, 17, tzinfo=timezone.utc), "1", date(2026, 12, 1)),
        (MONDAY, "0", None),
        (datetime(2026, 9, 30, 3, tzinfo=timezone.utc), "1", date(2026, 10, 8)),
        (datetime(2026, 10, 9, 3, tzinfo=timezone.utc), "2", date(2026, 10, 12)),
        (datetime(2026, 2, 13, 3, tzinfo=timezone.utc), "2", date(2026, 2, 24)),
        (datetime(2098, 12, 31, 3, tzinfo=timezone.utc), "1", date(2099, 1, 2)),
    ],
    ids=[
        *("unset", "next day", "over a weekend", "from a Saturday", "Monday already in Shanghai", "nothing promised"),
        *("over the National Day", "a Saturday that is worked", "over the Spring Festival", "a year of no calendar"),
    ],
)
def test_working_days_are_counted(
    monkeypatch: pytest.MonkeyPatch, registered: datetime, days: str, day: date | None
) -> None:
    """Weekends and public holidays are left out, wherever the machine stands; unset it is five days, at 0 nothing is told."""
    monkeypatch.setenv("REQUEST_REPLY_DAYS", days)
    assert reply_day(registered) == day


def test_the_day_itself_is_not_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until midnight in Shanghai a reply is in time."""
    monkeypatch.setenv("REQUEST_REPLY_DAYS", "1")
    assert not is_overdue(MONDAY, datetime(2026, 12, 1, 23, 59, tzinfo=SHANGHAI))
    assert is_overdue(MONDAY, datetime(2026, 12, 2, 0, 1, tzinfo=SHANGHAI))
    monkeypatch.setenv("REQUEST_REPLY_DAYS", "0")
    assert not is_overdue(MONDAY, datetime(2036, 12, 2, tzinfo=SHANGHAI))
