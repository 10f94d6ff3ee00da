"""The knowledge that `make test` has built, loaded once in a process: it takes five seconds of a processor each time."""

from __future__ import annotations

from functools import lru_cache

from knowledge.search.finder import Finder


@lru_cache(maxsize=1)
def built_finder() -> Finder:
    """What searches it. Nobody changes it: who needs another makes one of it (`Finder.trying`, `with_corrections`)."""
    return Finder.open()
