"""The knowledge store as the pages need it: read once, read anew when it was rebuilt."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha1

from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.store import StoredKnowledge, opened, read_meta, read_store
from knowledge.document.passages import Passage
from knowledge.document.plan_text import squash
from knowledge.groundwork import settings
from knowledge.published.corrections import today
from knowledge.shelf.folder import DocumentShelf, ShelfError, Shelved
from knowledge.shelf.record import DRAFT, OWN, DocumentRecord
from knowledge.shelf.standing import own_record, standing
from knowledge.shelf.stored import read_shelved

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Library:
    """What the store holds, with the addresses of passages and what is cited from each."""

    stored: StoredKnowledge

    @cached_property
    def commitments_of(self) -> Mapping[int, list[Commitment]]:
        """Commitments by the `id()` of the passage they stand in, in the store's order."""
        found: dict[int, list[Commitment]] = defaultdict(list)
        for commitment in self.stored.commitments:
            found[id(commitment.passage)].append(commitment)
        return found

    @cached_property
    def addresses(self) -> Mapping[int, str]:
        """`p-…` by the `id()` of a passage: from its words, so it outlives a rebuild; a repeated one is counted."""
        seen: dict[str, int] = defaultdict(int)
        found: dict[int, str] = {}
        for passage in self.stored.passages:
            name = "p-" + sha1(squash(passage.text).encode()).hexdigest()[:10]
            seen[name] += 1
            found[id(passage)] = name if seen[name] == 1 else f"{name}-{seen[name]}"
        return found

    def address(self, passage: Passage) -> str:
        """The `id` attribute of a passage in the reader."""
        return self.addresses[id(passage)]


class LibraryCache:
    """Lends the library of the store in use, and of each document on the shelf. Raises `StoreUnavailable` while there is none."""

    def __init__(self) -> None:
        self._library: Library | None = None
        self._shelved: dict[str, tuple[str, Library]] = {}  # document → its build and what stands in it

    def library(self, document: DocumentRecord | None = None) -> Library:
        """The current library, of the plan in use unless another is wanted; it is read anew when the store was rebuilt."""
        if document is not None and document.id != OWN:
            return self._of_shelf(document)
        with opened(settings.knowledge_paths().url) as engine:
            mark = read_meta(engine).get("fingerprint")
            if self._library is None or self._library.stored.meta.get("fingerprint") != mark:
                self._library = Library(read_store(engine))
        return self._library

    def documents(self) -> Sequence[DocumentRecord]:
        """All that residents may read, the plan in use first, each with its status of today; that alone if no shelf can be read."""
        shelved = _shelved()
        if not shelved.documents and not shelved.own_status:
            return (own_record(self.library().stored.meta),)
        own = own_record(self.library().stored.meta, shelved.own_status)
        return [each for each in standing(own, shelved.documents, today().year) if each.status != DRAFT]

    def _of_shelf(self, document: DocumentRecord) -> Library:
        build, library = self._shelved.get(document.id, ("", None))
        if library is None or build != document.store:
            library = Library(read_shelved(DocumentShelf().paths(document), document.id))
            self._shelved[document.id] = (document.store, library)
        return library


def _shelved() -> Shelved:
    try:
        return DocumentShelf().read()
    except ShelfError as error:
        logger.error("the shelf of documents cannot be read: %s", error)
        return Shelved()
