"""Words that sound as if they leaned on an answer, where none has been given."""

from __future__ import annotations

from actions.dialogue.leaning import WHOLE_QUESTION_CHARS, Leaning, names_one
from actions.dialogue.reply import Reply
from knowledge.reply.decide import STANDALONE_FROM


def named_alone(leaning: Leaning) -> Reply | None:
    """「那加装电梯呢」 names its object: what is named is the question."""
    finding = leaning.named_alone
    if finding.answerable >= STANDALONE_FROM and names_one(finding):
        return leaning.as_question(finding)
    return None


def whole_question(leaning: Leaning) -> Reply | None:
    """It names a thing of the plan, is likely answered, or says enough."""
    likely = leaning.finding.answerable >= STANDALONE_FROM
    if leaning.names_a_term or likely or len(leaning.named) >= WHOLE_QUESTION_CHARS:
        return leaning.as_question(leaning.finding)
    return None
