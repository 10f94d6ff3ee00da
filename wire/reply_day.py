"""By which day residents are told to expect a reply to what waits for staff: working days, counted alike by every process."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from settings.bot import REQUEST_REPLY_DAYS

SHANGHAI = ZoneInfo("Asia/Shanghai")  # a day begins and ends where the residents are
_SATURDAY = 5


def reply_day(registered: datetime) -> date | None:
    """The last day of `REQUEST_REPLY_DAYS` working days after a moment; None where nothing is promised.

    Saturdays and Sundays do not count. Public holidays are not known here, so whoever tells the day says working days, too.
    """
    left = REQUEST_REPLY_DAYS.read()
    if not left:
        return None
    day = registered.astimezone(SHANGHAI).date()
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < _SATURDAY
    return day


def is_overdue(registered: datetime, now: datetime) -> bool:
    """Whether that day has passed."""
    day = reply_day(registered)
    return day is not None and now.astimezone(SHANGHAI).date() > day
