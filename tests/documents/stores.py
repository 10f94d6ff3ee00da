"""A store of the invented successor without the minutes that fitting takes: the built plan's models over its own sentences."""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp

from knowledge.adopting.shelving import adopted_record
from knowledge.building.parsed import parse
from knowledge.building.sources import Sources
from knowledge.building.teacher import recentred
from knowledge.catalogue.store import opened, write_store
from knowledge.document.plan_text import squash
from knowledge.encoder.text_encoder import shared_encoder, text_key
from knowledge.groundwork import settings
from knowledge.groundwork.settings import KnowledgePaths
from knowledge.language.normalise import Normalizer
from knowledge.search.finder_models import vectored
from knowledge.search.kept_models import KeptModels
from knowledge.search.kept_signals import KeptSignals
from knowledge.search.signals import SignalComputer, vector_text
from knowledge.shelf.folder import DocumentShelf
from knowledge.shelf.record import DocumentRecord

HERE = Path(__file__).parent
SUCCESSOR = "d-next"  # its id on the shelves of tests


def shelf_in(folder: Path) -> tuple[DocumentShelf, DocumentRecord]:
    """A shelf in a folder, on which the successor stands alone."""
    record, store = adopted_record(successor_store(), SUCCESSOR)
    shelf = DocumentShelf(folder)
    return shelf, shelf.put(record, store)


@lru_cache(maxsize=1)
def successor_store() -> Path:
    """As adopting leaves it, for this process."""
    folder = Path(mkdtemp(prefix="ask-qingpu-successor-"))
    shutil.copyfile(HERE / "successor.yml", folder / "document.yml")
    make_store(HERE / "successor.txt", folder / "document.yml", folder / "knowledge")
    return folder


def make_store(plan: Path, document: Path, store: Path, mark: str = "successor-made-for-tests") -> None:
    """Its sentences under the built plan's models, which have not learnt how an uncurated plan is asked: for mechanics."""
    built, paths = settings.built_paths(), KnowledgePaths.of(store)
    store.mkdir(parents=True)
    for path in (built.vocabulary, built.dialect, built.understood):
        shutil.copyfile(path, store / path.name)
    parsed = parse(Sources.uncurated(plan, document))
    encoder, found = shared_encoder(), parsed.commitments
    texts = [vector_text(c) for c in found] + [squash(c.quote) for c in found]
    vectors = {text_key("passage", text): row for text, row in zip(texts, encoder.passages(texts))}
    normalizer, kept = Normalizer.load(paths), KeptModels.load(built.models)
    own = vectored(found, normalizer, vectors)
    models = replace(kept.models, projection=recentred(kept.models.projection, own))
    computer = SignalComputer(found, own, normalizer.vocabulary, models.projection)
    KeptModels(mark, models, replace(kept.known, answered=frozenset(), silent={})).save(paths.models)
    KeptSignals.of(mark, computer).save(paths.signals)
    said = parsed.document
    meta = {
        "schema_version": 1,
        "fingerprint": mark,
        "title": said.title,
        "short_title": said.short_title,
        "district": said.district,
        "period": list(said.period) if said.period else None,
        "baseline_year": said.baseline_year,
        "elsewhere": list(said.elsewhere),
        "voices": [],
        "places": {name: list(aliases) for name, aliases in said.places.items()},
    }
    with opened(paths.url) as engine:
        write_store(engine, parsed.passages, found, meta)
