"""What is kept of a common dictionary is what it says today, and takes no second to load."""

from __future__ import annotations

import pytest

from conversations.masking_words import PERSON, PLAIN, USED, common_words
from evaluation.fit_masking.words import counted


@pytest.mark.slow  # reads the whole dictionary
def test_what_is_kept_is_what_the_dictionary_says() -> None:
    """Where this fails, another jieba is locked: `python -m evaluation.fit_masking --words`."""
    kept, anew = common_words(), counted()
    assert kept.characters == anew.characters and (kept.names, kept.uses) == (anew.names, anew.uses)
    assert len(kept.words) == len(anew.words) > 200_000
    assert list(kept.words.items("张")) == list(anew.words.items("张"))


@pytest.mark.parametrize(
    ("word", "what", "holds"),
    [
        ("高兴", PLAIN, True),
        ("高兴", USED, True),
        ("毛泽东", PERSON, True),
        ("毛泽东", PLAIN, False),
        ("王建国强", PLAIN | PERSON | USED, False),
        ("", PLAIN, False),
    ],
)
def test_what_holds_of_a_word(word: str, what: int, holds: bool) -> None:
    """Words, people of the newspapers, and what the dictionary has not."""
    assert common_words().holds(word, what) is holds
