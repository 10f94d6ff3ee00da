"""A question after a story: 「有没有人能替替我」 after 「老伴瘫在床上」."""

from __future__ import annotations

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.showing import decided


def with_story(leaning: Leaning) -> Reply | None:
    """All that was told since the last answer, and what is asked now."""
    return decided(leaning, leaning.with_told) if leaning.before.told else None


def with_question(leaning: Leaning) -> Reply | None:
    """The question before and what is asked now in one: 「养老院有多少床位，那护理型的呢」."""
    return decided(leaning, leaning.with_question, same=True) if leaning.before.question else None
