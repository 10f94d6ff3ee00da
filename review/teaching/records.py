"""Remembering what was exported, in the console's database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from review.database.columns import now
from review.database.engine import transaction
from review.database.teaching import TaughtRow
from review.teaching.placing import Change


@dataclass(frozen=True)
class Record:
    """What an export has done for one decision."""

    source: str
    version: int
    changes: tuple[Change, ...]
    skipped: str = ""


def read_records(session: Session) -> dict[str, Record]:
    """Source → what was done."""
    return {
        row.source: Record(row.source, row.version, tuple(Change(**each) for each in row.changes), row.skipped)
        for row in session.scalars(select(TaughtRow))
    }


def write_records(session: Session, records: Sequence[Record], gone: Sequence[str]) -> None:
    """Keep records anew, forget those of `gone`."""
    for source in gone:
        row = session.get(TaughtRow, source)
        if row is not None:
            session.delete(row)
    for record in records:
        values = {"version": record.version, "changes": [c.as_json() for c in record.changes]}
        session.merge(TaughtRow(source=record.source, **values, skipped=record.skipped[:255], exported_at=now()))


@contextmanager
def writing(session: Session) -> Iterator[Session]:
    """A session that writes: the given one if it does, else a short transaction of its own on the same database.

    An export reads for seconds, and SQLite lets one process write at a time: the bot must not wait for that.
    """
    bind = session.get_bind()
    if bind.get_execution_options().get("sqlite_writes"):
        yield session
        return
    session.rollback()  # what it has read is read
    with transaction(bind) as own:
        yield own


def changed_records(before: Mapping[str, Record], after: Mapping[str, Record]) -> list[Record]:
    """Those that differ from what is kept."""
    return [record for source, record in after.items() if before.get(source) != record]
