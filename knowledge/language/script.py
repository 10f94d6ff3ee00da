"""Traditional characters read as Simplified ones."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from opencc import OpenCC


def simplified(text: str) -> str:
    """The text in Simplified characters, as OpenCC gives it; at once where no character of it is another in them."""
    return text if _changing().isdisjoint(text) else str(_converter().convert(text))


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("t2s")


@lru_cache(maxsize=1)
def _changing() -> frozenset[str]:
    """Characters of which a text has one at least if OpenCC changes anything in it.

    Each that changes by itself, and one of each phrase of others that changes: the one that most of these have. (OpenCC
    looks for its longest entries at every place of a text: a fifth of the time that reading a question took.)
    """
    tables = [table for _, _, table in _converter().dict_cache.values()]
    changed = {key for table in tables for key, value in table.items() if value.split(" ")[0] != key}
    single = {key for key in changed if len(key) == 1}
    phrases = [key for key in changed if single.isdisjoint(key)]
    common = Counter("".join(phrases))
    return frozenset(single.union(max(phrase, key=lambda character: common[character]) for phrase in phrases))
