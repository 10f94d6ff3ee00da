"""Files that people edit are composed as ruamel composes them."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from knowledge.groundwork.curated_yaml import compose


@pytest.mark.parametrize(
    "word", ["010", "0o7", "1_0", "yes", "off", "null", "~", ".5", "1:30", "2020-01-01", "!!str 3", "'3'", "养老院", ""]
)
def test_a_word_is_what_yaml_1_2_says(word: str) -> None:
    """A number, a truth, a date, nothing or a text: whatever ruamel takes it for."""
    text = f"key: {word}\n"
    (_, composed), (_, expected) = compose(text).value[0], YAML(typ="safe").compose(text).value[0]
    assert (composed.tag, composed.value) == (expected.tag, expected.value)
