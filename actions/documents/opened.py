"""The documents of the shelf as this process has opened them; it follows the shelf, and no turn waits for a store to load."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from actions.dialogue.responder import Responder
from actions.opening import responder_with
from knowledge.groundwork import settings
from knowledge.groundwork.errors import KnowledgeError
from knowledge.published.reading import published
from knowledge.published.renewing import Renewed
from knowledge.shelf.folder import DocumentShelf
from knowledge.shelf.opening import open_shelved
from knowledge.shelf.record import BY_PERIOD, DocumentRecord

logger = logging.getLogger(__name__)
FOLLOW_EVERY_S = 1.0  # one look at a file's date; what changed there is loaded beside the turns


@dataclass(frozen=True, eq=False)
class OpenDocument:
    """A document and what answers from it. The record's status is what staff set, or `BY_PERIOD`."""

    record: DocumentRecord
    responder: Responder


@dataclass(frozen=True, eq=False)
class OpenDocuments:
    """All that could be opened, the status that staff gave the own plan, and the state of the shelf that this is."""

    documents: tuple[OpenDocument, ...] = ()
    own_status: str = BY_PERIOD
    mark: int = 0


NONE_OPEN = OpenDocuments()


def opened_document(record: DocumentRecord, shelf: DocumentShelf) -> OpenDocument:
    """Reads a document's store; about a second. Raises `StoreUnavailable`."""
    corrections = published()
    finder = open_shelved(shelf.paths(record), record.id, corrections)
    reader_url = f"{settings.plan_reader_url()}?document={record.id}"
    return OpenDocument(record, responder_with(finder, corrections, reader_url, record.short_title))


class OpenShelf:
    """The process's one. Safe to share between threads; with an empty shelf a turn costs one look at the clock."""

    def __init__(
        self,
        folder: Path | None = None,
        opening: Callable[[DocumentRecord, DocumentShelf], OpenDocument] = opened_document,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._shelf = DocumentShelf(folder) if folder else DocumentShelf()
        self._opening = opening
        self._clock = clock
        self._looked_at = float("-inf")
        self._open = Renewed(NONE_OPEN)

    def start(self) -> OpenShelf:
        """Open all that is there, however long it takes: before the first resident asks."""
        self._looked_at = self._clock()
        self._open = Renewed(self._opened_anew())
        return self

    def current(self) -> OpenDocuments:
        """What is open; after a change of the shelf as before, until the new is loaded."""
        now = self._clock()
        if now - self._looked_at >= FOLLOW_EVERY_S:
            self._looked_at = now
            if self._shelf.mark() != self._open.value.mark:
                return self._open.renew(self._opened_anew)
        return self._open.value

    def _opened_anew(self) -> OpenDocuments:
        """Never raises: a document that cannot be opened is left out, and the log says why."""
        mark, before = self._shelf.mark(), {_build(each.record): each for each in self._open.value.documents}
        try:
            shelved = self._shelf.read()
        except KnowledgeError as error:
            logger.error("the shelf of documents cannot be read: %s", error)
            return replace(self._open.value, mark=mark)
        found = []
        for record in shelved.documents:
            try:
                there = before.get(_build(record))
                found.append(replace(there, record=record) if there else self._opening(record, self._shelf))
            except Exception as error:
                logger.error("document %s cannot be opened: %s", record.id, error)
        return OpenDocuments(tuple(found), shelved.own_status, mark)


def _build(record: DocumentRecord) -> tuple[str, str, str]:
    """What a responder was made of: another status or period needs no other."""
    return (record.id, record.store, record.short_title)
