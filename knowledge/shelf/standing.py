"""Which documents hold now: by what staff said of them, else by their period and by what has come after them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from knowledge.shelf.record import BY_PERIOD, ENDED, IN_FORCE, OWN, PLAN, DocumentRecord


def standing(own: DocumentRecord, others: Iterable[DocumentRecord], year: int) -> tuple[DocumentRecord, ...]:
    """The own plan and the others, each with its status in `year` worked out; the own first, the others as they came.

    The own plan's last year alone does not end it: residents have nothing newer until a successor is in force.
    """
    shelved = tuple(replace(each, status=each.status or _by_period(each, year)) for each in others)
    return (replace(own, status=own.status or _of_own(own, shelved, year)), *shelved)


def _by_period(document: DocumentRecord, year: int) -> str:
    return ENDED if document.period and year > document.period[1] else IN_FORCE


def _of_own(own: DocumentRecord, shelved: Sequence[DocumentRecord], year: int) -> str:
    over = _by_period(own, year) == ENDED
    return ENDED if over and any(each.status == IN_FORCE and succeeds(each, own) for each in shelved) else IN_FORCE


def succeeds(later: DocumentRecord, earlier: DocumentRecord) -> bool:
    """Whether one plan comes after another of the same district and kind."""
    if not (later.period and earlier.period) or later.kind != earlier.kind:
        return False
    return same_district(later.district, earlier.district) and later.period[0] > earlier.period[0]


def same_district(one: str, other: str) -> bool:
    """Whether two documents speak of one district: 「青浦」 and 「上海市青浦区」 do; one that names none speaks of any."""
    return one in other or other in one


def own_record(meta: dict[str, object], status: str = BY_PERIOD) -> DocumentRecord:
    """The record of the deployment's own plan, from what its store says of itself."""
    period = meta.get("period")
    return DocumentRecord(
        OWN,
        str(meta.get("title") or ""),
        str(meta.get("short_title") or ""),
        PLAN,
        str(meta.get("district") or ""),
        (period[0], period[1]) if isinstance(period, (list, tuple)) else None,
        status,
    )
