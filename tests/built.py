"""The knowledge that `make test` has built, loaded once in a process: it takes five seconds of a processor each time."""

from __future__ import annotations

import os
from functools import lru_cache

from knowledge.search.finder import Finder

NOTHING_BUILT = "var/nothing-built"  # a folder that nobody builds


def built_finder() -> Finder:
    """What searches it. Nobody changes it: who needs another makes one of it (`Finder.trying`, `with_corrections`)."""
    assert os.environ["KNOWLEDGE_DIR"] != NOTHING_BUILT, "mark the test slow: it needs the built knowledge"
    return _opened()


@lru_cache(maxsize=1)
def _opened() -> Finder:
    return Finder.open()
