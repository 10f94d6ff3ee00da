"""Greetings, thanks, goodbye, help, who are you."""

from __future__ import annotations

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from knowledge.reply.decide import DIALOGUE_FROM, is_question

CHAT_CHARS = 10  # small talk is shorter; more is read as a question, unless the plan is likely silent on it


def small_talk(leaning: Leaning) -> Reply | None:
    """Small talk, unless a question hides in it: 「谢谢，那公租房呢」."""
    if leaning.is_command or not (leaning.finding.known_as == leaning.kind or _is_likely(leaning)):
        return None
    return Reply(leaning.services.composer.chat(leaning.kind), leaning.before.after_other())


def _is_likely(leaning: Leaning) -> bool:
    finding = leaning.finding
    long = len(finding.question.bare) > CHAT_CHARS and finding.silence < 0.5
    believed = leaning.utterance.intents.get(leaning.kind, 0.0) >= DIALOGUE_FROM
    return believed and not is_question(finding) and not long
