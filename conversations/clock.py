"""What may be taken for now where much is erased by it: a clock that jumped is not believed before a second look.

A clock that jumps forward by a year would erase everything. So a step of more than `STEP` since the last look counts
only when a look at least `APART` later still says so; until then nothing is erased that was not due before.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from conversations.database import Database
from conversations.models import UpkeepRow

STEP = timedelta(days=2)  # a day between two looks, and one that was missed
APART, TOGETHER = timedelta(hours=20), timedelta(days=3)  # how far from the first the second look may be
_NAME = "clock"


def believed(database: Database, now: datetime) -> datetime | None:
    """The latest moment that is surely over; None before a first day has passed. Remembers the look.

    Raises `LogUnavailable`.
    """
    with database.session(write=True) as session:
        row = session.get(UpkeepRow, _NAME)
        if row is None:
            row = UpkeepRow(name=_NAME)
            session.add(row)
        if _is_sure(row, now):
            row.at, row.doubted_at = now, None
        elif row.doubted_at is None or not timedelta(0) <= now - row.doubted_at < APART:
            row.doubted_at = now
        believed_at: datetime | None = row.at
        return believed_at


def _is_sure(row: UpkeepRow, now: datetime) -> bool:
    if row.at is not None and now - row.at <= STEP:  # backwards, too: less is due then
        return True
    return row.doubted_at is not None and APART <= now - row.doubted_at <= TOGETHER
