"""What need not be converted is not, and nothing else changes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from knowledge.language import script
from knowledge.language.script import simplified

CONVERTER = OpenCC("t2s")
CONVERTER.convert("")  # reads its tables
ENTRIES = sorted(key for _, _, table in CONVERTER.dict_cache.values() for key in table)
PIECES = st.one_of(st.sampled_from(ENTRIES), st.sampled_from("养老院床位一目了然着么里，。 a1"))


@given(st.lists(PIECES, max_size=8).map("".join))
def test_texts_are_simplified_as_opencc_does(text: str) -> None:
    """Characters and phrases of its tables among usual ones, side by side so that they overlap."""
    assert simplified(text) == CONVERTER.convert(text)


def test_every_entry_that_changes_is_noticed() -> None:
    """Each entry of the tables by itself, phrases of characters that change only together among them."""
    assert [entry for entry in ENTRIES if simplified(entry) != CONVERTER.convert(entry)] == []
    assert simplified("反覆") == "反复" and simplified("養老院") == "养老院"


def test_simplified_text_is_not_looked_through() -> None:
    """Usual words have none of the characters that make it necessary."""
    assert script._changing().isdisjoint("到2025年养老院床位有多少张，幼儿园什么时候报名")
