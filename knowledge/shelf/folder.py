"""The shelf on disk: `shelf.json` with the records, and each document's store in a folder of its own.

Whoever answers reads; the command and the console write, one at a time. A store is copied beside the one that serves and
named by its build: a process that has mapped the older one keeps it until it has loaded the new one.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from knowledge.catalogue.store import opened, read_meta
from knowledge.groundwork.errors import FileUnreadable, KnowledgeError
from knowledge.groundwork.kept_files import read_json, write_json
from knowledge.groundwork.settings import KnowledgePaths
from knowledge.shelf.gone import note_gone
from knowledge.shelf.pairs import forget_pairs
from knowledge.shelf.record import BY_PERIOD, DocumentRecord, is_id
from settings.bot import DOCUMENTS_DIR

FORMAT = 1
STORED = ("knowledge.sqlite", "models.npz", "signals.npz", "understood.json", "vocabulary.json", "dialect.yml")
BUILD_CHARS = 12  # of a build's fingerprint, as the name of a store's folder


class ShelfError(KnowledgeError):
    """A document cannot be put on the shelf, found there or changed; its text is fit to show to who asked for it."""


@dataclass(frozen=True)
class Shelved:
    """All that stands on the shelf, and what staff said of the own plan's status (`BY_PERIOD`: nothing)."""

    documents: tuple[DocumentRecord, ...] = ()
    own_status: str = BY_PERIOD

    def document(self, document_id: str) -> DocumentRecord:
        """One of them. Raises `ShelfError`."""
        for each in self.documents:
            if each.id == document_id:
                return each
        there = "、".join(each.id for each in self.documents) or "一份也没有 none"
        raise ShelfError(f"书架上没有 {document_id!r}；现有 / not on the shelf; there are: {there}")


@dataclass(frozen=True)
class DocumentShelf:
    """The folder. Nothing is cached; `mark` says whether there is anything new to read."""

    folder: Path = field(default_factory=lambda: DOCUMENTS_DIR.read())

    @property
    def _list(self) -> Path:
        return self.folder / "shelf.json"

    def mark(self) -> int:
        """Another number whenever the shelf changed, 0 while there is none."""
        try:
            return self._list.stat().st_mtime_ns
        except OSError:
            return 0

    def read(self) -> Shelved:
        """What stands there; nothing where there is no shelf. Raises `ShelfError` for one that cannot be read."""
        if not self._list.exists():
            return Shelved()
        try:
            data = read_json(self._list, FORMAT)
            documents = tuple(DocumentRecord.from_json(each) for each in data["documents"])
        except (FileUnreadable, KeyError, TypeError, ValueError) as error:
            raise ShelfError(f"{self._list}: 读不出（{error}） — 从备份恢复，或删掉后重新 shelf add") from error
        return Shelved(documents, str(data.get("own_status") or BY_PERIOD))

    def paths(self, document: DocumentRecord) -> KnowledgePaths:
        """Where a document's store is."""
        return KnowledgePaths.of((self.folder / document.id / document.store).absolute())

    def put(self, document: DocumentRecord, store: Path) -> DocumentRecord:
        """Copy a built store and list its document, in place of an earlier build of the same one; as it is listed now.

        A status that staff set before stays unless another is given. Raises `ShelfError`, `StoreUnavailable`.
        """
        if not is_id(document.id):
            raise ShelfError(f"编号 {document.id!r} 不行 — 1 到 19 个小写字母、数字或 -，例如 plan-2026")
        build = str(meta_of(store).get("fingerprint") or "")[:BUILD_CHARS]
        missing = [name for name in STORED if not (store / name).is_file()]
        if missing or not build:
            raise ShelfError(f"{store}: 不是建好的库，缺 {'、'.join(missing)} — 先运行 python -m knowledge adopt")
        with self._changing() as shelved:
            place = self.folder / document.id / build
            _copy(store, place)
            before = next((each for each in shelved.documents if each.id == document.id), None)
            if before and before.store != build:
                note_gone(self.folder, document.id, self.paths(before), KnowledgePaths.of(place.absolute()))
            status = document.status or (before.status if before else BY_PERIOD)
            listed = replace(document, store=build, status=status)
            rest = [each for each in shelved.documents if each.id != document.id]
            self._write(Shelved((*rest, listed), shelved.own_status))
            self._forget_builds(document.id, keep=build)
        return listed

    def set_status(self, document_id: str, status: str) -> None:
        """Say how a document stands, or the own plan (id ""). Raises `ShelfError`."""
        with self._changing() as shelved:
            if not document_id:
                self._write(replace(shelved, own_status=status))
                return
            wanted = replace(shelved.document(document_id), status=status)
            documents = tuple(wanted if each.id == document_id else each for each in shelved.documents)
            self._write(replace(shelved, documents=documents))

    def remove(self, document_id: str) -> None:
        """Take a document away, with its store. Raises `ShelfError`."""
        with self._changing() as shelved:
            gone = shelved.document(document_id)
            self._write(replace(shelved, documents=tuple(each for each in shelved.documents if each != gone)))
            self._forget_builds(document_id)
            forget_pairs(self.folder, document_id)

    def _write(self, shelved: Shelved) -> None:
        side = self._list.with_name(f"{self._list.name}.part")
        documents = [each.as_json() for each in shelved.documents]
        write_json(side, FORMAT, {"documents": documents, "own_status": shelved.own_status})
        side.replace(self._list)

    def _forget_builds(self, document_id: str, keep: str = "") -> None:
        for place in (self.folder / document_id).glob("*"):
            if place.name != keep:
                shutil.rmtree(place, ignore_errors=True)
        if not keep:
            shutil.rmtree(self.folder / document_id, ignore_errors=True)

    @contextmanager
    def _changing(self) -> Iterator[Shelved]:
        """The shelf as it is, while nobody else changes it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield self.read()


def meta_of(store: Path) -> Mapping[str, Any]:
    """What a built store says of itself. Raises `StoreUnavailable`."""
    with opened(KnowledgePaths.of(store.absolute()).url) as engine:
        return read_meta(engine)


def _copy(store: Path, place: Path) -> None:
    """The files that answering needs; beside its place first, so that a copy that is cut short is none."""
    if all((place / name).is_file() for name in STORED):
        return
    side = place.with_name(f"{place.name}.part")
    shutil.rmtree(side, ignore_errors=True)
    side.mkdir(parents=True)
    for name in STORED:
        shutil.copyfile(store / name, side / name)
    shutil.rmtree(place, ignore_errors=True)
    side.rename(place)
