"""Opening a document's store for search: its commitments carry its id, everything else is as the build left it."""

from __future__ import annotations

from knowledge.encoder.text_encoder import shared_encoder
from knowledge.groundwork.errors import CatalogueError, FileUnreadable, StoreUnavailable
from knowledge.groundwork.settings import KnowledgePaths
from knowledge.language.normalise import Dialect, Normalizer
from knowledge.language.vocabulary import Vocabulary
from knowledge.published.corrections import CorrectionSource
from knowledge.search.finder import Finder
from knowledge.search.kept_models import KeptModels
from knowledge.search.kept_signals import KeptSignals
from knowledge.search.signals import SignalComputer
from knowledge.shelf.stored import read_shelved


def open_shelved(paths: KnowledgePaths, document_id: str, corrections: CorrectionSource) -> Finder:
    """What searches a document; it shares the process's encoder. Raises `StoreUnavailable`; takes half a second.

    The words that its teacher's questions were understood as, and their labels, are left out: they are the own plan's, and
    a label 「the plan is silent」 says nothing of another plan.
    """
    stored = read_shelved(paths, document_id)
    try:
        kept = KeptModels.load(paths.models)
        signals = KeptSignals.load(paths.signals, kept.models.projection)
        normalizer = Normalizer(Vocabulary.load(paths.vocabulary), Dialect.load(paths.dialect))
    except (OSError, ValueError, KeyError, FileUnreadable, CatalogueError) as error:
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
    return Finder(stored, normalizer, computer, kept.models, shared_encoder(), corrections=corrections)
