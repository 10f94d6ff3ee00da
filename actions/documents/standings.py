"""The documents of one turn, each with its status of today: which are asked at all, and which come first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from actions.dialogue.responder import Responder
from actions.documents.opened import OpenDocument, OpenDocuments
from knowledge.shelf.record import DRAFT, ENDED, IN_FORCE, OWN, DocumentRecord
from knowledge.shelf.standing import own_record, same_district, standing


@dataclass(frozen=True)
class TurnScope:
    """What a turn is answered from: one district's documents; `drafts` where staff rehearse, as if these were in force."""

    district: str = ""
    drafts: bool = False


RESIDENTS = TurnScope()


def in_scope(own: Responder, shelf: OpenDocuments, scope: TurnScope, year: int) -> list[OpenDocument]:
    """The documents that are asked, the own plan first, each record with its status worked out."""
    record = own_record(own.finder.stored.meta, shelf.own_status)
    shelved = [_as_asked(each.record, scope) for each in shelf.documents]
    records = standing(record, shelved, year)
    responders = [own, *(each.responder for each in shelf.documents)]
    found = [OpenDocument(record, responder) for record, responder in zip(records, responders)]
    district = scope.district or record.district
    return [each for each in found if same_district(each.record.district, district) and each.record.status != DRAFT]


def _as_asked(record: DocumentRecord, scope: TurnScope) -> DocumentRecord:
    return replace(record, status=IN_FORCE) if scope.drafts and record.status == DRAFT else record


def in_order(documents: Sequence[OpenDocument]) -> list[OpenDocument]:
    """What is in force before what is over, of each the newest first; the own plan before others as new."""
    return sorted(documents, key=lambda each: (each.record.status == ENDED, *_age(each.record)))


def _age(record: DocumentRecord) -> tuple[int, bool]:
    return (-(record.period[0] if record.period else 0), record.id != OWN)
