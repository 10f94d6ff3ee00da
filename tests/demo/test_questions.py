"""The demonstration's questions: varied, repeatable, as many as asked for."""

from __future__ import annotations

import pytest

from demo.questions import Material, conversations


@pytest.mark.slow  # reads all material, pinyin of each question
def test_the_same_seed_gives_the_same_conversations() -> None:
    """Screenshots can be made again."""
    material = Material.load()
    assert list(conversations(material, 200, 1)) == list(conversations(material, 200, 1))
    assert list(conversations(material, 200, 1)) != list(conversations(material, 200, 2))


@pytest.mark.slow  # the same
def test_conversations_are_varied_and_hold_as_many_turns_as_asked_for() -> None:
    """Single questions and follow-ups, plain and Traditional characters, pinyin; hardly one twice."""
    held = list(conversations(Material.load(), 1000, 3))
    said = [message for conversation in held for message in conversation]
    assert len(said) == 1000
    assert {len(conversation) for conversation in held} >= {1, 2, 3}
    assert len(set(said)) > 600
    assert any(message.isascii() for message in said)
    assert any("養" in message or "學" in message for message in said)
