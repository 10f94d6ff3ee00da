"""Commitments of the documents on the shelf, for staff to look up: read from their stores, without what searches them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.store import StoredKnowledge
from knowledge.groundwork import settings
from knowledge.groundwork.errors import KnowledgeError
from knowledge.published.corrections import CorrectionSource
from knowledge.reply.compose import Composer
from knowledge.reply.gazetteer import Gazetteer
from knowledge.shelf.folder import DocumentShelf
from knowledge.shelf.record import OWN, DocumentRecord, document_of
from knowledge.shelf.stored import read_shelved


@dataclass(frozen=True)
class ShelvedPlan:
    """A document's record and what its store holds."""

    record: DocumentRecord
    stored: StoredKnowledge

    @property
    def by_id(self) -> Mapping[str, Commitment]:
        """Its commitments."""
        return {commitment.id: commitment for commitment in self.stored.commitments}

    def composer(self, corrections: CorrectionSource | None) -> Composer:
        """What answers from it, as residents see it."""
        reader_url = f"{settings.plan_reader_url()}?document={self.record.id}"
        gazetteer = Gazetteer.of(self.stored.meta)
        short_title, period = self.record.short_title, self.record.period
        return Composer(
            short_title,
            period,
            reader_url,
            self.stored.commitments,
            corrections=corrections,
            gazetteer=gazetteer,
        )


class ShelvedPlans:
    """Lends them; one that cannot be read is none. Safe to share between threads."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, str], ShelvedPlan] = {}

    def records(self) -> Sequence[DocumentRecord]:
        """What stands on the shelf; nothing where it cannot be read."""
        try:
            return DocumentShelf().read().documents
        except KnowledgeError:
            return ()

    def all(self) -> Sequence[ShelvedPlan]:
        """Every document that can be read."""
        return [plan for record in self.records() for plan in [self._plan(record)] if plan]

    def of(self, commitment_id: str) -> ShelvedPlan | None:
        """The document that a commitment's id names; None for the own plan and for what is not there."""
        name = document_of(commitment_id)
        record = next((each for each in self.records() if each.id == name), None) if name != OWN else None
        return self._plan(record) if record else None

    def _plan(self, record: DocumentRecord) -> ShelvedPlan | None:
        key = (record.id, record.store)
        if key not in self._read:
            try:
                self._read[key] = ShelvedPlan(record, read_shelved(DocumentShelf().paths(record), record.id))
            except KnowledgeError:
                return None
        return ShelvedPlan(record, self._read[key].stored)
