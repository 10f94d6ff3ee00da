"""Reading a document's store without what searches it: the pages need no more."""

from __future__ import annotations

from dataclasses import replace

from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.store import StoredKnowledge, opened, read_store
from knowledge.groundwork.settings import KnowledgePaths
from knowledge.shelf.record import id_within


def read_shelved(paths: KnowledgePaths, document_id: str) -> StoredKnowledge:
    """A document's passages and commitments, under ids that no other document has. Raises `StoreUnavailable`."""
    with opened(paths.url) as engine:
        stored = read_store(engine)
    return replace(stored, commitments=tuple(_named(each, document_id) for each in stored.commitments))


def _named(commitment: Commitment, document_id: str) -> Commitment:
    baselines = tuple((at, id_within(document_id, then), old) for at, then, old in commitment.baselines)
    return replace(commitment, id=id_within(document_id, commitment.id), baselines=baselines)
