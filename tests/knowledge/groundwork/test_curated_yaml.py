"""Files that people edit are composed as ruamel composes them."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from knowledge.groundwork.curated_yaml import compose, composed_once


@pytest.mark.parametrize(
    "word", ["010", "0o7", "1_0", "yes", "off", "null", "~", ".5", "1:30", "2020-01-01", "!!str 3", "'3'", "养老院", ""]
)
def test_a_word_is_what_yaml_1_2_says(word: str) -> None:
    """A number, a truth, a date, nothing or a text: whatever ruamel takes it for."""
    text = f"key: {word}\n"
    (_, composed), (_, expected) = compose(text).value[0], YAML(typ="safe").compose(text).value[0]
    assert (composed.tag, composed.value) == (expected.tag, expected.value)


def test_a_text_is_composed_once_within_who_asks_for_it() -> None:
    """The same nodes for the same text, others for another one, and anew for whoever comes later."""
    with composed_once():
        first = compose("a: 1\n")
        with composed_once():
            assert compose("a: 1\n") is first
        assert compose("a: 1\n") is first and compose("a: 2\n").value[0][1].value == "2"
    assert compose("a: 1\n") is not first
    with composed_once():
        assert compose("a: 1\n") is not first
