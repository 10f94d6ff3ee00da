"""Recording and reading requests for staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import select, update

from conversations.database import Database
from conversations.erasure import was_erased
from conversations.masking import mask
from conversations.models import StaffRequestRow
from conversations.vault import Vault

STATUSES = ("open", "in_progress", "done")


@dataclass(frozen=True)
class StaffRequest:
    """One request. Times are UTC; `text` and `note` are masked; `contact` is sealed (`RequestBook.contact` opens it)."""

    reference: str
    kind: str
    session: str
    text: str
    about: str = ""
    channel: str = ""
    status: str = "open"
    created_at: datetime | None = None
    topic: str = ""
    answer_id: str = ""
    note: str = ""
    contact: str = field(default="", repr=False)


class RequestBook:
    """The requests in one SQL database. Safe to share between threads; every method may raise `LogUnavailable`."""

    def __init__(self, url: str | None = None) -> None:
        self._database = Database(url)

    def record(self, request: StaffRequest) -> None:
        """Write a request; it is on disk when this returns. The same reference again changes nothing.

        Nor does one of a session that was erased after it was made.
        """
        text, note = mask(request.text).text, mask(request.note).text
        created_at = request.created_at or datetime.now(timezone.utc)
        with self._database.session(write=True) as session:
            if was_erased(session, request.session, created_at):
                return
            if session.get(StaffRequestRow, request.reference) is None:
                session.add(
                    StaffRequestRow(
                        reference=request.reference,
                        kind=request.kind,
                        session=request.session,
                        channel=request.channel,
                        text=text,
                        about=request.about,
                        status=request.status,
                        created_at=created_at,
                        topic=request.topic,
                        answer_id=request.answer_id,
                        note=note,
                        contact=request.contact,
                    )
                )

    def add_contact(self, answer_id: str, contact: str) -> bool:
        """Seal how to reach the resident and keep it with the request that an answer registered; False if there is none."""
        return self.add_sealed_contact(answer_id, Vault().seal(contact))

    def add_sealed_contact(self, answer_id: str, sealed: str) -> bool:
        """The same with a contact that is sealed already."""
        change = update(StaffRequestRow).where(StaffRequestRow.answer_id == answer_id).values(contact=sealed)
        with self._database.session(write=True) as session:
            return bool(answer_id and session.execute(change).rowcount)

    def contact(self, reference: str) -> str:
        """How to reach the resident, opened; "" if nothing was left. Raises `SealBroken`."""
        with self._database.session() as session:
            sealed = session.scalar(select(StaffRequestRow.contact).where(StaffRequestRow.reference == reference))
        return Vault().open(sealed) if sealed else ""

    def change(self, reference: str, *, status: str | None = None, note: str | None = None) -> bool:
        """Set a request's status (one of `STATUSES`) or note; False if there is no such request."""
        if status is not None and status not in STATUSES:
            raise ValueError(f"状态是 {status!r} — 只能是 {'、'.join(STATUSES)}")
        values = {"status": status, "note": None if note is None else mask(note).text}
        given = {name: value for name, value in values.items() if value is not None}
        change = (
            update(StaffRequestRow)
            .where(StaffRequestRow.reference == reference)
            .values(**given, changed_at=datetime.now(timezone.utc))
        )
        with self._database.session(write=True) as session:
            return bool(session.execute(change).rowcount)

    def open_requests(self) -> Sequence[StaffRequest]:
        """What nobody has dealt with yet, oldest first."""
        return self._read(select(StaffRequestRow).where(StaffRequestRow.status != "done"))

    def all_requests(self) -> Sequence[StaffRequest]:
        """Every one, oldest first."""
        return self._read(select(StaffRequestRow))

    def request(self, reference: str) -> StaffRequest | None:
        """The request of that reference number."""
        return next(iter(self._read(select(StaffRequestRow).where(StaffRequestRow.reference == reference))), None)

    def requests_of(self, session: str) -> Sequence[StaffRequest]:
        """What a session registered for staff under a number that it was told, the latest first."""
        told = (StaffRequestRow.session == session) & (StaffRequestRow.kind != "failed_question")
        return self._read(select(StaffRequestRow).where(told))[::-1] if session else []

    def close(self) -> None:
        """Give the connections back."""
        self._database.close()

    def _read(self, wanted: Any) -> list[StaffRequest]:
        with self._database.session() as session:
            return [request_of(row) for row in session.scalars(wanted.order_by(StaffRequestRow.created_at))]


def request_of(row: StaffRequestRow) -> StaffRequest:
    """A row as data."""
    return StaffRequest(
        reference=row.reference,
        kind=row.kind,
        session=row.session,
        text=row.text,
        about=row.about,
        channel=row.channel,
        status=row.status,
        created_at=row.created_at,
        topic=row.topic,
        answer_id=row.answer_id,
        note=row.note,
        contact=row.contact,
    )
