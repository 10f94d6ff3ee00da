"""Opening a document's store for search: its commitments carry its id, everything else is as the build left it."""

from __future__ import annotations

from dataclasses import replace

from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.store import StoredKnowledge, opened, read_store
from knowledge.encoder.text_encoder import shared_encoder
from knowledge.groundwork.errors import FileUnreadable, StoreUnavailable
from knowledge.groundwork.settings import KnowledgePaths
from knowledge.language.normalise import Normalizer
from knowledge.published.corrections import CorrectionSource
from knowledge.search.finder import Finder
from knowledge.search.kept_models import KeptModels
from knowledge.search.kept_signals import KeptSignals
from knowledge.search.signals import SignalComputer
from knowledge.shelf.record import id_within


def read_shelved(paths: KnowledgePaths, document_id: str) -> StoredKnowledge:
    """A document's passages and commitments, under ids that no other document has. Raises `StoreUnavailable`."""
    with opened(paths.url) as engine:
        stored = read_store(engine)
    return replace(stored, commitments=tuple(_named(each, document_id) for each in stored.commitments))


def open_shelved(paths: KnowledgePaths, document_id: str, corrections: CorrectionSource) -> Finder:
    """What searches a document; it shares the process's encoder. Raises `StoreUnavailable`; takes about a second."""
    stored = read_shelved(paths, document_id)
    try:
        kept = KeptModels.load(paths.models)
        signals = KeptSignals.load(paths.signals, kept.models.projection)
        normalizer = Normalizer.load(paths)
    except (OSError, ValueError, KeyError, FileUnreadable) as error:
        raise StoreUnavailable(f"{paths.folder}: 读不出（{error}） — 重新建库再 shelf add") from error
    if {kept.fingerprint, signals.fingerprint} != {stored.meta.get("fingerprint")}:
        raise StoreUnavailable(f"{paths.folder}: 不是同一次构建 — 重新建库再 shelf add")
    computer = SignalComputer(
        stored.commitments,
        signals.vectored,
        normalizer.vocabulary,
        kept.models.projection,
        indexed=signals.indexed,
    )
    return Finder(stored, normalizer, computer, kept.models, shared_encoder(), kept.known, corrections)


def _named(commitment: Commitment, document_id: str) -> Commitment:
    baselines = tuple((at, id_within(document_id, then), old) for at, then, old in commitment.baselines)
    return replace(commitment, id=id_within(document_id, commitment.id), baselines=baselines)
