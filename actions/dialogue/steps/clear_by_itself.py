"""Questions after an answer that need no answer before them."""

from __future__ import annotations

from actions.dialogue.leaning import FOLLOW_UP, Leaning
from actions.dialogue.reply import Reply
from knowledge.reply.decide import STANDALONE_FROM

CLEAR_FROM = 0.85  # probability from which a turn that leans on the last one needs it not


def own_question(leaning: Leaning) -> Reply | None:
    """Taken for 「什么时候」, 「有多少」 …, but it names a thing that the plan says much of: a new subject."""
    finding = leaning.in_context
    if leaning.names_a_term and finding.answerable >= STANDALONE_FROM and leaning.kind != FOLLOW_UP:
        return leaning.as_question(finding)
    return None


def says_it_all(leaning: Leaning) -> Reply | None:
    """「之前新增了几所」 after another question on schools: it leans on what was said, and is clear by itself."""
    finding = leaning.in_context
    likely = finding.answerable >= CLEAR_FROM and finding.candidates[0].probability >= CLEAR_FROM
    if likely and leaning.is_clear and finding.candidates[0].commitment.topic == leaning.subject.topic:
        return leaning.as_question(finding, same=True)
    return None
