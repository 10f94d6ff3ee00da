"""What staff tell every resident: an emergency notice, a service interruption, and whether answering is off meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

from sqlalchemy import or_, select, update

from conversations.database import Database
from conversations.models import NoticeRow

KINDS = ("information", "emergency")
MAX_TEXT_CHARS = 500  # a banner, not an article
FRESH_S = 1.0  # how long a process may go on with the notice it has read: a switch works within this time


@dataclass(frozen=True)
class Notice:
    """One notice, in Chinese and, where somebody wrote it, in English. Shown from `starts_at` until `ends_at` (None: until ended).

    `kind` is one of `KINDS`. With `answering_off` no question is answered while it stands: its text is the reply.
    """

    zh: str
    starts_at: datetime
    en: str = ""
    kind: str = "information"
    ends_at: datetime | None = None
    answering_off: bool = False
    author: str = ""
    id: int | None = None


class NoticeRefused(ValueError):
    """A notice that cannot be shown; the message says which field and how to mend it."""


class NoticeBoard:
    """The notices in one SQL database. Safe to share between threads; every method may raise `LogUnavailable`."""

    def __init__(self, url: str | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = Database(url)
        self._clock = clock
        self._lock = threading.Lock()
        self._read: tuple[float, Notice | None] | None = None

    def post(self, notice: Notice) -> int:
        """Write a notice; its id. Raises `NoticeRefused` for an empty or long text, an odd kind, or an end before the start."""
        _check(notice)
        with self._database.session(write=True) as session:
            row = NoticeRow(
                zh=notice.zh.strip(),
                en=notice.en.strip(),
                kind=notice.kind,
                starts_at=notice.starts_at,
                ends_at=notice.ends_at,
                answering_off=notice.answering_off,
                author=notice.author,
            )
            session.add(row)
            session.flush()
            identifier = int(row.id)
        self._forget()
        return identifier

    def end(self, identifier: int, at: datetime | None = None) -> bool:
        """End a notice, now unless `at` says otherwise; False if there is none that still stands."""
        now = at or datetime.now(timezone.utc)
        change = (
            update(NoticeRow)
            .where(NoticeRow.id == identifier, or_(NoticeRow.ends_at.is_(None), NoticeRow.ends_at > now))
            .values(ends_at=now)
        )
        with self._database.session(write=True) as session:
            ended = bool(session.execute(change).rowcount)
        self._forget()
        return ended

    def standing(self, now: datetime | None = None) -> list[Notice]:
        """Every notice that stands now: what turns answering off first, then emergencies, then the latest."""
        moment = now or datetime.now(timezone.utc)
        wanted = (
            select(NoticeRow)
            .where(NoticeRow.starts_at <= moment, or_(NoticeRow.ends_at.is_(None), NoticeRow.ends_at > moment))
            .order_by(NoticeRow.starts_at.desc(), NoticeRow.id.desc())
        )
        with self._database.session() as session:
            notices = [_notice_of(row) for row in session.scalars(wanted)]
        return sorted(notices, key=lambda notice: (not notice.answering_off, notice.kind != "emergency"))

    def current(self) -> Notice | None:
        """The first of `standing`, or None; read from the database at most every `FRESH_S` seconds."""
        with self._lock:
            if self._read is None or self._clock() - self._read[0] >= FRESH_S:
                self._read = (self._clock(), next(iter(self.standing()), None))
            return self._read[1]

    def latest(self, limit: int = 50) -> Sequence[Notice]:
        """Past, standing and coming notices, the newest first."""
        with self._database.session() as session:
            rows = session.scalars(select(NoticeRow).order_by(NoticeRow.id.desc()).limit(limit))
            return [_notice_of(row) for row in rows]

    def close(self) -> None:
        """Give the connections back."""
        self._database.close()

    def _forget(self) -> None:
        with self._lock:
            self._read = None


def _check(notice: Notice) -> None:
    if not notice.zh.strip():
        raise NoticeRefused("zh: 公告没有中文内容 — 写一句居民看得懂的话")
    for field, text in (("zh", notice.zh), ("en", notice.en)):
        if len(text) > MAX_TEXT_CHARS:
            raise NoticeRefused(f"{field}: 公告有 {len(text)} 字 — 缩到 {MAX_TEXT_CHARS} 字以内")
    if notice.kind not in KINDS:
        raise NoticeRefused(f"kind: 是 {notice.kind!r} — 只能是 {' 或 '.join(KINDS)}")
    if notice.ends_at is not None and notice.ends_at <= notice.starts_at:
        raise NoticeRefused("ends_at: 结束时间不晚于开始时间 — 改后一个")


def _notice_of(row: NoticeRow) -> Notice:
    return Notice(
        zh=row.zh,
        starts_at=row.starts_at,
        en=row.en,
        kind=row.kind,
        ends_at=row.ends_at,
        answering_off=row.answering_off,
        author=row.author,
        id=row.id,
    )
