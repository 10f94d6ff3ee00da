"""What the inputs of a build say, before anything is fitted on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge.building.sources import Sources
from knowledge.catalogue.commitments import Commitment, assemble
from knowledge.catalogue.entries import CatalogueEntry, load_catalogue
from knowledge.catalogue.linked import LinkedQuestions, load_linked, with_linked
from knowledge.catalogue.mended import load_mended, with_mended
from knowledge.catalogue.training_data import TrainingQuestions
from knowledge.document.documents import Document, load_document
from knowledge.document.other_places import other_places
from knowledge.document.passages import Passage, passages_of
from knowledge.groundwork.curated_yaml import load_mapping


@dataclass(frozen=True)
class Parsed:
    """The plan, its catalogue and what the two give."""

    document: Document
    passages: Sequence[Passage]
    catalogue: Sequence[CatalogueEntry]
    linked: Sequence[LinkedQuestions]
    commitments: Sequence[Commitment]


def parse(sources: Sources) -> Parsed:
    """The plan and its catalogue, checked. Raises a `KnowledgeError` that says file, line and mend."""
    document = (
        load_document(sources.document) if sources.document.exists() else Document(sources.plan.stem, sources.plan.stem)
    )
    if not document.elsewhere:
        document = replace(document, elsewhere=other_places(document.title, document.district, document.source))
    passages = passages_of(sources.plan, document)
    catalogue = load_catalogue(sources.catalogue)
    topic_words, _ = load_mapping(sources.lexicon / "topics.yml")
    linked = load_linked(sources.linked)
    found = assemble(passages, catalogue, document, topic_words)
    commitments = with_linked(with_mended(found, load_mended(sources.mended)), linked)
    return Parsed(document, passages, catalogue, linked, commitments)


def training_questions(sources: Sources, parsed: Parsed) -> TrainingQuestions:
    """Every question that the models are fitted on. Raises `CatalogueError`."""
    files = parsed.catalogue, parsed.linked
    folders = sources.training, sources.nlu, sources.dialogues, sources.questions
    return TrainingQuestions.read(parsed.commitments, *files, *folders)
