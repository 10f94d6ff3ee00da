"""By which day residents are told to expect a reply to what waits for staff: working days, counted alike by every process."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar

from settings.bot import REQUEST_REPLY_DAYS

SHANGHAI = ZoneInfo("Asia/Shanghai")  # a day begins and ends where the residents are
_SATURDAY = 5
# (month, day) of the public holidays that have the same date in every year; the others follow the moon, and which weekends
# are worked for them is published each November.
_SAME_EACH_YEAR = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}


def reply_day(registered: datetime) -> date | None:
    """The last day of `REQUEST_REPLY_DAYS` working days after a moment; None where nothing is promised."""
    left = REQUEST_REPLY_DAYS.read()
    if not left:
        return None
    day = registered.astimezone(SHANGHAI).date()
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return day


def is_working_day(day: date) -> bool:
    """By the published calendar: public holidays are none, weekends that are worked for them are.

    Of a year that the installed `chinesecalendar` does not know yet: no weekend, and none of the holidays of a fixed date.
    """
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < _SATURDAY and (day.month, day.day) not in _SAME_EACH_YEAR


def is_overdue(registered: datetime, now: datetime) -> bool:
    """Whether that day has passed."""
    day = reply_day(registered)
    return day is not None and now.astimezone(SHANGHAI).date() > day
