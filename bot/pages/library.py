"""The knowledge store as the pages need it: read once, read anew when it was rebuilt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha1

from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.store import StoredKnowledge, opened, read_meta, read_store
from knowledge.document.passages import Passage
from knowledge.document.plan_text import squash
from knowledge.groundwork import settings


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
    """Lends the library of the store in use. Raises `StoreUnavailable` while there is none."""

    def __init__(self) -> None:
        self._library: Library | None = None

    def library(self) -> Library:
        """The current library; one small query finds out whether the store was rebuilt."""
        with opened(settings.knowledge_paths().url) as engine:
            mark = read_meta(engine).get("fingerprint")
            if self._library is None or self._library.stored.meta.get("fingerprint") != mark:
                self._library = Library(read_store(engine))
        return self._library
