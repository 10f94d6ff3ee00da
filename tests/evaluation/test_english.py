"""Questions in English, by somebody who had read the plan alone: found, answered in their language, refused."""

from __future__ import annotations

import pytest

from evaluation.hotline import ENGLISH, load_messages, verdict
from evaluation.in_process import InProcess
from evaluation.truthfulness import GOOD, OfferedPassages, ShownReply
from knowledge.language.languages import ENGLISH as IN_ENGLISH


@pytest.mark.slow
def test_english_questions_are_answered(bot: InProcess) -> None:
    """At least four in five of those that the plan answers, from the right passage; of the others next to none. 10 s."""
    offers = OfferedPassages.of(bot.finder.stored.commitments)
    came: dict[bool, list[bool]] = {True: [], False: []}
    languages = []
    for message in load_messages(ENGLISH):
        answer = bot.ask([message.text]).answer
        came[bool(message.answerable)].append(verdict(message, ShownReply.of(answer, offers)) in GOOD)
        languages.append(answer.language == IN_ENGLISH)
    answered, others = came[True], came[False]
    assert len(answered) >= 60 and sum(answered) / len(answered) >= 0.8
    assert sum(others) / len(others) >= 0.9
    assert sum(languages) / len(languages) >= 0.98
