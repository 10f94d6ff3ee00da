"""Releases made from what `make test` built: the same knowledge and model, and variants that answer some questions otherwise."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import tarfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from knowledge.catalogue.store import opened, read_store
from knowledge.encoder.text_encoder import shared_encoder, text_key
from knowledge.encoder.vectors import load_vectors, save_vectors
from knowledge.groundwork.formats import READ
from knowledge.groundwork.settings import KnowledgePaths
from knowledge.language.normalise import Normalizer
from knowledge.search.finder_models import vectored
from knowledge.search.kept_models import KeptModels
from knowledge.search.kept_signals import KeptSignals
from knowledge.search.signals import SignalComputer
from releases.release import Release
from releases.shelf import Shelf

KNOWLEDGE = Path("var/knowledge")
MODEL = Path("models/ask-qingpu.tar.gz")


def keep_as_built(shelf: Shelf, made_by: str = "测试") -> Release:
    """What was built, as a release."""
    return shelf.keep(KNOWLEDGE, MODEL, knowledge_version=version_of(KNOWLEDGE), formats=READ, made_by=made_by)


def keep_variant(
    shelf: Shelf, folder: Path, name: str, owners: Mapping[str, str], added: Mapping[str, str] | None = None
) -> Release:
    """A release in which sample questions belong to other commitments: question → commitment id; `added` ones are new.

    Everything else is the built one, so it is loaded and answers as any other; `folder` is for the workshop's files.
    """
    knowledge, model = folder / "knowledge", folder / "model.tar.gz"
    shutil.copytree(KNOWLEDGE, knowledge)
    paths = KnowledgePaths.of(knowledge)
    store = sqlite3.connect(knowledge / "knowledge.sqlite")
    with store:
        for question, owner in owners.items():
            changed = store.execute(
                "UPDATE question SET commitment_id = ?, position = 1000 + rowid WHERE text = ?", (owner, question)
            )
            assert changed.rowcount == 1, question
        for number, (question, owner) in enumerate((added or {}).items(), start=900):
            row = {"commitment_id": owner, "position": number, "text": question}
            store.execute("INSERT INTO question VALUES (:commitment_id, :position, :text)", row)
        store.execute("UPDATE meta SET value = ? WHERE key = 'fingerprint'", (json.dumps(name),))
    store.close()
    _encode(list(added or ()), paths)
    replace(KeptModels.load(paths.models), fingerprint=name).save(paths.models)
    keep_signals(paths)
    _rename(MODEL, model, name)
    return shelf.keep(knowledge, model, knowledge_version=name, formats=READ, made_by="测试")


def keep_renamed(shelf: Shelf, folder: Path, name: str) -> Release:
    """What was built, with its model under another id: another release that answers alike."""
    _rename(MODEL, folder / "renamed.tar.gz", name)
    return shelf.keep(
        KNOWLEDGE, folder / "renamed.tar.gz", knowledge_version=version_of(KNOWLEDGE), formats=READ, made_by="测试"
    )


def keep_signals(paths: KnowledgePaths) -> None:
    """What is looked up for each question, worked out anew from what stands in the store now, as a build does."""
    kept = KeptModels.load(paths.models)
    with opened(paths.url) as engine:
        commitments = read_store(engine).commitments
    normalizer = Normalizer.load(paths)
    index = vectored(commitments, normalizer, load_vectors(paths.vectors))
    computer = SignalComputer(commitments, index, normalizer.vocabulary, kept.models.projection)
    KeptSignals.of(kept.fingerprint, computer).save(paths.signals)


def _encode(questions: list[str], paths: KnowledgePaths) -> None:
    """Put the vectors of new questions beside those that the build made."""
    normalizer = Normalizer.load(paths)
    texts = [normalizer.normalise(question).text for question in questions]
    made = {text_key("query", text): shared_encoder().query(text) for text in texts}
    known = {**load_vectors(paths.vectors), **made}
    save_vectors(known, paths.vectors)


def version_of(knowledge: Path) -> str:
    """The fingerprint that a store says of itself."""
    with sqlite3.connect(knowledge / "knowledge.sqlite") as store:
        (value,) = store.execute("SELECT value FROM meta WHERE key = 'fingerprint'").fetchone()
    return str(json.loads(value))


def _rename(source: Path, target: Path, model_id: str) -> None:
    """The same Rasa model under another id."""
    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        for member in old.getmembers():
            data = old.extractfile(member)
            if member.name.removeprefix("./") == "metadata.json" and data is not None:
                text = json.dumps({**json.load(data), "model_id": model_id}).encode()
                member.size, data = len(text), io.BytesIO(text)  # type: ignore[assignment]
            new.addfile(member, data)
